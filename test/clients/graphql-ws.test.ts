import { createClient } from 'graphql-ws';
import { describe } from 'vitest';
import { WebSocket } from 'ws';
import { DISCUSSION, EVENTS, type Following, type Happening, type Page, type Reading } from './discussion.ts';
import { type Client, keepsItsPromises, pause } from './promises.ts';

/** Milliseconds after which the client asks whether anybody is there, and waits for the answer. */
const SILENCE = 500;

function connect(url: string): Client {
  let unanswered: NodeJS.Timeout;
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    // Also when nothing answers, which is an error without a code.
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

  function ask<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    return new Promise((resolve, reject) => {
      client.subscribe<Data>(
        { query, variables },
        {
          next: ({ data, errors }) => (errors ? reject(new Error(errors[0]!.message)) : resolve(data!)),
          // A question that is refused as a whole brings a list of errors.
          error: (error) => reject(Array.isArray(error) ? new Error(error[0].message) : error),
          complete: () => undefined,
        },
      );
    });
  }

  function follow(id: string, page: Page): () => void {
    let stop = (): void => undefined;
    async function begin(): Promise<void> {
      const { node } = await ask<Reading>(DISCUSSION, { id });
      page.read(node);
      // Whenever it connects, the client sends this object as it is by then.
      const variables: Following = { id, after: node.liveCursor };
      stop = client.subscribe<Happening>(
        { query: EVENTS, variables },
        {
          next({ data, errors }) {
            if (errors) throw new Error(errors[0]!.message);
            const event = data!.commentEvents;
            page.hear(event);
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

  return { ask, follow, close: () => client.dispose() };
}

describe('graphql-ws', () => keepsItsPromises(connect, { noticesSilence: true }));
