import { type ClientOptions, createClient, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { createClient as createSocket, type Sink } from 'graphql-ws';
import { describe } from 'vitest';
import { WebSocket } from 'ws';
import { DISCUSSION, EVENTS, type Happening, type Page, type Reading } from './discussion.ts';
import { type Client, keepsItsPromises, pause } from './promises.ts';

function clientOf(options: ClientOptions, dispose: () => void | Promise<void>): Client {
  const client = createClient(options);

  function follow(id: string, page: Page): () => void {
    let isFollowing = true;
    let stop = (): void => undefined;

    async function begin(): Promise<void> {
      const { data, error } = await client.query<Reading>(gql(DISCUSSION), { id }, { requestPolicy: 'network-only' });
      if (error) throw error;
      page.read(data!.node);
      listen(data!.node.liveCursor);
    }

    function listen(cursor: string): void {
      let after = cursor;
      const { unsubscribe } = client
        .subscription<Happening>(gql(EVENTS), { id, after })
        .subscribe(({ data, error, hasNext }) => {
          // The last result is only the end, be it an orderly one or not: what it has for data came before.
          if (!hasNext) {
            if (error && error.graphQLErrors.length > 0) page.failure = error;
            else void pause().then(() => isFollowing && listen(after));
            return;
          }
          const event = data!.commentEvents;
          page.hear(event);
          after = event.cursor;
          if (event.__typename === 'ResyncRequired') {
            // Not while it is being told: what it aborts then is an error that nobody catches.
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
    async ask<Data>(document: string, variables: Record<string, unknown>) {
      const isMutation = document.trimStart().startsWith('mutation');
      const asked = gql(document);
      const { data, error } = await (isMutation
        ? client.mutation<Data>(asked, variables)
        : client.query<Data>(asked, variables, { requestPolicy: 'network-only' }));
      if (error) throw error;
      return data!;
    },
    follow,
    close: dispose,
  };
}

describe('urql, with subscriptions over WebSocket', () =>
  keepsItsPromises((url) => {
    const socket = createSocket({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
    const subscriptions = subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink as Sink) }),
      }),
    });
    return clientOf({ url, exchanges: [subscriptions, fetchExchange] }, () => socket.dispose());
  }));

describe('urql, with subscriptions over HTTP', () =>
  keepsItsPromises((url) => clientOf({ url, exchanges: [fetchExchange], fetchSubscriptions: true }, () => undefined)));
