import { createServer } from 'node:net';
import type { GraphQLError } from 'graphql';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openPool, type Pool } from '../src/database/pool.ts';
import { createErrorMask } from '../src/execution/error-mask.ts';
import { SERVICE_UNAVAILABLE } from '../src/execution/unavailable.ts';
import { createLogger } from '../src/logger.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { until } from './gateway.ts';
import { startProxy } from './proxy.ts';

const log = createLogger({ level: 'silent' });
const closers: (() => unknown)[] = [];

afterEach(() => closeAll(closers));

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

const reads = {
  'a statement written by hand': (pool: Pool) => pool.query({ text: 'SELECT FROM topic WHERE id = 1', values: [] }),
  'a query of Prisma': ({ prisma }: Pool) => prisma.topic.findUnique({ where: { id: 1 } }),
};

type Read = (pool: Pool) => Promise<unknown>;

/** Another connection, which holds a lock that every query waits for. */
async function lockOut(url: string): Promise<pg.Client> {
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  closers.push(() => other.end());
  await other.query('BEGIN; LOCK TABLE topic');
  return other;
}

/** Ways in which a database is unavailable. */
const outages: Record<string, (read: Read) => Promise<unknown>> = {
  'has an unknown host name': (read) => read(open('postgres://nobody@database.invalid/none')),
  'has a port on which nothing listens': (read) => read(open('postgres://nobody@127.0.0.1:1/none')),
  async 'accepts connections and sends nothing'(read) {
    const silent = createServer((socket) => socket.resume().on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closers.push(() => silent.close());
    return read(open(`postgres://nobody@127.0.0.1:${(silent.address() as { port: number }).port}/none`));
  },
  async 'stops answering'(read) {
    const url = new URL(await database());
    const proxy = await startProxy(Number(url.port));
    closers.push(() => proxy.close());
    url.port = `${proxy.port}`;
    const pool = open(url.href);
    await read(pool);
    proxy.freeze();
    return read(pool);
  },
  async 'takes too long'(read) {
    const url = await database();
    await lockOut(url);
    return read(open(url));
  },
  async 'closes the connection'(read) {
    const url = await database();
    const other = await lockOut(url);
    const waiting = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    const closed = until('it waits', async () => (await other.query(`SELECT ${waiting}`)).rowCount === 1).then(() =>
      other.query(`SELECT pg_terminate_backend(pid) ${waiting}`),
    );
    await Promise.all([read(open(url)), closed]);
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

describe.each(Object.entries(reads))('%s fails with SERVICE_UNAVAILABLE', (_, read) => {
  it.each(Object.entries(outages))('when the database %s', (_, outage) => expectUnavailable(outage(read)));
});

it('a transaction fails with SERVICE_UNAVAILABLE when the process is blocked longer than STATEMENT_TIMEOUT', () =>
  expectUnavailable(
    database().then((url) =>
      open(url).transaction(async (tx) => {
        const now = { text: 'SELECT now()', values: [] };
        await tx.query(now);
        // Blocks the whole process.
        for (const end = performance.now() + 400; performance.now() < end; );
        await tx.query(now);
      }),
    ),
  ));
