import { describe } from 'vitest';
import { WebSocket } from 'ws';
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
  const client = connection.createSocket({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });

  function execute<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    return new Promise((resolve, reject) => {
      client.subscribe<Data>(
        { query, variables },
        {
          next: ({ data, errors }) => (errors ? reject(new Error(errors[0]!.message)) : resolve(data!)),
          // An operation that is refused fails with a list of errors.
          error: (error) => reject(Array.isArray(error) ? new Error(error[0].message) : error),
          complete: () => undefined,
        },
      );
    });
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

describe('graphql-ws', () => describePromises(connect));
