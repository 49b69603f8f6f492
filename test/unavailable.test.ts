import { createServer } from 'node:net';
import type { GraphQLError } from 'graphql';
import { afterEach, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openPool, type Pool } from '../src/database/pool.ts';
import { createErrorMask, SERVICE_UNAVAILABLE } from '../src/execution/errors.ts';
import { createLogger } from '../src/logger.ts';
import { createTestDatabase } from './database.ts';
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

const NOW = { text: 'SELECT now()', values: [] };

/** Ways in which a database is not there. */
const ways: Record<string, () => Promise<unknown>> = {
  'has a name that nobody knows': async () => open('postgres://nobody@database.invalid/none').query(NOW),
  'is where nothing listens': async () => open('postgres://nobody@127.0.0.1:1/none').query(NOW),
  async 'takes connections and says nothing'() {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closers.push(() => silent.close());
    return open(`postgres://nobody@127.0.0.1:${(silent.address() as { port: number }).port}/none`).query(NOW);
  },
  async 'stops answering'() {
    const url = new URL(await database());
    const way = await startProxy(Number(url.port));
    closers.push(() => way.close());
    url.port = `${way.port}`;
    const pool = open(url.href);
    await pool.query(NOW);
    way.freeze();
    return pool.query(NOW);
  },
  'takes too long': async () => open(await database()).query({ text: 'SELECT pg_sleep(60)', values: [] }),
  'has given up a transaction of a gateway that stood still': async () =>
    open(await database()).transaction(async (tx) => {
      await tx.query(NOW);
      // The whole process does, for longer than a statement may take.
      for (const end = performance.now() + 400; performance.now() < end; );
      await tx.query(NOW);
    }),
};

it.each(Object.keys(ways))('a database that %s is one that may be asked again later', async (way) => {
  const error = await ways[way]!().then(
    () => new Error('It was there.'),
    (cause: Error) => cause,
  );
  const { extensions } = createErrorMask(log)(error) as GraphQLError;
  expect(extensions, `${error}`).toMatchObject({ code: SERVICE_UNAVAILABLE });
});
