import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context, Queryable } from '../../schema/content/context.ts';
import { execute } from './execute.ts';
import { operationDeclarations } from './operation-declarations.ts';
import type { SubscriptionArguments, Subscriptions } from './subscriptions.ts';

export interface ExecutorOptions {
  subscriptions: Subscriptions;
  /** Runs work that reads, all of it as the database is at one moment. */
  snapshot<Result>(work: (db: Queryable) => Promise<Result>): Promise<Result>;
}

/** Executes operations: compiled where they keep coming back, and equal subscriptions together. */
export function useExecutor({ subscriptions, snapshot }: ExecutorOptions): Plugin {
  /**
   * An answer that says where the log is, is of one moment: whoever subscribes from there is told all that is not in it,
   * and nothing that is.
   */
  function executeAtOneMoment(args: ExecutionArgs): ReturnType<typeof execute> {
    if (!needsSnapshot(args)) return execute(args);
    const { db, ...context } = args.contextValue as Context;
    return snapshot(
      async ({ query }): Promise<ExecutionResult> =>
        execute({ ...args, contextValue: { ...context, db: { ...db, query } } }),
    );
  }

  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(executeAtOneMoment as Parameters<typeof setExecuteFn>[0]);
    },
    onSubscribe({ setSubscribeFn }) {
      const subscribe = (args: SubscriptionArguments) => subscriptions.subscribe(args);
      setSubscribeFn(subscribe as never);
    },
  };
}

/** Only of queries: a mutation reads what it has just changed. */
function needsSnapshot(args: ExecutionArgs): boolean {
  return (
    operationDeclarations(args).needsSnapshot &&
    getOperationAST(args.document, args.operationName)?.operation === 'query'
  );
}
