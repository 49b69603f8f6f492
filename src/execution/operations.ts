import type { DocumentNode, ExecutionArgs, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { RequestIdentity } from '../auth/index.ts';
import type { Subscription } from './subscriptions.ts';

/** Where an operation comes from, whatever brought it. */
export interface OperationSource {
  asker: RequestIdentity;
  /** In the log lines of the operation, and in errors whose cause is not shown to the client. */
  requestId: string;
}

/** The pipeline of one operation: the same hooks for POST, GET, SSE and WebSocket. */
export interface Operation {
  schema: GraphQLSchema;
  parse(text: string): DocumentNode;
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[];
  contextFactory(): unknown;
  execute(args: ExecutionArgs): Promise<ExecutionResult> | ExecutionResult;
  subscribe(args: ExecutionArgs): Promise<Subscription> | Subscription;
}

export type OperationPipeline = (source: OperationSource) => Operation;
