import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { CancelSignal } from '../src/database/index.ts';
import { ConnectionSlots, type WorkKind } from '../src/database/pool/connection-slots.ts';
import { OverloadedError } from '../src/database/pool/overloaded-error.ts';
import { openPool, type Pool } from '../src/database/pool.ts';
import { createErrorMask } from '../src/execution/error-mask.ts';
import { createLogger } from '../src/logger.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';

/** Slots whose statements record who gets one. */
function openSlots(total: number) {
  const slots = new ConnectionSlots(total);
  const served: string[] = [];
  const refused: string[] = [];
  return {
    slots,
    served,
    refused,
    wait: (kind: WorkKind, sender: string) =>
      slots.wait(kind, sender, (error) => (error ? refused : served).push(sender)),
    takeAll(kind: WorkKind): number {
      let taken = 0;
      while (slots.tryTake(kind)) taken += 1;
      return taken;
    },
  };
}

describe('the slots of the connections', () => {
  it.each<[WorkKind, number]>([
    ['read', 6],
    ['write', 5],
    ['live', 2],
    ['expensive', 2],
    ['staff', 6],
    ['snapshot', 4],
  ])('leave each other kind its reserve of ten when %s takes all it can, which is %i', (kind, most) => {
    const { slots, takeAll } = openSlots(10);
    expect(takeAll(kind)).toBe(most);
    for (const other of ['read', 'write', 'live', 'staff'] as const)
      if (other !== kind) expect(slots.tryTake(other), other).toBe(true);
    slots.close();
  });

  it.each([2, 3, 4, 7, 8, 500])(
    'of %i connections let Prisma read while snapshots and changes hold all they can',
    (total) => {
      const { slots, takeAll, wait, served } = openSlots(total);
      takeAll('snapshot');
      const changes = takeAll('write');
      wait('prisma', 'prisma');
      if (served.length === 0 && changes > 0) slots.release('write');
      expect(served.length + Number(slots.tryTake('prisma'))).toBeGreaterThan(0);
      slots.close();
    },
  );

  it('are given to senders in turn, the oldest statement of each first', () => {
    const { slots, takeAll, wait, served } = openSlots(2);
    takeAll('read');
    for (const sender of ['a', 'a', 'a', 'b', 'c', 'b']) wait('read', sender);
    for (let n = 0; n < 6; n += 1) slots.release('read');
    expect(served.join('')).toBe('abcaba');
    slots.close();
  });

  it('are given first to a kind below its reserve', () => {
    const { slots, takeAll, wait, served } = openSlots(10);
    takeAll('read');
    takeAll('write');
    takeAll('live');
    takeAll('staff');
    wait('read', 'reader');
    wait('staff', 'moderator');
    slots.release('staff');
    expect(served).toEqual(['moderator']);
    slots.close();
  });

  it('refuse at once when a sender has too many waiting, and serve others', () => {
    const { slots, takeAll, wait, served } = openSlots(2);
    takeAll('read');
    for (let n = 0; n < 5_000; n += 1) wait('read', 'greedy');
    expect(() => wait('read', 'greedy')).toThrow(OverloadedError);
    wait('read', 'modest');
    slots.release('read');
    slots.release('read');
    expect(served).toEqual(['greedy', 'modest']);
    slots.close();
  });

  it('refuse the newest statement of the longest queue when all are full', () => {
    const { slots, takeAll, wait, refused } = openSlots(2);
    takeAll('read');
    for (const sender of ['one', 'two']) for (let n = 0; n < 5_000; n += 1) wait('read', sender);
    wait('read', 'modest');
    expect(refused).toHaveLength(1);
    expect(slots.waiting).toBe(10_000);
    slots.close();
  });

  it('forget a statement that no longer waits', () => {
    const { slots, takeAll, wait, served } = openSlots(2);
    takeAll('read');
    const first = wait('read', 'a');
    wait('read', 'b');
    expect([slots.leave(first), slots.leave(first)]).toEqual([true, false]);
    slots.release('read');
    expect(served).toEqual(['b']);
    slots.close();
  });
});

it('a request that is refused gets 503 with Retry-After', () => {
  const { extensions } = createErrorMask(createLogger({ level: 'silent' }))(new OverloadedError());
  expect(extensions).toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    http: { status: 503, headers: { 'retry-after': '5' } },
  });
});

describe('the database under load', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await createTestDatabase();
    pool = openPool({ url: database.url, config: readConfig({}), log: createLogger({ level: 'silent' }) });
  });
  afterAll(async () => {
    await pool.close();
    await database.drop();
  });

  const sleep = { text: 'SELECT pg_sleep(600)', values: [] };
  const short = { text: 'SELECT 1', values: [] };

  it('serves other kinds of work and other senders while one sender keeps all connections for reads busy', async () => {
    const leave = new CancelSignal();
    const greedy = pool.forWork({ kind: 'read', sender: 'greedy', signal: leave });
    const results = Promise.allSettled(Array.from({ length: 100 }, () => greedy.query(sleep)));
    expect(await pool.query(short)).toEqual([[1]]);
    expect(await pool.forWork({ kind: 'staff', sender: 'moderator' }).query(short)).toEqual([[1]]);
    expect(await pool.transaction((tx) => tx.query(short))).toEqual([[1]]);
    const modest = pool.forWork({ kind: 'read', sender: 'modest' }).query(short);
    leave.cancel();
    expect(await modest).toEqual([[1]]);
    for (const result of await results) expect(result).toMatchObject({ reason: { name: 'AbortedError' } });
  });
});

describe('a gateway', () => {
  let gateway: TestGateway;
  let impatient: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway();
    impatient = await startGateway(undefined, { STATEMENT_TIMEOUT: '300' });
  });
  afterAll(async () => {
    await impatient.stop();
    await gateway.stop();
  });

  it('answers 500 readers that ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 500 }, () => gateway.ask('{ topics { totalCount } }')));
    expect(answers.filter(({ status, errors }) => status !== 200 || errors)).toEqual([]);
  });

  it('answers a search that takes too long with QUERY_TIMEOUT, and another query with SERVICE_UNAVAILABLE', async () => {
    const other = await impatient.secondConnection();
    await other.query('BEGIN; LOCK TABLE search_document, topic');
    const search = await impatient.ask('{ search(query: "city", first: 1) { totalCount nodes { __typename } } }');
    expect(search).toMatchObject({ status: 200, errors: [{ extensions: { code: 'QUERY_TIMEOUT' } }] });
    const topics = await impatient.ask('{ topics { totalCount } }');
    expect(topics).toMatchObject({ status: 503, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
    await other.query('ROLLBACK');
    await other.end();
    await until('it answers again', async () => !(await impatient.ask('{ topics { totalCount } }')).errors);
  });
});
