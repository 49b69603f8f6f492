import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../schema/content/context.ts';
import { isStaff } from '../../schema/content/roles.ts';
import { senderKey } from '../auth/index.ts';
import { continuesList } from './document/continued-lists.ts';
import { execute } from './execute.ts';
import type { OperationContext, SnapshotDatabase } from './operation.ts';
import { operationDeclarations } from './operation-declarations.ts';
import { memoizePerOperation } from './operation-memo.ts';
import { PayloadSnapshots } from './payload-snapshots.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import type { SubscriptionArguments } from './subscription-plan.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Executes operations: compiled when a document keeps coming back, in one snapshot when a field declares that, and equal subscriptions once. */
export function useExecution(subscriptions: Subscriptions): Plugin {
  function executeOperation(args: ExecutionArgs): ReturnType<typeof execute> {
    const context = args.contextValue as Context & { db: SnapshotDatabase; isOneMoment?: boolean };
    if (mayReadFromReplica(args)) readFromReplica(args, subscriptions);
    if (!context.isOneMoment && !operationDeclarations(args).needsSnapshot) return execute(args);
    if (operationType(args) === 'mutation') return executeMutation(args);
    const { db } = context;
    // A subscription that starts at a cursor of this answer then delivers exactly what the answer lacks.
    return db.snapshot(async ({ query }): Promise<ExecutionResult> => {
      // Nothing else has this context, and a copy of it takes microseconds.
      (context as Context).db = new SnapshotReader(query, db);
      return execute(args);
    });
  }

  /** A mutation reads what it has changed, so each of its fields has a snapshot that begins after the change. */
  async function executeMutation(args: ExecutionArgs): Promise<ExecutionResult> {
    const context = args.contextValue as Context & { db: SnapshotDatabase };
    const snapshots = new PayloadSnapshots(context.db);
    const own: Context = context;
    own.db = snapshots;
    own.change = snapshots.changing(context.change);
    own.changeAtOnce = snapshots.changingAtOnce(context.changeAtOnce);
    own.beginPayload = () => snapshots.beginPayload();
    try {
      return await execute(args);
    } finally {
      await snapshots.end();
    }
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

/** Staff decide by what they see, and a client's cursor may name an entry of a log that a replica does not have yet. */
function mayReadFromReplica(args: ExecutionArgs): boolean {
  const { viewer } = args.contextValue as Context;
  return operationType(args) === 'query' && !isStaff(viewer) && !operationDeclarations(args).needsPrimary;
}

function readFromReplica(
  { document, contextValue, variableValues }: ExecutionArgs,
  subscriptions: Subscriptions,
): void {
  const context = contextValue as OperationContext;
  const { db, identity, seen = null } = context;
  db.readFromReplica?.({
    seen,
    // Whoever follows a discussion, or continues a list, would not learn of what happened between an older state and theirs.
    mustBeCurrent: subscriptions.isFollowing(senderKey(identity)) || continuesList(document, variableValues ?? {}),
    onOld() {
      if (context.dependencies) context.dependencies.isReusable = false;
    },
  });
}

const operationType = memoizePerOperation(
  (args) => getOperationAST(args.document, args.operationName)?.operation ?? null,
);
