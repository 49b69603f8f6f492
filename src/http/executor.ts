import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../schema/context.ts';
import { Queue } from '../live/queue.ts';
import { execute } from './execute.ts';

/** Results that may wait for one subscriber before it counts as too slow and is sent away to resume later. */
const QUEUE_LIMIT = 1_000;

type SubscriptionArguments = ExecutionArgs & { contextValue: Context };
type Results = AsyncGenerator<ExecutionResult, void, void>;

/**
 * Executes operations. Equal subscriptions are executed together: the response to one event is made once
 * for all who asked the same and may see the same, so one more subscriber costs a send, not an execution.
 */
export function useExecutor(): Plugin {
  const groups = new Map<string, Promise<Group | ExecutionResult>>();

  async function subscribe(args: SubscriptionArguments): Promise<Results | ExecutionResult> {
    const key = groupKey(args);
    for (;;) {
      let found = groups.get(key);
      if (!found) {
        found = openGroup(args, () => groups.delete(key));
        groups.set(key, found);
      }
      const group = await found.catch((error) => {
        groups.delete(key);
        throw error;
      });
      if (!('join' in group)) {
        groups.delete(key);
        return group;
      }
      const results = group.join();
      // Null when the last subscriber left meanwhile: the group is gone, and a new one is opened.
      if (results) return results;
    }
  }

  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(execute as Parameters<typeof setExecuteFn>[0]);
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn(subscribe as Parameters<typeof setSubscribeFn>[0]);
    },
  };
}

/** What decides a response: the document (parsed once for each text), what fills it, and who looks. */
function groupKey({ document, operationName, variableValues, contextValue }: SubscriptionArguments): string {
  const { viewer } = contextValue;
  return JSON.stringify([
    documentNumber(document),
    operationName,
    variableValues,
    viewer && [viewer.author.id, viewer.role],
  ]);
}

const documentNumbers = new WeakMap<object, number>();
let lastDocument = 0;

function documentNumber(document: object): number {
  let number = documentNumbers.get(document);
  if (number === undefined) {
    number = ++lastDocument;
    documentNumbers.set(document, number);
  }
  return number;
}

/** Equal subscriptions. */
interface Group {
  /** Null once the group has ended. */
  join(): Results | null;
}

async function openGroup(args: SubscriptionArguments, onEnd: () => void): Promise<Group | ExecutionResult> {
  const stream = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in stream)) return stream;
  const events = stream as AsyncGenerator<unknown, void, void>;
  const members = new Set<Queue<ExecutionResult>>();
  let ended = false;

  function end(): void {
    if (ended) return;
    ended = true;
    onEnd();
    void events.return();
  }

  async function pump(): Promise<void> {
    for await (const event of events) {
      // A context of its own: what was loaded for the event before is stale by now.
      const result = await execute({ ...args, rootValue: event, contextValue: { ...args.contextValue } });
      for (const member of members) member.push(result);
    }
  }

  return {
    join() {
      if (ended) return null;
      if (members.size === 0)
        pump().then(
          () => {
            end();
            for (const member of members) void member.return();
          },
          (error) => {
            end();
            for (const member of members) member.fail(error);
          },
        );
      const member = new Queue<ExecutionResult>(QUEUE_LIMIT, () => {
        members.delete(member);
        if (members.size === 0) end();
      });
      members.add(member);
      return member;
    },
  };
}
