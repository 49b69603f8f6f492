import { type ExecutionArgs, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isStaff } from '../../schema/content/roles.ts';
import { senderKey } from '../auth/index.ts';
import { EventLoopShare } from '../background/index.ts';
import { ExecutionSlices } from './execution-slices.ts';
import type { OperationContext } from './operation.ts';
import { Turns } from './turns.ts';

/** Points from which an operation is expensive: more than a page of a normal front end costs. */
const EXPENSIVE = 1_000;

/** Part of the time in which queries are executed for the first time, while several wait for it. */
const NEW_PART = 1 / 3;
/** Milliseconds that they may take at once. */
const NEW_BURST = 500;
/** Milliseconds after which one of them no longer delays the others: it waits for the database, as a search does that takes long. */
const LONGEST_NEW = 250;

/**
 * Executes expensive operations one at a time, on few connections: the others are not delayed by many of them. So are the
 * first executions of queries: PostgreSQL plans new statements for them, which takes longer than to execute them.
 */
export function useTurns(): Plugin<OperationContext> {
  const ofExpensive = new Turns();
  const ofNew = new Turns(new EventLoopShare(NEW_PART, NEW_BURST), LONGEST_NEW);

  /** Null for an operation that waits for no other. */
  function turnsOf({ contextValue: context, document, operationName }: ExecutionArgs): Turns | null {
    const { identity, cost = 0, parsedText } = context as OperationContext;
    if (isStaff(identity.viewer)) return null;
    if (cost >= EXPENSIVE) return ofExpensive;
    // Changes take turns by their article's lock.
    return parsedText?.isNew && getOperationAST(document, operationName)?.operation === 'query' ? ofNew : null;
  }

  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { identity, signal, db, cost = 0 } = args.contextValue;
      if (cost >= EXPENSIVE) args.contextValue.slices = new ExecutionSlices();
      const turns = turnsOf(args);
      if (!turns) return;
      setExecuteFn(async (args: ExecutionArgs) => {
        const endTurn = await turns.take(senderKey(identity), signal);
        try {
          db.beExpensive();
          return await executeFn(args);
        } finally {
          endTurn();
        }
      });
    },
  };
}
