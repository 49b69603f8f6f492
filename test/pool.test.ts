import pg from 'pg';
import { expect, it } from 'vitest';
import type { Queryable } from '../schema/content/context.ts';
import { readConfig } from '../src/config.ts';
import { openPool } from '../src/database/pool.ts';
import { createLogger } from '../src/logger.ts';
import { createTestDatabase } from './database.ts';
import { until } from './gateway.ts';

it.each(['between two statements', 'during a statement'])(
  'a transaction that loses its connection %s fails, and nothing else does',
  async (moment) => {
    const database = await createTestDatabase();
    const sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    const pool = openPool({ url: database.url, config: readConfig({}), log: createLogger({ level: 'silent' }) });

    const lost = pool.transaction(async (tx) => {
      const [[process] = [0]] = await tx.query<[number]>({ text: 'SELECT pg_backend_pid()', values: [] });
      await Promise.all([
        moment === 'during a statement' && tx.query({ text: 'SELECT pg_sleep(60)', values: [] }),
        sql.query('SELECT pg_terminate_backend($1)', [process]),
      ]);
      await until('it is gone', async () => {
        const { rowCount } = await sql.query('SELECT FROM pg_stat_activity WHERE pid = $1', [process]);
        return rowCount === 0;
      });
      await tx.query({ text: 'SELECT 1', values: [] });
    });
    await expect(lost).rejects.toThrow(/terminat|not queryable/);
    expect(await pool.query({ text: 'SELECT 1', values: [] })).toEqual([[1]]);

    await pool.close();
    await sql.end();
    await database.drop();
  },
);

it('a snapshot answers nothing after its work is done: its connection is another’s by then', async () => {
  const database = await createTestDatabase();
  const pool = openPool({ url: database.url, config: readConfig({}), log: createLogger({ level: 'silent' }) });
  const statement = { text: 'SELECT 1', values: [] };
  let kept: Queryable | undefined;
  let left: Promise<unknown> | undefined;
  await pool.snapshot(async (db) => {
    kept = db;
    expect(await Promise.all([db.query(statement), db.query(statement)])).toEqual([[[1]], [[1]]]);
    left = expect(Promise.all([db.query(statement), db.query(statement)])).rejects.toThrow(/snapshot has ended/);
  });
  await left;
  await expect(kept!.query(statement)).rejects.toThrow(/snapshot has ended/);
  expect(await pool.query(statement)).toEqual([[1]]);
  await pool.close();
  await database.drop();
});
