import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Statement } from '../schema/content/context.ts';
import { StatementBatch } from '../src/database/statement-batch.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { until } from './gateway.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
});

beforeEach(async () => {
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return () => client.end();
});

afterAll(() => database.drop());

const statement = (name: string, text: string, ...values: unknown[]): Statement => ({ name, text, values });

/** The rows of the statements, or the message of the error. */
const run = (...statements: Statement[]): Promise<unknown> =>
  new Promise((resolve) => {
    client.query(new StatementBatch(client, statements, (error, rows) => resolve(error ? error.message : rows)));
  });

it('reads each statement by the types of its own columns, whether it is sent first, again or twice', async () => {
  const one = statement('one', 'SELECT $1::int, $2::text, NULL::json', 1, 'one');
  const two = statement('two', `SELECT $1::json, timestamptz '2026-01-01Z'`, '{"a":[2]}');
  const none = statement('none', 'SELECT WHERE false');
  const nothing = statement('nothing', `SET LOCAL statement_timeout = 0`);
  const rows = [[[1, 'one', null]], [[{ a: [2] }, new Date('2026-01-01Z')]], [], [[1, 'one', null]], []];
  for (let times = 0; times < 3; times++) expect(await run(one, two, none, one, nothing)).toEqual(rows);
  expect(await run({ text: 'SELECT $1::int', values: [4] }, { text: 'SELECT $1', values: ['x'] })).toEqual([
    [[4]],
    [['x']],
  ]);
});

it('answers an error of any part once, changes nothing, and goes on', async () => {
  await client.query('CREATE TABLE written (n int)');
  const write = statement('write', 'INSERT INTO written VALUES ($1) RETURNING n', 1);
  const divide = (by: unknown) => statement('divide', 'SELECT 1 / $1::int', by);
  const after = statement('after', 'SELECT 3');
  const circle: Record<string, unknown> = {};
  circle.own = circle;
  // In Parse, in Bind, in Execute, and before anything is sent.
  expect(await run(write, statement('later', 'SELECT n FROM later'), after)).toMatch(/"later" does not exist/);
  expect(await run(write, divide('x'), after)).toMatch(/invalid input syntax/);
  expect(await run(write, divide(0), after)).toMatch(/division by zero/);
  expect(await run(write, divide(circle), after)).toMatch(/circular/);
  expect(await run(write, statement('divide', 'SELECT 4'))).toMatch(/two statements named divide/);
  const { rows } = await client.query('SELECT n FROM written');
  expect(rows).toEqual([]);
  await client.query('CREATE TABLE later (n int)');
  expect(await run(write, statement('later', 'SELECT n FROM later'), divide(1), after)).toEqual([
    ...[[[1]], [], [[1]]],
    [[3]],
  ]);
});

it('ends once where the client has a limit of its own, and tells of it', async () => {
  const limited = new pg.Client({ connectionString: `${database.url}?query_timeout=200` });
  await limited.connect();
  const { rows } = await limited.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const ends: unknown[] = [];
  const send = (text: string): void => {
    const batch = new StatementBatch(limited, [statement(text, text)], (error) => ends.push(error?.message ?? text));
    limited.query(batch);
  };
  send('SELECT 1');
  send('SELECT pg_sleep(0.5)');
  // The limits of both have passed then.
  await until('the second one has ended', async () => {
    const { rows: states } = await client.query('SELECT state, query FROM pg_stat_activity WHERE pid = $1', [
      rows[0]!.pid,
    ]);
    return states[0].state === 'idle' && states[0].query.includes('pg_sleep');
  });
  expect(ends).toEqual(['SELECT 1', 'Query read timeout']);
  await limited.end();
});
