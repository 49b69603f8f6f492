import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context, Database, Queryable } from '../../schema/content/context.ts';
import { execute } from './execute.ts';
import type { SnapshotDatabase } from './operation.ts';
import { operationDeclarations } from './operation-declarations.ts';
import { memoizePerOperation } from './operation-memo.ts';
import type { SubscriptionArguments } from './subscription-plan.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Executes operations: compiled when a document keeps coming back, in one snapshot when a field declares that, and equal subscriptions once. */
export function useExecution(subscriptions: Subscriptions): Plugin {
  function executeOperation(args: ExecutionArgs): ReturnType<typeof execute> {
    const context = args.contextValue as Context & { db: SnapshotDatabase; isOneMoment?: boolean };
    if (!context.isOneMoment && !needsSnapshot(args)) return execute(args);
    const { db } = context;
    // A subscription that starts at a cursor of this answer then delivers exactly what the answer lacks.
    return db.snapshot(async ({ query }): Promise<ExecutionResult> => {
      // Nothing else has this context, and a copy of it takes microseconds.
      (context as Context).db = new SnapshotReader(query, db);
      return execute(args);
    });
  }

  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(executeOperation as Parameters<typeof setExecuteFn>[0]);
    },
    onSubscribe({ setSubscribeFn }) {
      const subscribe = (args: SubscriptionArguments) => subscriptions.subscribe(args);
      setSubscribeFn(subscribe as never);
    },
  };
}

/** Only queries: a mutation reads what it has just changed, which a snapshot from before would not show. */
const needsSnapshot = memoizePerOperation(
  (args) =>
    getOperationAST(args.document, args.operationName)?.operation === 'query' &&
    operationDeclarations(args).needsSnapshot,
);

/** Prisma reads on a connection of its own. */
class SnapshotReader implements Database {
  readonly query: Queryable['query'];
  readonly #db: Database;

  constructor(query: Queryable['query'], db: Database) {
    this.query = query;
    this.#db = db;
  }

  get prisma(): Database['prisma'] {
    return this.#db.prisma;
  }
}
