import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { isAbstractType } from 'graphql';
import { createClient } from 'graphql-ws';
import { defer, retry, tap } from 'rxjs';
import { describe, vi } from 'vitest';
import { WebSocket } from 'ws';
import { schema } from '../../schema/index.ts';
import { DISCUSSION, EVENTS, type Following, type Happening, type Page, type Reading } from './discussion.ts';
import { type Client, keepsItsPromises, RETRY_AFTER } from './promises.ts';

// The link over sockets knows a broken one by the constructor that browsers, and later versions of Node, have.
vi.stubGlobal('WebSocket', WebSocket);

/** Members by interface and union, as the code generators of apps write them down. */
const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
);

/** Goes on with `commentEvents` where it broke off, over whatever link follows. */
function resuming(): ApolloLink {
  return new ApolloLink((operation, forward) =>
    operation.operationName === 'Events'
      ? defer(() => forward(operation)).pipe(
          tap(({ data }) => {
            const after = (data as Happening | undefined)?.commentEvents.cursor;
            if (after) operation.variables = { ...operation.variables, after };
          }),
          retry({ delay: RETRY_AFTER }),
        )
      : forward(operation),
  );
}

function clientOver(link: ApolloLink, dispose: () => void | Promise<void>): Client {
  const client = new ApolloClient({
    link: ApolloLink.from([resuming(), link]),
    cache: new InMemoryCache({
      possibleTypes,
      // An event is a fact by itself, not a new state of the one before.
      typePolicies: { Subscription: { fields: { commentEvents: { merge: false } } } },
    }),
  });

  function follow(id: string, page: Page): () => void {
    let stop = (): void => undefined;
    async function begin(): Promise<void> {
      const { data } = await client.query<Reading>({
        query: gql(DISCUSSION),
        variables: { id },
        // A position out of the cache is one of long ago.
        fetchPolicy: 'network-only',
      });
      page.read(data!.node);
      const following = client
        .subscribe<Happening, Following>({ query: gql(EVENTS), variables: { id, after: data!.node.liveCursor } })
        .subscribe(({ data, error }) => {
          if (error) page.failure = error;
          if (!data) return;
          page.hear(data.commentEvents);
          if (data.commentEvents.__typename === 'ResyncRequired') {
            stop();
            void begin();
          }
        });
      stop = () => following.unsubscribe();
    }
    void begin();
    return () => stop();
  }

  return {
    async ask<Data>(document: string, variables: Record<string, unknown>) {
      const asked = gql(document);
      const isMutation = document.trimStart().startsWith('mutation');
      const { data } = isMutation
        ? await client.mutate<Data>({ mutation: asked, variables })
        : await client.query<Data>({ query: asked, variables, fetchPolicy: 'network-only' });
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
  keepsItsPromises((url) => {
    const socket = createClient({ url: url.replace('http', 'ws'), retryAttempts: 0 });
    const link = ApolloLink.split(
      ({ operationType }) => operationType === 'subscription',
      new GraphQLWsLink(socket),
      new HttpLink({ uri: url }),
    );
    return clientOver(link, () => socket.dispose());
  }));

describe('Apollo Client, with subscriptions over HTTP', () =>
  keepsItsPromises((url) => clientOver(new HttpLink({ uri: url }), () => undefined)));
