import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors, graphQLResultHasProtocolErrors } from '@apollo/client/errors';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { isAbstractType } from 'graphql';
import { defer, retry, tap, throwError, timer } from 'rxjs';
import { afterAll, describe, vi } from 'vitest';
import { WebSocket } from 'ws';
import { schema } from '../../schema/index.ts';
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

/**
 * As in browsers, each message is an event of its own, with time for promises between two: when the link unsubscribes at an error
 * that `complete` follows at once, graphql-ws otherwise counts the subscription as ended twice, and no longer closes connections.
 */
class BrowserSocket extends WebSocket {
  constructor(url: string, protocols: string) {
    super(url, protocols, { allowSynchronousEvents: false });
  }
}

// The link recognises a lost connection by the global constructor, which only browsers and later versions of Node have.
vi.stubGlobal('WebSocket', BrowserSocket);
afterAll(() => vi.unstubAllGlobals());

/** The object types of each interface and union, as an app's code generator writes them. */
const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
);

/** Resumes `commentEvents` after the last cursor as long as that may help. */
function resuming(onWithdrawn: () => void): ApolloLink {
  return new ApolloLink((operation, forward) =>
    operation.operationName === 'Events'
      ? defer(() => forward(operation)).pipe(
          tap((result) => {
            if (graphQLResultHasProtocolErrors(result)) throw new Error('The connection was interrupted.');
            if (result.errors && connection.retryDelay(result.errors, 0) !== null) {
              onWithdrawn();
              throw new CombinedGraphQLErrors(result);
            }
            const after = (result.data as EventResult | undefined)?.commentEvents?.cursor;
            if (after) operation.variables = { ...operation.variables, after };
          }),
          retry({
            delay(error, attempt) {
              const wait = CombinedGraphQLErrors.is(error)
                ? connection.retryDelay(error.errors, attempt)
                : connection.backoff(attempt);
              return wait === null ? throwError(() => error) : timer(wait);
            },
            resetOnSuccess: true,
          }),
        )
      : forward(operation),
  );
}

function clientOver(link: ApolloLink, dispose: () => void | Promise<void>): Client {
  let following: Page | undefined;
  const onWithdrawn = (): void => {
    following!.withdrawals += 1;
  };
  const client = new ApolloClient({
    link: ApolloLink.from([resuming(onWithdrawn), link]),
    cache: new InMemoryCache({
      possibleTypes,
      // An event is not a new state of the event before.
      typePolicies: { Subscription: { fields: { commentEvents: { merge: false } } } },
    }),
  });

  function follow(id: string, page: Page): () => void {
    let stop = (): void => undefined;
    following = page;
    async function begin(): Promise<void> {
      const { node } = await connection.keepReading(() =>
        client.query<DiscussionResult>({
          query: gql(DISCUSSION),
          variables: { id },
          // The cache has an old position.
          fetchPolicy: 'network-only',
        }),
      );
      page.read(node);
      const subscription = client
        .subscribe<EventResult, EventVariables>({ query: gql(EVENTS), variables: { id, after: node.liveCursor } })
        .subscribe(({ data, error }) => {
          if (error) page.failure = error;
          if (!data) return;
          page.receive(data.commentEvents);
          if (data.commentEvents.__typename === 'ResyncRequired') {
            stop();
            void begin();
          }
        });
      stop = () => subscription.unsubscribe();
    }
    void begin();
    return () => stop();
  }

  return {
    async execute<Data>(document: string, variables: Record<string, unknown>) {
      const parsed = gql(document);
      const isMutation = document.trimStart().startsWith('mutation');
      const { data } = isMutation
        ? await client.mutate<Data>({ mutation: parsed, variables })
        : await client.query<Data>({ query: parsed, variables, fetchPolicy: 'network-only' });
      return data!;
    },
    follow,
    async close() {
      client.stop();
      await dispose();
    },
  };
}

describe('Apollo Client, with subscriptions over WebSocket', () =>
  describePromises((url) => {
    const socket = connection.createSocket({ url: url.replace('http', 'ws'), retryAttempts: 0 });
    const link = ApolloLink.split(
      ({ operationType }) => operationType === 'subscription',
      new GraphQLWsLink(socket),
      new HttpLink({ uri: url }),
    );
    return clientOver(link, () => socket.dispose());
  }));

describe('Apollo Client, with subscriptions over HTTP', () =>
  describePromises((url) => clientOver(new HttpLink({ uri: url, fetch: connection.watchedFetch }), () => undefined)));
