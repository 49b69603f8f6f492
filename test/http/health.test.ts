import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onServer } from '../database.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { write } from '../seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  const seed = (sql: pg.Client) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] });
  // The lost connections are logged.
  gateway = await startGateway(seed, { LOG_LEVEL: 'silent' });
});

afterAll(() => gateway.stop());

async function status(path: string, method = 'GET'): Promise<number> {
  return (await fetch(new URL(path, gateway.url), { method })).status;
}

const askTitle = () => gateway.ask('{ article(slug: "article-1") { title } }');

it('/health answers 200 while the process runs, /ready only while the database answers', async () => {
  expect(
    await Promise.all(['GET', 'HEAD'].flatMap((method) => [status('/health', method), status('/ready', method)])),
  ).toEqual([200, 200, 200, 200]);
  const name = new URL(gateway.databaseUrl).pathname.slice(1);
  // A database that is in use cannot be renamed, so all connections are ended, this test's too. The gateway would connect
  // again at once.
  gateway.sql.on('error', () => undefined);
  await onServer(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await onServer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
  await onServer(`ALTER DATABASE ${name} RENAME TO ${name}_away`);
  await onServer(`ALTER DATABASE ${name}_away ALLOW_CONNECTIONS true`);
  expect([await status('/health'), await status('/ready')]).toEqual([200, 503]);
  expect(await askTitle()).toMatchObject({ status: 503, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
  await onServer(`ALTER DATABASE ${name}_away RENAME TO ${name}`);
  expect(await status('/ready')).toBe(200);
  expect(await askTitle()).toMatchObject({ status: 200, data: { article: { title: 'Title 1' } } });
});
