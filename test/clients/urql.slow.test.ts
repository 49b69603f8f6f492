import { type ClientOptions, createClient, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import type { GraphQLError } from 'graphql';
import type { Sink } from 'graphql-ws';
import { describe } from 'vitest';
import { WebSocket } from 'ws';
import { connection } from './connection.ts';
import { DISCUSSION, type DiscussionResult, EVENTS, type EventResult, type Page } from './discussion.ts';
import { type Client, describePromises } from './promises.ts';

function clientOf(options: ClientOptions, dispose: () => void | Promise<void>): Client {
  const client = createClient(options);

  function follow(id: string, page: Page): () => void {
    let isFollowing = true;
    let waiting: NodeJS.Timeout;
    let stop = (): void => undefined;

    async function begin(): Promise<void> {
      const { node } = await connection.keepReading(() =>
        client.query<DiscussionResult>(gql(DISCUSSION), { id }, { requestPolicy: 'network-only' }),
      );
      page.read(node);
      listen(node.liveCursor);
    }

    function listen(cursor: string, attempts = 0): void {
      let after = cursor;
      let attempt = attempts;
      let refusal: GraphQLError[] | undefined;
      let isReplaced = false;
      const { unsubscribe } = client
        .subscription<EventResult>(gql(EVENTS), { id, after })
        .subscribe(({ data, error, hasNext }) => {
          if (isReplaced) return;
          if (error?.graphQLErrors.length) refusal = error.graphQLErrors;
          // The last result only says that the subscription has ended; its data are those of the result before.
          if (!hasNext) {
            const wait = refusal ? connection.retryDelay(refusal, attempt) : connection.backoff(attempt);
            if (wait === null) page.failure = refusal;
            else if (isFollowing) waiting = setTimeout(listen, wait, after, attempt + 1);
            if (refusal && wait !== null) page.withdrawals += 1;
            return;
          }
          if (refusal) return;
          attempt = 0;
          const event = data!.commentEvents;
          isReplaced = event.__typename === 'ResyncRequired';
          page.receive(event);
          after = event.cursor;
          if (isReplaced) {
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
      clearTimeout(waiting);
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
    const socket = connection.createSocket({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const subscriptions = subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink as Sink) }),
      }),
    });
    return clientOf({ url, exchanges: [subscriptions, fetchExchange] }, () => socket.dispose());
  }));

describe('urql, with subscriptions over HTTP', () =>
  describePromises((url) =>
    clientOf(
      { url, exchanges: [fetchExchange], fetch: connection.watchedFetch, fetchSubscriptions: true },
      () => undefined,
    ),
  ));
