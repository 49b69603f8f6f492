import type { DocumentNode, ExecutionArgs, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Context, Database, Queryable } from '../../schema/content/context.ts';
import type { RequestIdentity } from '../auth/index.ts';
import type { CancelSignal } from '../database/index.ts';
import type { ResultSink } from '../delivery/index.ts';
import type { ParsedText } from './document/document-cache.ts';
import type { OperationRecord } from './operation-record.ts';

/** The origin of an operation, which the transport knows before the document is parsed. */
export interface OperationSource {
  identity: RequestIdentity;
  /** In the log lines of the operation, and in errors whose cause the client does not receive. */
  requestId: string;
  /** The result is to have the cost of the operation in `extensions.cost`. */
  wantsCost?: boolean | undefined;
  /** The cursor of an event that the sender has received: the result is not to be older. */
  seen?: string | null | undefined;
  /** Cancelled when the client has disconnected or completed the operation. Then its statements are cancelled. */
  signal?: CancelSignal | undefined;
  /** Absent for the gateway's own operations. */
  record?: OperationRecord | undefined;
}

/** Whose context is made. */
export interface ContextSource extends Pick<OperationSource, 'identity' | 'signal' | 'record'> {
  /** For the events of a subscription, which others may share: no client's abort ends it. */
  isShared?: boolean;
}

/** How a query is read from a replica. */
export interface ReplicaReading {
  /** A cursor of an event that the sender has received; null when the request names none. */
  seen: string | null;
  /** The sender has what was committed up to a moment ago, and reads more beside it: nothing may be older. */
  mustBeCurrent: boolean;
  /** Called when what is read may be older than what was committed before. */
  onOld(): void;
}

/** The database of a context, in which an operation may also be executed as of one moment. */
export interface SnapshotDatabase extends Database {
  /** Runs reads that all see the database as it is at one moment. */
  snapshot<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result>;
  /** From now on, reads outside a snapshot use the few connections that expensive operations share. */
  beExpensive(): void;
  /** From now on, reads may use a replica. Absent without replicas. */
  readFromReplica?(reading: ReplicaReading): void;
}

export type CreateContext = (source: ContextSource) => Context & { db: SnapshotDatabase };

/** The context that an operation is executed with. */
export type OperationContext = Context &
  OperationSource & {
    db: SnapshotDatabase;
    /** Once the document was parsed. */
    parsedText: ParsedText | undefined;
    /** In points, once its limit was checked. */
    cost: number | undefined;
    /** Everything is read in one snapshot of the database, whatever its fields declare. */
    isOneMoment: boolean;
  };

/** The request of a context, which begins as the source of its operation. */
export function requestIdOf(context: unknown): string {
  return (context as OperationSource).requestId;
}

/**
 * The steps of one operation, in the order in which a transport calls them. Each step runs the hooks of the pipeline's
 * plugins, so all transports decide alike.
 */
export interface Operation {
  schema: GraphQLSchema;
  /** @throws GraphQLError for a document that is too large or no GraphQL */
  parse(text: string): DocumentNode;
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[];
  /** @throws when the identity has expired; the error is masked already */
  contextFactory(): unknown;
  execute(args: ExecutionArgs): Promise<ExecutionResult> | ExecutionResult;
  /** A result instead of a subscription is one of a plugin that refused it. */
  subscribe(args: ExecutionArgs): Promise<Subscription | ExecutionResult> | Subscription | ExecutionResult;
}

/** A valid subscription that no results are sent to yet. */
export interface Subscription {
  /**
   * Sends results until the subscription ends.
   * @param resumeFrom a cursor that replaces the argument `after` of a subscription that can be resumed
   * @returns stops it; nothing is sent afterwards
   */
  start(sink: ResultSink, resumeFrom?: string | null): () => void;
}

export function isSubscription(outcome: Subscription | ExecutionResult): outcome is Subscription {
  return 'start' in outcome;
}
