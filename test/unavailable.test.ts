import { createServer } from 'node:net';
import type { GraphQLError } from 'graphql';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openPool, type Pool } from '../src/database/pool.ts';
import { createErrorMask } from '../src/execution/error-mask.ts';
import { SERVICE_UNAVAILABLE } from '../src/execution/unavailable.ts';
import { createLogger } from '../src/logger.ts';
import { createTestDatabase } from './database.ts';
import { until } from './gateway.ts';
import { startProxy } from './proxy.ts';

const log = createLogger({ level: 'silent' });
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(url: string): Pool {
  const pool = openPool({ url, config: readConfig({ STATEMENT_TIMEOUT: '200', CONNECT_TIMEOUT: '200' }), log });
  closers.push(() => pool.close());
  return pool;
}

async function database(): Promise<string> {
  const { url, drop } = await createTestDatabase();
  closers.push(drop);
  return url;
}

const askers = {
  'a statement written by hand': (pool: Pool) => pool.query({ text: 'SELECT FROM topic WHERE id = 1', values: [] }),
  'a query of Prisma': ({ prisma }: Pool) => prisma.topic.findUnique({ where: { id: 1 } }),
};

type Ask = (pool: Pool) => Promise<unknown>;

/** Another connection, which holds a lock that every query waits for. */
async function lockOut(url: string): Promise<pg.Client> {
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  closers.push(() => other.end());
  await other.query('BEGIN; LOCK TABLE topic');
  return other;
}

/** Ways in which a database is unavailable. */
const ways: Record<string, (ask: Ask) => Promise<unknown>> = {
  'has an unknown host name': (ask) => ask(open('postgres://nobody@database.invalid/none')),
  'has a port on which nothing listens': (ask) => ask(open('postgres://nobody@127.0.0.1:1/none')),
  async 'accepts connections and sends nothing'(ask) {
    const silent = createServer((socket) => socket.resume().on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closers.push(() => silent.close());
    return ask(open(`postgres://nobody@127.0.0.1:${(silent.address() as { port: number }).port}/none`));
  },
  async 'stops answering'(ask) {
    const url = new URL(await database());
    const way = await startProxy(Number(url.port));
    closers.push(() => way.close());
    url.port = `${way.port}`;
    const pool = open(url.href);
    await ask(pool);
    way.freeze();
    return ask(pool);
  },
  async 'takes too long'(ask) {
    const url = await database();
    await lockOut(url);
    return ask(open(url));
  },
  async 'closes the connection'(ask) {
    const url = await database();
    const other = await lockOut(url);
    const waiting = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    const closed = until('it waits', async () => (await other.query(`SELECT ${waiting}`)).rowCount === 1).then(() =>
      other.query(`SELECT pg_terminate_backend(pid) ${waiting}`),
    );
    await Promise.all([ask(open(url)), closed]);
  },
};

async function expectUnavailable(work: Promise<unknown>): Promise<void> {
  const error = await work.then(
    () => new Error('The database answered.'),
    (cause: Error) => cause,
  );
  const { extensions } = createErrorMask(log)(error) as GraphQLError;
  expect(extensions, `${error}`).toMatchObject({ code: SERVICE_UNAVAILABLE });
}

describe.each(Object.entries(askers))('%s fails with SERVICE_UNAVAILABLE', (_, ask) => {
  it.each(Object.entries(ways))('when the database %s', (_, way) => expectUnavailable(way(ask)));
});

it('a transaction that stood still longer than a statement may take fails with SERVICE_UNAVAILABLE', () =>
  expectUnavailable(
    database().then((url) =>
      open(url).transaction(async (tx) => {
        const now = { text: 'SELECT now()', values: [] };
        await tx.query(now);
        // The whole process stands still.
        for (const end = performance.now() + 400; performance.now() < end; );
        await tx.query(now);
      }),
    ),
  ));
