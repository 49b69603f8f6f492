import { createClient } from 'graphql-ws';
import { describe } from 'vitest';
import { WebSocket } from 'ws';
import {
  DISCUSSION,
  type DiscussionResult,
  EVENTS,
  type EventResult,
  type EventVariables,
  type Page,
} from './discussion.ts';
import { type Client, describePromises, pause } from './promises.ts';

/** Milliseconds without a message after which the client sends a ping, and within which it expects the pong. */
const SILENCE = 500;

function connect(url: string): Client {
  let unanswered: NodeJS.Timeout;
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    // Also when nothing listens, which is an error without a close code.
    shouldRetry: () => true,
    retryWait: pause,
    keepAlive: SILENCE,
    on: {
      ping(isReceived) {
        if (!isReceived) unanswered = setTimeout(() => client.terminate(), SILENCE);
      },
      pong: () => clearTimeout(unanswered),
      closed: () => clearTimeout(unanswered),
    },
  });

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
      const { node } = await execute<DiscussionResult>(DISCUSSION, { id });
      page.read(node);
      // Each time the client connects, it sends the object with the cursor that it then has.
      const variables: EventVariables = { id, after: node.liveCursor };
      stop = client.subscribe<EventResult>(
        { query: EVENTS, variables },
        {
          next({ data, errors }) {
            if (errors) throw new Error(errors[0]!.message);
            const event = data!.commentEvents;
            page.receive(event);
            variables.after = event.cursor;
            if (event.__typename === 'ResyncRequired') {
              stop();
              void begin();
            }
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

describe('graphql-ws', () => describePromises(connect, { sendsPings: true }));
