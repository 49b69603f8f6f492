import { type DocumentNode, type ExecutionArgs, type ExecutionResult, getOperationAST, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context, Queryable } from '../../schema/content/context.ts';
import { execute } from './execute.ts';
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
    if (!asksForPosition(args)) return execute(args);
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

const known = new WeakMap<DocumentNode, boolean>();

/** True for queries that ask for a `liveCursor`. */
function asksForPosition({ document, operationName }: ExecutionArgs): boolean {
  let asks = known.get(document);
  if (asks === undefined) {
    asks = false;
    visit(document, {
      Field({ name }) {
        asks ||= name.value === 'liveCursor';
      },
    });
    known.set(document, asks);
  }
  // A mutation reads what it has just changed.
  return asks && getOperationAST(document, operationName)?.operation === 'query';
}
