import { createClient } from 'graphql-sse';
import { describe } from 'vitest';
import { DISCUSSION, EVENTS, type Following, type Happening, type Page, type Reading } from './discussion.ts';
import { type Client, keepsItsPromises, pause } from './promises.ts';

function connect(url: string): Client {
  const client = createClient({
    url,
    singleConnection: false,
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: pause,
  });

  async function ask<Data>(query: string, variables: Record<string, unknown>): Promise<Data> {
    for await (const { data, errors } of client.iterate<Data>({ query, variables })) {
      if (errors) throw new Error(errors[0]!.message);
      return data!;
    }
    throw new Error('There was no answer.');
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

describe('graphql-sse, with a connection for each subscription', () => keepsItsPromises(connect));
