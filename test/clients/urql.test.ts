import { type ClientOptions, createClient, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { createClient as createSocket, type Sink } from 'graphql-ws';
import { describe } from 'vitest';
import { WebSocket } from 'ws';
import { DISCUSSION, type DiscussionResult, EVENTS, type EventResult, type Page } from './discussion.ts';
import { type Client, describePromises, pause } from './promises.ts';

function clientOf(options: ClientOptions, dispose: () => void | Promise<void>): Client {
  const client = createClient(options);

  function follow(id: string, page: Page): () => void {
    let isFollowing = true;
    let stop = (): void => undefined;

    async function begin(): Promise<void> {
      const { data, error } = await client.query<DiscussionResult>(
        gql(DISCUSSION),
        { id },
        { requestPolicy: 'network-only' },
      );
      if (error) throw error;
      page.read(data!.node);
      listen(data!.node.liveCursor);
    }

    function listen(cursor: string): void {
      let after = cursor;
      const { unsubscribe } = client
        .subscription<EventResult>(gql(EVENTS), { id, after })
        .subscribe(({ data, error, hasNext }) => {
          // The last result only says that the subscription has ended; its data are those of the result before.
          if (!hasNext) {
            if (error && error.graphQLErrors.length > 0) page.failure = error;
            else void pause().then(() => isFollowing && listen(after));
            return;
          }
          const event = data!.commentEvents;
          page.receive(event);
          after = event.cursor;
          if (event.__typename === 'ResyncRequired') {
            // Later, because unsubscribing inside this callback causes an unhandled rejection.
            setTimeout(() => {
              unsubscribe();
              void begin();
            });
          }
        });
      stop = unsubscribe;
    }

    void begin();
    return () => {
      isFollowing = false;
      stop();
    };
  }

  return {
    async execute<Data>(document: string, variables: Record<string, unknown>) {
      const isMutation = document.trimStart().startsWith('mutation');
      const parsed = gql(document);
      const { data, error } = await (isMutation
        ? client.mutation<Data>(parsed, variables)
        : client.query<Data>(parsed, variables, { requestPolicy: 'network-only' }));
      if (error) throw error;
      return data!;
    },
    follow,
    close: dispose,
  };
}

describe('urql, with subscriptions over WebSocket', () =>
  describePromises((url) => {
    const socket = createSocket({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    const subscriptions = subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink as Sink) }),
      }),
    });
    return clientOf({ url, exchanges: [subscriptions, fetchExchange] }, () => socket.dispose());
  }));

describe('urql, with subscriptions over HTTP', () =>
  describePromises((url) => clientOf({ url, exchanges: [fetchExchange], fetchSubscriptions: true }, () => undefined)));
