import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Job } from '../schema/content/context.ts';
import { readConfig } from '../src/config.ts';
import { openPool, type Pool } from '../src/database/pool.ts';
import { type JobRunner, startJobs } from '../src/jobs/job-runner.ts';
import { createLogger } from '../src/logger.ts';
import { createTestDatabase } from './database.ts';
import { until } from './gateway.ts';

const HOUR = 3_600_000;

let pool: Pool;
let runner: JobRunner;
let jobs = 0;
let dropDatabase: () => Promise<void>;
const lines: string[] = [];

beforeAll(async () => {
  const { url, drop } = await createTestDatabase();
  dropDatabase = drop;
  pool = openPool({ url, config: readConfig({}), log: createLogger({ level: 'silent' }) });
});

afterEach(() => runner.close());

afterAll(async () => {
  await pool.close();
  await dropDatabase();
});

function run(...started: Job[]): void {
  lines.length = 0;
  runner = startJobs({
    jobs: started,
    db: pool,
    change: () => Promise.reject(new Error('No job of these tests changes anything.')),
    wakePublicationReaders() {},
    log: createLogger({ level: 'error', out: { write: (line) => lines.push(line) } }),
  });
}

/** A job that counts its steps. */
function counted(due: Job['due'], step: (n: number) => boolean | Promise<boolean>): Job & { steps: number } {
  jobs += 1;
  const job = {
    name: `counted-${jobs}`,
    due,
    steps: 0,
    async step() {
      job.steps += 1;
      return step(job.steps);
    },
  };
  return job;
}

it('retries a job that fails, logs its name and the cause, and runs the other jobs meanwhile', async () => {
  let attempts = 0;
  const failing: Job = {
    name: 'failing',
    due: { every: 50 },
    step() {
      attempts += 1;
      return Promise.reject(new Error('Out of paper.'));
    },
  };
  const wrong: Job = { name: 'wrong', due: { sql: 'SELECT nothing' }, step: async () => false };
  const other = counted({ every: 50 }, () => false);
  run(failing, wrong, other);
  await until('it was retried', () => attempts > 2);
  // Its repetitions are counted in further lines some seconds later.
  expect(lines.filter((line) => line.includes('"failing"') && !line.includes('"repeated"'))).toHaveLength(1);
  await until('the other runs on', () => other.steps > 3);
  await until('the wrong one has failed', () => lines.some((line) => line.includes('"wrong"')));
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        msg: 'A scheduled job failed and will be retried',
        job: 'failing',
        retryInSeconds: 0.05,
        err: expect.objectContaining({ message: 'Out of paper.' }),
      }),
      expect.objectContaining({ job: 'wrong', retryInSeconds: 2 }),
    ]),
  );
});

it('repeats a step while more is due, then waits for its interval', async () => {
  const job = counted({ every: HOUR }, (n) => n < 3);
  run(job);
  await until('it has done all', () => job.steps === 3);
  runner.wake(job);
  await until('it runs because it was woken', () => job.steps === 4);
});

it('runs a job at the time that its SQL returns, and never for null', async () => {
  await pool.query({ text: 'CREATE TABLE due_test (at timestamptz)', values: [] });
  const job = counted({ sql: 'SELECT min(at) FROM due_test' }, async (n) => {
    const later = n === 1 ? `clock_timestamp() + interval '300 ms'` : 'NULL';
    const due = `UPDATE due_test SET at = ${later} WHERE at <= clock_timestamp() RETURNING at`;
    return (await pool.query({ text: due, values: [] })).length === 1;
  });
  const never = counted({ sql: 'SELECT NULL::timestamptz' }, () => true);
  run(job, never);
  await pool.query({ text: `INSERT INTO due_test VALUES (clock_timestamp() - interval '1 s')`, values: [] });
  runner.wake(job);
  await until('both times are over', () =>
    pool.query({ text: 'SELECT FROM due_test WHERE at IS NULL', values: [] }).then(({ length }) => length === 1),
  );
  expect(job.steps).toBe(2);
  expect(never.steps).toBe(0);
  expect(lines).toEqual([]);
});

it('when it closes, waits for the running step and starts no other', async () => {
  let finish!: () => void;
  const job = counted(
    { every: 1 },
    () =>
      new Promise((resolve) => {
        finish = () => resolve(true);
      }),
  );
  run(job);
  await until('a step runs', () => job.steps === 1);
  let isClosed = false;
  const closed = runner.close().then(() => {
    isClosed = true;
  });
  runner.wake(job);
  await pool.query({ text: 'SELECT 1', values: [] });
  expect(isClosed).toBe(false);
  finish();
  await closed;
  expect(job.steps).toBe(1);
});
