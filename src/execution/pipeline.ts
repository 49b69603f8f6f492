import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql';
import { createYoga, type envelop } from 'graphql-yoga';
import type { SignedInViewer } from '../../schema/content/context.ts';
import { isStaff } from '../../schema/content/roles.ts';
import { type CostBudget, senderKey } from '../auth/index.ts';
import { type BackgroundWork, EventLoopShare } from '../background/index.ts';
import type { Logger } from '../logger.ts';
import { useCostLimit } from './cost/use-cost-limit.ts';
import { DocumentCache } from './document/document-cache.ts';
import type { DocumentRequest } from './document/document-request.ts';
import { logRefusedDocuments, PersistedDocuments } from './document/persisted-documents.ts';
import { createTrustedDocuments, type TrustedDocuments } from './document/trusted-documents.ts';
import { useDocuments } from './document/use-documents.ts';
import { createErrorMask, type ErrorMask } from './error-mask.ts';
import type { CreateContext, Operation, OperationContext, OperationSource } from './operation.ts';
import { operationDeclarations } from './operation-declarations.ts';
import type { OperationArguments } from './operation-memo.ts';
import { type OperationObserver, type OperationOrigin, OperationRecord } from './operation-record.ts';
import { Subscriptions } from './subscriptions.ts';
import { Turns } from './turns.ts';
import { useErrorMask } from './use-error-mask.ts';
import { useExecution } from './use-execution.ts';
import { useExpiry } from './use-expiry.ts';
import { useTurns } from './use-turns.ts';

/** A plugin of Envelop's ecosystem, with any context. */
export type PipelinePlugin = NonNullable<Parameters<typeof envelop>[0]['plugins'][number]>;

export interface PipelineOptions {
  schema: GraphQLSchema;
  log: Logger;
  createContext: CreateContext;
  /** Points that one operation may cost. */
  costLimit: number;
  /** Points that a sender may use over time. */
  costBudget: CostBudget;
  /** Tracks what is rendered for subscriptions. */
  work: BackgroundWork;
  /** Is notified of each operation that has ended. */
  observer?: OperationObserver | null;
  /** None by default. */
  trustedDocuments?: TrustedDocuments;
  /**
   * They may hook into parse, validate, context, execute and subscribe. Yoga's hooks into HTTP requests do not run,
   * because the transports do not use its HTTP layer.
   */
  plugins?: readonly PipelinePlugin[];
}

/** Part of the event loop's time that parsing and validating new documents may take for long. */
const NEW_DOCUMENTS_PART = 1 / 20;
/** Milliseconds that they may take at once: some thirty documents of a front end's pages. */
const NEW_DOCUMENTS_BURST = 100;

/** Everything that decides about operations. A transport reads requests, writes results, and decides nothing else. */
export interface OperationPipeline {
  /** Begins to record an operation, which its transport has received. */
  record(origin: OperationOrigin): OperationRecord;
  operationFor(source: OperationSource): Operation;
  /**
   * Finds, parses and validates the document of an operation. New documents are read one at a time, and their senders take
   * turns.
   * @throws GraphQLError for a document that is not known, not allowed, too large or no GraphQL
   */
  readDocument(request: DocumentRequest, operation: Operation, source: OperationSource): Promise<ReadDocument>;
  /** Whether the result of a query is the same for all who are not signed in and, for a reader, the same as theirs. */
  isShared(args: OperationArguments, viewer: SignedInViewer | null): boolean;
  /** Whether the whole query is read in one snapshot of the database. */
  readsOneMoment(args: OperationArguments): boolean;
  /** Takes the cost of a result that is not executed again from its sender's budget. @returns an error when it is spent */
  charge(cost: number, source: OperationSource): GraphQLError | null;
  /** For errors that occur before an operation begins, such as an invalid token. */
  maskError: ErrorMask;
  subscriptions: Subscriptions;
}

interface ReadDocument {
  document: DocumentNode;
  /** None for a valid document. */
  errors: readonly GraphQLError[];
}

export function createPipeline({ schema, log, plugins = [], ...options }: PipelineOptions): OperationPipeline {
  const maskError = createErrorMask(log);
  const subscriptions = new Subscriptions({
    ...{ createContext: options.createContext, maskError, costBudget: options.costBudget, log },
    ...{ work: options.work, observer: options.observer },
  });
  const documents = new DocumentCache(schema);
  const trusted = options.trustedDocuments ?? createTrustedDocuments(new Map(), false);
  const persisted = new PersistedDocuments(trusted);
  logRefusedDocuments(trusted, documents, log);
  const newDocuments = new Turns(new EventLoopShare(NEW_DOCUMENTS_PART, NEW_DOCUMENTS_BURST));
  const yoga = createYoga<OperationContext>({
    schema,
    // The life of an operation, in order.
    plugins: [
      // Limits of size and syntax come first, so nothing is spent on a document that is too large.
      useDocuments(documents),
      // An identity that has expired ends here.
      useExpiry(),
      // What an operation may cost is limited before it reads anything.
      useCostLimit({ limit: options.costLimit, budget: options.costBudget, maskError }),
      // Execution: compiled, shared between subscribers, or in one snapshot.
      useExecution(subscriptions),
      // Expensive operations are executed one at a time.
      useTurns(),
      // Further plugins, so that they can wrap the execution above and their errors are masked below.
      ...plugins,
      // Errors are masked last, so that none of the steps above can send the cause of a fault.
      useErrorMask(maskError),
    ],
    // Replaced by the plugins above.
    parserAndValidationCache: false,
    maskedErrors: false,
    // Parts of the HTTP layer, which is not used.
    logging: false,
    landingPage: false,
    graphiql: false,
    cors: false,
    multipart: false,
  });
  return {
    record: (origin) => new OperationRecord(origin, options.observer),
    operationFor: (source) => yoga.getEnveloped(contextOf(source, options.createContext)) as unknown as Operation,
    async readDocument(request, operation, { identity, signal }) {
      const { text, register } = persisted.find(request);
      const endTurn = documents.has(text) ? null : await newDocuments.take(senderKey(identity), signal);
      try {
        const document = operation.parse(text);
        const errors = operation.validate(operation.schema, document);
        if (errors.length === 0) register?.();
        return { document, errors };
      } finally {
        endTurn?.();
      }
    },
    ...sharing(options.costBudget, maskError),
    maskError,
    subscriptions,
  };
}

/** What decides about results that are sent again. */
function sharing(
  budget: CostBudget,
  maskError: ErrorMask,
): Pick<OperationPipeline, 'isShared' | 'readsOneMoment' | 'charge'> {
  return {
    isShared: (args, viewer) =>
      viewer === null || (!isStaff(viewer) && operationDeclarations(args).dependsOnViewer !== 'EVERYONE'),
    readsOneMoment: (args) => operationDeclarations(args).needsSnapshot,
    charge(cost, { identity, requestId }) {
      try {
        budget.consume(identity, cost);
        return null;
      } catch (error) {
        return maskError(error, requestId);
      }
    },
  };
}

/**
 * The context of an operation. Assigned one by one: after `Object.assign` of so many properties V8 keeps them in a hash
 * table, which takes ten microseconds of each request and survives until a full garbage collection.
 */
function contextOf(source: OperationSource, createContext: CreateContext): OperationContext {
  const context = createContext(source) as OperationContext;
  context.identity = source.identity;
  context.requestId = source.requestId;
  context.signal = source.signal;
  context.wantsCost = source.wantsCost;
  context.seen = source.seen;
  context.record = source.record;
  context.cost = undefined;
  context.isOneMoment = false;
  context.parsedText = undefined;
  return context;
}
