import { createClient } from 'graphql-sse';
import { describe } from 'vitest';
import {
  DISCUSSION,
  type DiscussionResult,
  EVENTS,
  type EventResult,
  type EventVariables,
  type Page,
} from './discussion.ts';
import { type Client, describePromises, pause } from './promises.ts';

function connect(url: string): Client {
  const client = createClient({
    url,
    singleConnection: false,
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: pause,
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

describe('graphql-sse, with a connection for each subscription', () => describePromises(connect));
