import { createClient } from 'graphql-sse';
import { describe } from 'vitest';
import { connection } from './connection.ts';
import {
  DISCUSSION,
  type DiscussionResult,
  EVENTS,
  type EventResult,
  type EventVariables,
  type Page,
} from './discussion.ts';
import { type Client, describePromises } from './promises.ts';

function connect(url: string): Client {
  const client = createClient({
    url,
    singleConnection: false,
    fetchFn: connection.watchedFetch,
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: (attempt) => new Promise((resolve) => setTimeout(resolve, connection.backoff(attempt))),
  });

  async function execute<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    for await (const { data, errors } of client.iterate<Data>({ query, variables })) {
      if (errors) throw new Error(errors[0]!.message);
      return data!;
    }
    throw new Error('There was no result.');
  }

  function follow(id: string, page: Page): () => void {
    let stop = (): void => undefined;
    async function begin(): Promise<void> {
      const { node } = await connection.keepReading<DiscussionResult>(async () => {
        const { value } = await client.iterate<DiscussionResult>({ query: DISCUSSION, variables: { id } }).next();
        return value!;
      });
      page.read(node);
      const variables: EventVariables = { id, after: node.liveCursor };
      stop = connection.keepSubscribed<EventResult>(
        client,
        { query: EVENTS, variables },
        {
          next({ data, errors }) {
            if (errors) {
              page.failure = errors;
              return;
            }
            const event = data!.commentEvents;
            page.receive(event);
            if (event.__typename === 'ResyncRequired') {
              stop();
              void begin();
            }
          },
          interrupted: () => {
            page.withdrawals += 1;
          },
          error: (error) => {
            page.failure = error;
          },
          complete: () => undefined,
        },
      );
    }
    void begin();
    return () => stop();
  }

  return { execute, follow, close: () => client.dispose() };
}

describe('graphql-sse, with a connection for each subscription', () => describePromises(connect));
