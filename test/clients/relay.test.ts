import {
  commitMutation,
  Environment,
  type FetchFunction,
  fetchQuery,
  type GraphQLResponse,
  type GraphQLTaggedNode,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
  type SubscribeFunction,
} from 'relay-runtime';
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
import { relayRequest } from './relay-artifacts.ts';

const eventsRequest = relayRequest(EVENTS);
const discussionRequest = relayRequest(DISCUSSION);

function connect(url: string): Client {
  const socket = connection.createSocket({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
  /** The pages that follow a discussion, by its id: Relay does not show its app that a subscription is interrupted. */
  const pages = new Map<unknown, Page>();

  const fetchOverHttp: FetchFunction = async ({ text }, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
      body: JSON.stringify({ query: text, variables }),
    });
    return (await response.json()) as GraphQLResponse;
  };

  const subscribe: SubscribeFunction = ({ text }, given) =>
    Observable.create<GraphQLResponse>((sink) =>
      connection.keepSubscribed(
        socket,
        { query: text!, variables: { ...given } },
        {
          next: (result) => sink.next(result as GraphQLResponse),
          interrupted() {
            pages.get(given.id)!.withdrawals += 1;
          },
          error: (error) => sink.error(error as Error),
          complete: () => sink.complete(),
        },
      ),
    );

  const environment = new Environment({
    network: Network.create(fetchOverHttp, subscribe),
    store: new Store(new RecordSource()),
  });

  function follow(id: string, page: Page): () => void {
    let stop = (): void => undefined;
    pages.set(id, page);
    async function begin(): Promise<void> {
      const { node } = await connection.keepReading(async () => ({
        data: await fetchQuery<{ response: DiscussionResult; variables: { id: string } }>(
          environment,
          discussionRequest,
          { id },
          { fetchPolicy: 'network-only' },
        ).toPromise(),
      }));
      page.read(node);
      const following = requestSubscription<{ response: EventResult; variables: EventVariables }>(environment, {
        subscription: eventsRequest,
        variables: { id, after: node.liveCursor },
        onNext(response) {
          const event = response!.commentEvents;
          page.receive(event);
          if (event.__typename === 'ResyncRequired') {
            following.dispose();
            void begin();
          }
        },
        onError: (error) => {
          page.failure = error;
        },
      });
      stop = () => following.dispose();
    }
    void begin();
    return () => stop();
  }

  return {
    async execute<Data>(document: string, variables: Record<string, unknown>) {
      const request: GraphQLTaggedNode = relayRequest(document);
      if (request.params.operationKind === 'query')
        return (await fetchQuery(environment, request, variables).toPromise()) as Data;
      return new Promise<Data>((resolve, reject) => {
        commitMutation(environment, {
          mutation: request,
          variables,
          onCompleted: (data, errors) => (errors ? reject(new Error(errors[0]!.message)) : resolve(data as Data)),
          onError: reject,
        });
      });
    },
    follow,
    close: () => socket.dispose(),
  };
}

describe('Relay', () => describePromises(connect));
