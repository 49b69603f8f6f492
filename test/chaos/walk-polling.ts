import { setTimeout as delay } from 'node:timers/promises';
import type { Dial, DialOptions } from './dial.ts';
import { NoAnswer, post } from './post.ts';
import { type DiscussionEvent, POLL } from './walk-discussion.ts';

/** Longest pause between two polls in milliseconds. */
const LONGEST_PAUSE = 600;

interface Answer {
  node: { events: { cursor: string; hasMore: boolean; events: DiscussionEvent[] } } | null;
}

/**
 * Reads `Article.events` again and again. Each page that is the last for now is reported as CaughtUp, so that it looks like a
 * subscription to the client. An article that is not public ends it like the error of a subscription.
 */
export const dialPolling: Dial = ({ variables, onResult, ...call }) => {
  let isWanted = true;
  const wake = new AbortController();
  async function poll(): Promise<string> {
    for (let after = variables.after; isWanted; ) {
      const node = await readPage({ ...call, variables: { ...variables, after } });
      if (!isWanted) break;
      if (!node) {
        onResult({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
        return 'complete';
      }
      const { events, cursor, hasMore } = node.events;
      for (const event of events) if (isWanted) onResult({ data: { commentEvents: event } });
      after = cursor;
      if (hasMore) continue;
      if (isWanted) onResult({ data: { commentEvents: { __typename: 'CaughtUp', cursor, replayed: events.length } } });
      await delay(Math.random() * LONGEST_PAUSE, undefined, { signal: wake.signal }).catch(() => {});
    }
    return 'left';
  }
  function leave(): void {
    isWanted = false;
    wake.abort();
  }
  const ended = poll().catch((error: unknown) => {
    if (error instanceof NoAnswer) return error.message;
    throw error;
  });
  return { ended, destroy: leave, leave };
};

async function readPage({ url, variables, authorization }: Omit<DialOptions, 'onResult' | 'query'>) {
  return (await post<Answer>(url, { query: POLL, variables, authorization })).node;
}
