import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isStaff } from '../../schema/content/roles.ts';
import { senderKey } from '../auth/index.ts';
import type { OperationContext } from './operation.ts';
import { Turns } from './turns.ts';

/** Points from which an operation is expensive: more than a page of a normal front end costs. */
const EXPENSIVE = 1_000;

/** Executes expensive operations one at a time, on few connections: the others are not delayed by many of them. */
export function useTurns(): Plugin<OperationContext> {
  const turns = new Turns();
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { identity, signal, db, cost = 0 } = args.contextValue;
      if (cost < EXPENSIVE || isStaff(identity.viewer)) return;
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
