import { createServer } from 'node:net';
import type { GraphQLError } from 'graphql';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { CancelSignal } from '../src/database/cancel-signal.ts';
import { hasChangedNothing } from '../src/database/changed-nothing.ts';
import { openPool, type Pool } from '../src/database/pool.ts';
import { createErrorMask } from '../src/execution/error-mask.ts';
import { SERVICE_UNAVAILABLE } from '../src/execution/unavailable.ts';
import { createLogger } from '../src/logger.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { until } from './gateway.ts';
import { startProxy, type TestProxy } from './proxy.ts';

const log = createLogger({ level: 'silent' });
const closers: (() => unknown)[] = [];

afterEach(() => closeAll(closers));

interface OpenOptions extends Pick<Parameters<typeof openPool>[0], 'onStatements'> {
  /** Milliseconds. */
  statementTimeout?: number;
  connectTimeout?: number;
}

/** Limits within which the database answers even on a busy machine. */
const PATIENT = { statementTimeout: 10_000, connectTimeout: 30_000 };

function open(url: string, { statementTimeout = 200, connectTimeout = 200, ...observer }: OpenOptions = {}): Pool {
  const config = readConfig({ STATEMENT_TIMEOUT: `${statementTimeout}`, CONNECT_TIMEOUT: `${connectTimeout}` });
  const pool = openPool({ url, config, log, ...observer });
  closers.push(() => pool.close());
  return pool;
}

async function database(): Promise<string> {
  const { url, drop } = await createTestDatabase();
  closers.push(drop);
  return url;
}

/** @returns the address of the database through the proxy */
async function proxied(address: string): Promise<{ proxy: TestProxy; url: string }> {
  const url = new URL(address);
  const proxy = await startProxy(Number(url.port));
  closers.push(() => proxy.close());
  url.port = `${proxy.port}`;
  return { proxy, url: url.href };
}

const reads = {
  'a statement written by hand': (pool: Pick<Pool, 'query'>) =>
    pool.query({ text: 'SELECT FROM topic WHERE id = 1', values: [] }),
  'a query of Prisma': ({ prisma }: Pool) => prisma.topic.findUnique({ where: { id: 1 } }),
};

type Read = (pool: Pool) => Promise<unknown>;

const WAITING = "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";

/** Another connection, which holds a lock that every query waits for. */
async function lockOut(url: string): Promise<pg.Client> {
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  closers.push(() => other.end());
  await other.query('BEGIN; LOCK TABLE topic');
  return other;
}

async function isWaitedFor(other: pg.Client): Promise<boolean> {
  // Otherwise it would see the same activity until its transaction ends.
  await other.query('SELECT pg_stat_clear_snapshot()');
  return (await other.query(`SELECT ${WAITING}`)).rowCount === 1;
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
    const { proxy, url } = await proxied(await database());
    const pool = open(url);
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
    const closed = until('it waits', () => isWaitedFor(other)).then(() =>
      other.query(`SELECT pg_terminate_backend(pid) ${WAITING}`),
    );
    await Promise.all([read(open(url)), closed]);
  },
};

/** Blocks the whole thread, and takes no processor time that the database may need. */
function blockFor(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

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
        blockFor(400);
        await tx.query(now);
      }),
    ),
  ));

describe('when the primary has become a standby, whose connections can only read', () => {
  const write = { text: `INSERT INTO secret (name, value) VALUES ('one', '') ON CONFLICT DO NOTHING`, values: [] };

  it.each<[string, (pool: Pool) => Promise<unknown>]>([
    ['statements that are sent together', (pool) => pool.transactionAtOnce([write])],
    ['a transaction', (pool) => pool.transaction((tx) => tx.query(write))],
    [
      'a transaction whose statement is sent with the commit',
      (pool) => pool.transaction(async (tx) => tx.enqueue(write)),
    ],
  ])('%s fails with SERVICE_UNAVAILABLE, and then has a new connection', async (_, change) => {
    const url = await database();
    const sql = new pg.Client({ connectionString: url });
    await sql.connect();
    closers.push(() => sql.end());
    const name = pg.escapeIdentifier(new URL(url).pathname.slice(1));
    await sql.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const pool = open(url, PATIENT);
    await expectUnavailable(change(pool));
    await sql.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    await change(pool);
    expect((await sql.query(`SELECT FROM secret WHERE name = 'one'`)).rowCount).toBe(1);
  });
});

it('a change is known to have failed by the code of its error, in whatever language PostgreSQL writes', () => {
  const errorOf = (severity: string, code: string): Error =>
    Object.assign(new pg.DatabaseError('Fehler', 6, 'error'), { severity, code });
  expect(hasChangedNothing(errorOf('FEHLER', '23505'))).toBe(true);
  expect(hasChangedNothing(errorOf('FATAL', '57P01'))).toBe(false);
});

it('an answer that arrived while the process was blocked is read, and its connection stays open', async () => {
  let block = false;
  const pool = open(await database(), {
    ...{ statementTimeout: 500, connectTimeout: 2_500 },
    onStatements() {
      // Once it is sent, longer than both together.
      if (block) setImmediate(() => blockFor(3_500));
    },
  });
  const one = { text: 'SELECT pg_backend_pid()', values: [] };
  const before = await pool.query(one);
  block = true;
  expect(await pool.query(one)).toEqual(before);
});

it('a cancelled statement ends, and with it the use of its connection, when the database vanishes without closing connections', async () => {
  const address = await database();
  const other = await lockOut(address);
  const { proxy, url } = await proxied(address);
  let sent = 0;
  const pool = open(url, {
    ...{ statementTimeout: 2_500, connectTimeout: 2_500 },
    onStatements: () => {
      sent += 1;
    },
  });
  async function readAndLeave(isUnderWay: () => boolean | Promise<boolean>): Promise<void> {
    const signal = new CancelSignal();
    const read = reads['a statement written by hand'](pool.forWork({ kind: 'read', sender: 'reader', signal }));
    const ended = expect(read).rejects.toThrow();
    await until('it is under way', isUnderWay);
    signal.cancel();
    await ended;
  }
  await readAndLeave(() => isWaitedFor(other));
  proxy.swallow();
  await readAndLeave(() => sent === 2);
  expect(pool.usage().shares.filter(({ running }) => running > 0)).toEqual([]);
});
