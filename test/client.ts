import { type Agent, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { FormattedExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TypedDocumentString } from './generated/graphql.ts';

/** A response over HTTP, with the SQL statements that it took, and in how many round trips they were sent. */
export interface Answer<Data> {
  status: number;
  data: Data;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  statements: string[];
  roundTrips: number;
}

/** Sends operations as one person, or anonymously. */
export interface Client {
  /**
   * Sends an operation by POST. Its `statements` are exact while no other operation runs and no reaction waits to be
   * announced to subscribers.
   */
  ask<Data, Variables>(operation: TypedDocumentString<Data, Variables>, variables?: Variables): Promise<Answer<Data>>;
  ask<Data = Record<string, never>>(query: string, variables?: Record<string, unknown>): Promise<Answer<Data>>;
  /** Subscribes over a socket of its own. */
  subscribe<Data, Variables>(
    operation: TypedDocumentString<Data, Variables>,
    variables?: Variables,
  ): TestSubscription<Data>;
  subscribe<Data>(query: string, variables?: Record<string, unknown>): TestSubscription<Data>;
}

export interface TestSubscription<Data> {
  /** What has arrived so far. */
  received: Data[];
  /** Throws when the stream has ended, with the reason. */
  goesOn(): void;
  /** Resolves when `count` results have arrived; rejects when the stream ends before. */
  arrived(count: number): Promise<Data[]>;
  stop(): Promise<void>;
}

/** A document as text, or one of test/operations. */
type Operation = string | TypedDocumentString<unknown, unknown>;

/** The statements that a gateway sent to its database since the last `restart`. */
export interface StatementRecord {
  texts: string[];
  roundTrips: number;
  restart(): void;
}

export interface Connection {
  url: string;
  agent: Agent;
  /** The value of the header, and of the socket's parameter; undefined for an anonymous client. */
  authorization: Promise<unknown> | undefined;
  statements: StatementRecord;
  /** Holds what must be closed before the gateway stops. */
  sockets: Set<{ dispose(): void | Promise<void> }>;
}

export function createTestClient(connection: Connection): Client {
  return {
    ask: (operation: Operation, variables?: unknown) =>
      post(connection, { query: String(operation), variables }) as never,
    subscribe: <Data>(operation: Operation, variables?: unknown) =>
      subscribe<Data>(connection, { query: String(operation), variables }),
  };
}

interface Payload {
  query: string;
  variables: unknown;
}

async function post(
  { url, agent, authorization, statements }: Connection,
  { query, variables }: Payload,
): Promise<object> {
  const value = await authorization;
  statements.restart();
  const { status, body } = await exchange(url, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', ...(value !== undefined && { authorization: String(value) }) },
    body: JSON.stringify({ query, variables }),
  });
  return { status, ...JSON.parse(body), statements: statements.texts, roundTrips: statements.roundTrips };
}

/** Sends a request and reads its response, by node:http: `fetch` takes four times the processor time. */
export function exchange(
  url: string | URL,
  { body = '', ...options }: RequestOptions & { body?: string },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request(url, options, (response) => {
      text(response).then((received) => resolve({ status: response.statusCode!, body: received }), reject);
    })
      .once('error', reject)
      .end(body);
  });
}

function subscribe<Data>(
  { url, authorization, sockets }: Connection,
  { query, variables }: Payload,
): TestSubscription<Data> {
  const client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: async () => ({ authorization: await authorization }),
  });
  sockets.add(client);
  const results = collectResults<Data>();
  const stop = client.subscribe<Data>(
    { query, variables: (variables ?? null) as Record<string, unknown> | null },
    results.sink,
  );
  return {
    received: results.received,
    goesOn: results.goesOn,
    arrived: results.arrived,
    async stop() {
      stop();
      sockets.delete(client);
      await client.dispose();
    },
  };
}

/** Keeps the results of a subscription, and lets tests wait for them. */
function collectResults<Data>() {
  const received: Data[] = [];
  let ended: { error?: unknown } | null = null;
  const waiting = new Set<() => void>();
  const end = (how: { error?: unknown }): void => {
    ended ??= how;
    for (const look of waiting) look();
  };
  const endedAfter = (): string => `The stream ended after ${received.length}: ${JSON.stringify(ended)}`;
  return {
    received,
    sink: {
      next({ data, errors }: FormattedExecutionResult<Data, unknown>) {
        if (errors) return end({ error: errors });
        if (data) received.push(data);
        for (const look of waiting) look();
      },
      error: (error: unknown) => end({ error }),
      complete: () => end({}),
    },
    goesOn() {
      if (ended) throw new Error(endedAfter());
    },
    arrived: (count: number) =>
      new Promise<Data[]>((resolve, reject) => {
        const look = (): void => {
          if (received.length < count && !ended) return;
          waiting.delete(look);
          if (received.length >= count) resolve(received);
          else reject(new Error(`${endedAfter()}, before ${count}`));
        };
        waiting.add(look);
        look();
      }),
  };
}
