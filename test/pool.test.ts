import pg from 'pg';
import { expect, it } from 'vitest';
import type { Queryable } from '../schema/content/context.ts';
import { readConfig } from '../src/config.ts';
import { openPool } from '../src/database/pool.ts';
import { createLogger } from '../src/logger.ts';
import { countStatements } from './bench/servers/counter.ts';
import { createTestDatabase } from './database.ts';
import { until } from './gateway.ts';

it.each(['between two statements', 'during a statement'])(
  'a transaction whose connection is lost %s rejects, and the pool serves the next statement',
  async (moment) => {
    const database = await createTestDatabase();
    const sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    const pool = openPool({ url: database.url, config: readConfig({}), log: createLogger({ level: 'silent' }) });

    const lost = pool.transaction(async (tx) => {
      const rows = await tx.query<[number]>({ text: 'SELECT pg_backend_pid()', values: [] });
      const [pid] = rows[0]!;
      await Promise.all([
        moment === 'during a statement' && tx.query({ text: 'SELECT pg_sleep(60)', values: [] }),
        sql.query('SELECT pg_terminate_backend($1)', [pid]),
      ]);
      await until('the backend has ended', async () => {
        const { rowCount } = await sql.query('SELECT FROM pg_stat_activity WHERE pid = $1', [pid]);
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

it('a snapshot rejects statements after its work has ended, when its connection may serve another request', async () => {
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

it('a transaction begins together with its first statement', async () => {
  const database = await createTestDatabase();
  const counter = await countStatements(database.url);
  const pool = openPool({ url: counter.url, config: readConfig({}), log: createLogger({ level: 'silent' }) });
  const open = {
    text: "SELECT pg_current_xact_id_if_assigned() IS NULL, current_setting('transaction_isolation')",
    values: [],
  };
  await pool.query(open);

  for (const [kind, isolation] of [
    ['transaction', 'read committed'],
    ['snapshot', 'repeatable read'],
  ] as const) {
    const [statements, roundTrips] = [counter.count(), counter.roundTrips()];
    expect(await pool[kind](async (tx) => [await tx.query(open), await tx.query(open)])).toEqual([
      [[true, isolation]],
      [[true, isolation]],
    ]);
    expect([counter.count() - statements, counter.roundTrips() - roundTrips]).toEqual([4, 3]);
  }
  await pool.close();
  await counter.stop();
  await database.drop();
});

it('a transaction whose first statement fails leaves a connection that can be used', async () => {
  const database = await createTestDatabase();
  const config = readConfig({ DATABASE_CONNECTIONS: '2' });
  const pool = openPool({ url: database.url, config, log: createLogger({ level: 'silent' }) });
  const failing = { name: 'failing', text: 'SELECT 1 / $1::int', values: [0] };
  const pid = { name: 'pid', text: 'SELECT pg_backend_pid(), pg_current_xact_id_if_assigned()::text', values: [] };
  const before = await pool.transaction((tx) => tx.query(pid));
  await expect(pool.transaction((tx) => tx.query(failing))).rejects.toThrow(/division by zero/);
  expect(await pool.transaction((tx) => tx.query({ ...failing, values: [1] }))).toEqual([[1]]);
  expect(await pool.transaction((tx) => tx.query(pid))).toEqual(before);
  await pool.close();
  await database.drop();
});
