import { createClient } from 'graphql-ws';
import { SignJWT } from 'jose';
import pg from 'pg';
import { WebSocket } from 'ws';
import type { Role } from '../schema/content/context.ts';
import { slugOf } from '../schema/content/text/slug.ts';
import { readConfig } from '../src/config.ts';
import { untilDue } from '../src/jobs/job-runner.ts';
import { listJobs } from '../src/jobs/jobs.ts';
import { PRUNE_EVENTS } from '../src/jobs/prune-events.ts';
import { PRUNE_KEYS } from '../src/jobs/prune-keys.ts';
import { LOG_POSITIONS } from '../src/log/event-log.ts';
import { createLogger } from '../src/logger.ts';
import { start } from '../src/start.ts';
import { createTestDatabase } from './database.ts';
import type { TypedDocumentString } from './generated/graphql.ts';

/** An answer over HTTP, with the SQL statements that it took. */
export interface Answer<Data> {
  status: number;
  data: Data;
  errors?: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[];
  statements: string[];
}

/** Ways to ask, as one person or as nobody. */
export interface Asking {
  /** Asks over POST. Statements are right while nothing else is asked, and no reader owed word of a reaction, meanwhile. */
  ask<Data, Variables>(operation: TypedDocumentString<Data, Variables>, variables?: Variables): Promise<Answer<Data>>;
  ask<Data = Record<string, never>>(query: string, variables?: Record<string, unknown>): Promise<Answer<Data>>;
  /** Subscribes over a socket of its own. */
  subscribe<Data, Variables>(
    operation: TypedDocumentString<Data, Variables>,
    variables?: Variables,
  ): TestSubscription<Data>;
  subscribe<Data>(query: string, variables?: Record<string, unknown>): TestSubscription<Data>;
}

export interface TestGateway extends Asking {
  url: string;
  databaseUrl: string;
  /** A connection of the test's own, to prepare and to look at what is stored. */
  sql: pg.Client;
  /** Articles whose logs are being read. */
  readonly watched: number;
  /** The figures that operators read, by name. */
  metrics(): Promise<Record<string, number>>;
  /** The statements sent while something is done, but for those that are sent every few seconds anyway. */
  statementsDuring(work: () => Promise<unknown>): Promise<string[]>;
  /** The gateway as somebody signed in asks it: the same `sub` is the same person, and is made of the name unless given. */
  as(person: { name: string; role?: Role; sub?: string }): Asking;
  /** The gateway as whoever shows this asks it: the header `Authorization`, and the parameter of sockets. */
  showing(authorization: unknown): Asking;
  /** Another connection of the test's own, to look on while the first waits. */
  secondConnection(): Promise<pg.Client>;
  /** Stops the gateway and leaves the rest to be looked at. */
  stopGateway(): Promise<void>;
  /** Stops everything. */
  stop(): Promise<void>;
}

export interface TestSubscription<Data> {
  /** What has arrived so far. */
  received: Data[];
  /** Throws when the stream has ended, saying why. */
  goesOn(): void;
  /** Resolves when `count` have arrived; rejects when the stream ends before. */
  arrived(count: number): Promise<Data[]>;
  stop(): Promise<void>;
}

/** A document as text, or one of test/operations. */
type Asked = string | TypedDocumentString<unknown, unknown>;

/** Signs the tokens of tests. */
export const JWT_SECRET = 'the secret of every test, known to all';

/** A token as an identity provider would give it. */
export function tokenOf({
  name,
  role = 'READER',
  sub = slugOf(name),
  expires = '1 hour',
}: {
  name: string;
  role?: Role;
  sub?: string;
  expires?: string;
}) {
  return new SignJWT({ name, roles: [role] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(sub)
    .setExpirationTime(expires)
    .sign(Buffer.from(JWT_SECRET));
}

/** What a gateway asks of its database whenever it likes, for nobody. */
const UNASKED = new Set<string>([LOG_POSITIONS, PRUNE_EVENTS, PRUNE_KEYS]);
for (const job of listJobs(readConfig({}))) UNASKED.add(untilDue(job)?.text ?? '');

/** A gateway on a database of its own, prepared by `seed`. */
export async function startGateway(
  seed?: (sql: pg.Client) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<TestGateway> {
  const database = await createTestDatabase();
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await seed?.(sql);
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: database.url,
    LOG_LEVEL: 'error',
    JWT_SECRET,
    RATE_LIMITS: 'off',
    // Events of tests are of any date.
    EVENTS_KEPT: '3650d',
    ...environment,
  });
  let statements: string[] = [];
  const gateway = await start({
    config,
    log: createLogger({ level: config.logLevel }),
    onStatement(text) {
      if (!UNASKED.has(text)) statements.push(text);
    },
  });
  const sockets = new Set<{ dispose(): void | Promise<void> }>();

  /** @param authorization what they show, perhaps still being made; undefined for nothing */
  const asking = (authorization?: unknown): Asking => ({
    async ask(query: Asked, variables?: unknown) {
      const shown = await authorization;
      statements = [];
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(shown !== undefined && { authorization: String(shown) }) },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as object), statements } as never;
    },
    subscribe<Data>(query: Asked, variables?: unknown) {
      const client = createClient({
        url: gateway.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: async () => ({ authorization: await authorization }),
      });
      sockets.add(client);
      const received: Data[] = [];
      let ended: { error?: unknown } | null = null;
      const waiting = new Set<() => void>();
      const notice = (): void => {
        for (const look of waiting) look();
      };
      const stop = client.subscribe<Data>(
        { query: String(query), variables: (variables ?? null) as Record<string, unknown> | null },
        {
          next({ data, errors }) {
            if (errors) ended = { error: errors };
            else if (data) received.push(data);
            notice();
          },
          error(error) {
            ended = { error };
            notice();
          },
          complete() {
            ended ??= {};
            notice();
          },
        },
      );
      return {
        received,
        goesOn() {
          if (ended) throw new Error(`The stream ended after ${received.length}: ${JSON.stringify(ended)}`);
        },
        arrived: (count: number) =>
          new Promise<Data[]>((resolve, reject) => {
            const look = (): void => {
              if (received.length < count && !ended) return;
              waiting.delete(look);
              if (received.length >= count) resolve(received);
              else reject(new Error(`The stream ended after ${received.length} of ${count}: ${JSON.stringify(ended)}`));
            };
            waiting.add(look);
            look();
          }),
        async stop() {
          stop();
          sockets.delete(client);
          await client.dispose();
        },
      };
    },
  });

  return {
    url: gateway.url,
    databaseUrl: database.url,
    sql,
    get watched() {
      return gateway.watched;
    },
    async metrics() {
      const text = await (await fetch(new URL('/metrics', gateway.url))).text();
      return Object.fromEntries(
        [...text.matchAll(/^broadsheet_(\w+) (\d+)$/gm)].map(([, name, value]) => [name!, Number(value)]),
      );
    },
    async statementsDuring(work) {
      statements = [];
      await work();
      return statements;
    },
    ...asking(),
    showing: (authorization) => asking(authorization),
    as: (person) => asking(tokenOf(person).then((token) => `Bearer ${token}`)),
    async secondConnection() {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      return client;
    },
    stopGateway: () => gateway.stop(),
    async stop() {
      for (const socket of sockets) await socket.dispose();
      await gateway.stop();
      await sql.end();
      await database.drop();
    },
  };
}

/** Waits until nobody is connected, and nothing is kept for those who were. @throws what is left otherwise */
export async function leavesNothing(gateway: Pick<TestGateway, 'metrics'>): Promise<void> {
  const left = async (): Promise<string> => {
    const { sockets, streams, subscription_groups: groups, followed_logs: logs } = await gateway.metrics();
    return JSON.stringify({ sockets, streams, groups, logs });
  };
  const nothing = JSON.stringify({ sockets: 0, streams: 0, groups: 0, logs: 0 });
  await until('nothing is left open', async () => (await left()) === nothing).catch(async (error) => {
    throw new Error(`${error.message} Left: ${await left()}`);
  });
}

/** Waits until a condition holds, looking again every few milliseconds. @throws after 10 seconds, naming it */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited 10 s until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
