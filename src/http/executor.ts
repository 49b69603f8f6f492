import type { Plugin } from 'graphql-yoga';
import { execute } from './execute.ts';
import type { SubscriptionArguments, Subscriptions } from './subscriptions.ts';

/** Executes operations: compiled where they keep coming back, and equal subscriptions together. */
export function useExecutor(subscriptions: Subscriptions): Plugin {
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(execute as Parameters<typeof setExecuteFn>[0]);
    },
    onSubscribe({ setSubscribeFn }) {
      const subscribe = (args: SubscriptionArguments) => subscriptions.subscribe(args);
      setSubscribeFn(subscribe as never);
    },
  };
}
