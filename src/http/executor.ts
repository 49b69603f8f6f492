import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../schema/context.ts';
import { mapStream } from '../../schema/stream.ts';

type SubscriptionArguments = ExecutionArgs & { contextValue: Context };

/**
 * Executes with graphql-js itself. Each event of a subscription is executed in a context of its own: what was loaded
 * for the one before is stale by then.
 */
export function useExecutor(): Plugin {
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(execute);
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(subscribe as Parameters<typeof setSubscribeFn>[0]);
    },
  };
}

async function subscribe(
  args: SubscriptionArguments,
): Promise<AsyncGenerator<ExecutionResult, void, void> | ExecutionResult> {
  const stream = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in stream)) return stream;
  return mapStream(stream as AsyncGenerator<unknown, void, void>, async (event) =>
    execute({ ...args, rootValue: event, contextValue: { ...args.contextValue } }),
  );
}
