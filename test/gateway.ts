import { Agent } from 'node:http';
import { SignJWT } from 'jose';
import pg from 'pg';
import { HOLD_SETTINGS } from '../schema/content/administration/hold-settings.ts';
import type { Role } from '../schema/content/context.ts';
import { REBUILD_SEARCH } from '../schema/content/search/rebuild-search.ts';
import { slugOf } from '../schema/content/text/slug.ts';
import { readConfig } from '../src/config.ts';
import { untilDue } from '../src/jobs/job-runner.ts';
import { listJobs } from '../src/jobs/jobs.ts';
import { PRUNE_CHANGES } from '../src/jobs/prune-changes.ts';
import { PRUNE_EVENTS } from '../src/jobs/prune-events.ts';
import { PRUNE_KEYS } from '../src/jobs/prune-keys.ts';
import { PRUNE_MODERATION } from '../src/jobs/prune-moderation.ts';
import { LOG_POSITIONS } from '../src/log/event-log.ts';
import { createLogger } from '../src/logger.ts';
import { MAINTENANCE_DUE } from '../src/maintenance/maintenance.ts';
import { PICTURES_DUE } from '../src/media/prune-pictures.ts';
import { COUNT_WAITING } from '../src/serve-metrics.ts';
import { type StartOptions, start } from '../src/start.ts';
import { type Client, createTestClient, exchange, type StatementRecord } from './client.ts';
import { createTestDatabase } from './database.ts';

export interface TestGateway extends Client {
  url: string;
  metricsUrl: string | null;
  databaseUrl: string;
  /** A connection of the test's own, to prepare and to look at what is stored. */
  sql: pg.Client;
  /** Articles whose logs are being read. */
  readonly watched: number;
  /** The figures that operators read, by name. */
  metrics(): Promise<Record<string, number>>;
  /** The response to a POST of JSON, as text. */
  post(payload: object): Promise<{ status: number; body: string }>;
  /** The statements sent while something is done, but for those that are sent every few seconds anyway. */
  statementsDuring(work: () => Promise<unknown>): Promise<string[]>;
  /** A client of a signed-in author. The same `sub` is the same author; by default it is derived from the name. */
  as(person: { name: string; role?: Role; sub?: string }): Client;
  /** A client that sends this as header `Authorization`, and as connection parameter of sockets. */
  showing(authorization: unknown): Client;
  /** Another connection of the test's own, to look on while the first waits. */
  secondConnection(): Promise<pg.Client>;
  /** Ends every subscription of its clients, also those that a failed test has left. */
  endSubscriptions(): Promise<void>;
  /** Stops the gateway and leaves the rest to be looked at. */
  stopGateway(): Promise<void>;
  /** Stops everything. */
  stop(): Promise<void>;
}

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

/** For operations that are much larger than those of clients, so that a few of them test everything. */
export const NO_COST_LIMIT = { COST_LIMIT: '1000000000' };

/** Statements of the gateway's background work: no request causes them, so they are not counted. */
const BACKGROUND = new Set<string>([
  LOG_POSITIONS,
  PRUNE_EVENTS,
  PRUNE_KEYS,
  PRUNE_MODERATION,
  PRUNE_CHANGES,
  REBUILD_SEARCH,
  COUNT_WAITING,
  HOLD_SETTINGS,
  MAINTENANCE_DUE,
]);
const PRUNE_PICTURES = { name: 'prune-pictures', due: { sql: PICTURES_DUE } };
for (const job of [...listJobs(readConfig({})), PRUNE_PICTURES]) BACKGROUND.add(untilDue(job)?.text ?? '');

/** A gateway on a database of its own, prepared by `seed`. */
export async function startGateway(
  seed?: (sql: pg.Client) => Promise<void>,
  environment: Record<string, string> = {},
  options: Partial<Pick<StartOptions, 'log' | 'plugins' | 'conversionDeadline' | 'heartbeatInterval'>> = {},
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
    // Tests count the statements of each request.
    CACHE_SIZE: '0',
    ...environment,
  });
  const statements = recordStatements();
  const gateway = await start({
    config,
    log: createLogger({ level: config.logLevel }),
    onStatements: (texts) => statements.add(texts),
    ...options,
  });
  const sockets = new Set<{ dispose(): void | Promise<void> }>();
  const agent = new Agent({ keepAlive: true });
  const clientOf = (authorization?: Promise<unknown>): Client =>
    createTestClient({ url: gateway.url, agent, authorization, statements, sockets });
  const endSubscriptions = async (): Promise<void> => {
    for (const socket of sockets) await socket.dispose();
    sockets.clear();
  };

  return {
    url: gateway.url,
    metricsUrl: gateway.metricsUrl,
    databaseUrl: database.url,
    sql,
    get watched() {
      return gateway.watched;
    },
    async metrics() {
      const { body } = await exchange(new URL('/metrics', gateway.url), { agent });
      return Object.fromEntries(
        [...body.matchAll(/^broadsheet_(\w+) (\d+)$/gm)].map(([, name, value]) => [name!, Number(value)]),
      );
    },
    post: (payload) =>
      exchange(gateway.url, {
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(payload),
      }),
    async statementsDuring(work) {
      statements.restart();
      await work();
      return statements.texts;
    },
    ...clientOf(),
    showing: (authorization) => clientOf(Promise.resolve(authorization)),
    as: (person) => clientOf(tokenOf(person).then((token) => `Bearer ${token}`)),
    async secondConnection() {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      return client;
    },
    endSubscriptions,
    stopGateway: () => gateway.stop(),
    async stop() {
      await endSubscriptions();
      agent.destroy();
      await gateway.stop();
      await sql.end();
      await database.drop();
    },
  };
}

function recordStatements(): StatementRecord & { add(texts: readonly string[]): void } {
  return {
    texts: [],
    roundTrips: 0,
    restart() {
      this.texts = [];
      this.roundTrips = 0;
    },
    add(texts) {
      if (texts.some((text) => BACKGROUND.has(text))) return;
      this.texts.push(...texts);
      this.roundTrips += 1;
    },
  };
}

/** Waits until no client is connected and no resource of one is left. @throws with the number of each that is left */
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

/**
 * Waits until a condition holds, looking again every few milliseconds.
 * @param limit milliseconds after which it throws, naming the condition
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { limit = 60_000 } = {},
): Promise<void> {
  const end = Date.now() + limit;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`Waited ${limit / 1_000} s until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
