import type { IncomingMessage } from 'node:http';
import type { DocumentNode, ExecutionArgs, ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import type { Asker } from '../auth/asker.ts';

/** Where an operation comes from, whatever brought it. */
export interface OperationSource {
  asker: Asker;
  /** Of an operation over HTTP alone: what a socket brings is no GET, though it was opened by one. */
  request?: IncomingMessage;
  params?: unknown;
}

/** The pipeline of one operation: the same hooks for POST, GET, SSE and WebSocket. */
export interface Operation {
  schema: GraphQLSchema;
  parse(text: string): DocumentNode;
  validate(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[];
  contextFactory(): unknown;
  execute(args: ExecutionArgs): Promise<ExecutionResult> | ExecutionResult;
  subscribe(args: ExecutionArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
}

export type Operations = (source: OperationSource) => Operation;
