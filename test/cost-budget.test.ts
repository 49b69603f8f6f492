import { gzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RateLimitedError } from '../schema/content/errors.ts';
import { type CostBudget, createCostBudget } from '../src/auth/cost-budget.ts';
import type { RequestIdentity } from '../src/auth/identity.ts';
import type { PointLedger } from '../src/auth/point-ledger.ts';
import { openRateLimits } from '../src/auth/rate-limits.ts';
import { createLogger } from '../src/logger.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { startGateway, until } from './gateway.ts';
import { GRAPHQL_TYPE, get, JSON_TYPE, post, send } from './http/requests.ts';
import { openAcknowledged } from './protocol/socket.ts';
import { needsRedis, startRedis } from './redis-server.ts';

/** Points a minute; a window of ten seconds has 1,000 of them. */
const BUDGET = 6_000;
const WINDOW_POINTS = 1_000;

const closers: (() => unknown)[] = [];

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await closeAll(closers);
});

/** Stops the time by which windows end, at a whole millisecond, so that a test has one, however long it takes. */
function stopTime(): void {
  vi.spyOn(performance, 'now').mockReturnValue(Math.ceil(performance.now()));
}

function guest(address: string): RequestIdentity {
  return { viewer: null, address, expiresAt: null };
}

function member(id: number, role: 'READER' | 'WRITER' | 'MODERATOR' | 'ADMIN' = 'READER'): RequestIdentity {
  return { ...guest('192.0.2.1'), viewer: { author: { id, slug: '', name: '', kind: 'MEMBER' }, role } };
}

type Store = 'memory' | 'postgres' | 'redis' | 'off';

async function open(store: Store, url: string, lines: string[] = []): Promise<CostBudget> {
  const config = {
    ...{ rateLimits: store, costBudget: BUDGET, redisUrl: url },
    ...{ statementTimeout: 10_000, connectTimeout: 5_000 },
  };
  const log = createLogger({ level: 'info', out: { write: (line) => lines.push(line) } });
  const limits = await openRateLimits({ url, redisPrefix: 'test:', config, log });
  closers.push(() => limits.close());
  return limits.costBudget;
}

/** A server for the store, which is closed after the test. */
async function openStoreUrl(store: Store): Promise<string> {
  if (store === 'redis') {
    const redis = await startRedis();
    closers.push(() => redis.close());
    return redis.url;
  }
  const database = await createTestDatabase();
  closers.push(() => database.drop());
  return database.url;
}

/** Consumes points, and lets what was begun in the background go on. */
async function consume(budget: CostBudget, identity: RequestIdentity, cost: number): Promise<number> {
  return budget.consume(identity, cost);
}

/** Spends points in operations of one cost until one is refused. @returns the points of those that were not */
async function spend(budget: CostBudget, identity: RequestIdentity, cost: number): Promise<number> {
  for (let spent = 0; ; spent += cost) {
    try {
      await consume(budget, identity, cost);
    } catch (error) {
      expect(error).toBeInstanceOf(RateLimitedError);
      return spent;
    }
  }
}

/** The points of member 1 that all gateways have added. */
async function pointsInLedger(store: Store, url: string): Promise<number> {
  if (store === 'redis') {
    const redis = new Redis(url);
    const points = await redis.get('test:limit:cost:author:1');
    redis.disconnect();
    return Number(points);
  }
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query("SELECT points FROM rate_limit WHERE key = 'cost:author:1'");
  await client.end();
  return rows[0]?.points ?? 0;
}

describe.each(['memory', 'postgres', 'redis'] as const)('cost budgets in %s', (store) => {
  if (store === 'redis') beforeEach(needsRedis);

  it('let each address and each reader spend as much, and then state how long to wait', async () => {
    const budget = await open(store, await openStoreUrl(store));
    expect(await consume(budget, guest('192.0.2.1'), 300)).toBe(700);
    expect(await consume(budget, guest('192.0.2.1'), 700)).toBe(0);
    for (const identity of [guest('192.0.2.2'), member(1), member(2)])
      expect(await spend(budget, identity, 100)).toBe(WINDOW_POINTS);
    const refusal = await consume(budget, guest('192.0.2.1'), 1).catch((error) => error);
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED' });
    expect(refusal.retryAfterSeconds).toBeGreaterThanOrEqual(1);
    expect(refusal.retryAfterSeconds).toBeLessThanOrEqual(10);
  });

  it('do not bind staff', async () => {
    const budget = await open(store, await openStoreUrl(store));
    for (const role of ['WRITER', 'MODERATOR', 'ADMIN'] as const)
      for (let n = 0; n < 3; n++)
        expect(await consume(budget, member(3, role), WINDOW_POINTS)).toBe(Number.POSITIVE_INFINITY);
  });

  if (store !== 'memory')
    it('are shared by two gateways, but for a twentieth each', async () => {
      const url = await openStoreUrl(store);
      const [one, other] = [await open(store, url), await open(store, url)];
      expect(await spend(one, member(1), 50)).toBe(WINDOW_POINTS);
      await until('the ledger has what was spent', async () => (await pointsInLedger(store, url)) === WINDOW_POINTS);
      await consume(other, member(1), WINDOW_POINTS * 0.05);
      await until('the other gateway has read the ledger', async () => {
        const isRefused = await consume(other, member(1), 0).then(
          () => false,
          () => true,
        );
        return isRefused;
      });
      expect(await pointsInLedger(store, url)).toBe(WINDOW_POINTS * 1.05);
    });
});

describe('a cost budget', () => {
  it('is full again after the seconds that the refusal names', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const budget = await open('memory', '');
    for (let window = 0; window < 3; window++) {
      expect(await spend(budget, guest('192.0.2.1'), 100)).toBe(WINDOW_POINTS);
      const { retryAfterSeconds } = await consume(budget, guest('192.0.2.1'), 100).catch((error) => error);
      vi.advanceTimersByTime(retryAfterSeconds * 1_000);
    }
  });

  it('is full again after some seconds when the clock is set back', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const budget = await open('memory', '');
    await spend(budget, guest('192.0.2.1'), 100);
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(10_000);
    expect(await spend(budget, guest('192.0.2.1'), 100)).toBe(WINDOW_POINTS);
  });

  it('lets an operation that costs more than all of it run once a window', async () => {
    const budget = await open('memory', '');
    expect(await spend(budget, guest('192.0.2.1'), 5 * WINDOW_POINTS)).toBe(5 * WINDOW_POINTS);
    expect(await spend(budget, guest('192.0.2.1'), 1)).toBe(0);
    await consume(budget, guest('192.0.2.2'), 1);
    expect(await spend(budget, guest('192.0.2.2'), 5 * WINDOW_POINTS)).toBe(0);
  });

  it('has no limit when RATE_LIMITS is off', async () => {
    const budget = await open('off', '');
    expect(await consume(budget, guest('192.0.2.1'), 1e9)).toBe(Number.POSITIVE_INFINITY);
  });

  it('keeps a bounded number of senders', async () => {
    const budget = await open('memory', '');
    await spend(budget, guest('first'), 100);
    for (let n = 0; n < 50_000; n++) await consume(budget, guest(`2001:db8:${n >> 16}:${n}::/64`), 1);
    // The first one has been forgotten in favour of the others.
    expect(await spend(budget, guest('first'), 100)).toBe(WINDOW_POINTS);
  });

  it('logs one line about senders that it refuses, without their addresses', async () => {
    const lines: string[] = [];
    const budget = await open('memory', '', lines);
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.1']) await spend(budget, guest(address), 100);
    expect(lines).toEqual([expect.stringMatching(/"address":"public".+COST_BUDGET/)]);
    expect(lines.join()).not.toContain('192.0.2');
  });
});

describe('the ledger of a cost budget', () => {
  const log = createLogger({ level: 'silent' });

  function budgetOn(add: PointLedger['add']): CostBudget {
    return createCostBudget({ store: { openLedger: () => ({ add }) }, pointsPerMinute: BUDGET, log });
  }

  it('receives at most 20 additions for a whole budget, and none for a reader of pages', async () => {
    let total = 0;
    const add = vi.fn(async (_: string, points: number) => {
      total += points;
      return { consumedPoints: total, msBeforeNext: 10_000 };
    });
    const budget = budgetOn(add);
    for (let n = 0; n < 49; n++) await consume(budget, guest('192.0.2.1'), 1);
    expect(add).not.toHaveBeenCalled();
    expect(await spend(budget, guest('192.0.2.2'), 1)).toBe(WINDOW_POINTS);
    expect(add.mock.calls.length).toBeLessThanOrEqual(20);
    expect(total).toBe(WINDOW_POINTS);
  });

  it('is not awaited: while it does not answer, the gateway counts on its own', async () => {
    const add = vi.fn(() => new Promise<never>(() => {}));
    expect(await spend(budgetOn(add), guest('192.0.2.1'), 10)).toBe(WINDOW_POINTS);
    expect(add).toHaveBeenCalledTimes(1);
  });

  it('is asked again a second after it failed, with all points that it lacks', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const add = vi.fn<PointLedger['add']>().mockRejectedValueOnce(new Error('down'));
    add.mockResolvedValue({ consumedPoints: 990, msBeforeNext: 5_000 });
    const budget = budgetOn(add);
    for (let n = 0; n < 5; n++) await consume(budget, guest('192.0.2.1'), 100);
    expect(add).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_000);
    await consume(budget, guest('192.0.2.1'), 100);
    expect(add.mock.calls).toEqual([
      ['cost:address:192.0.2.1', 100],
      ['cost:address:192.0.2.1', 600],
    ]);
    expect(await spend(budget, guest('192.0.2.1'), 5)).toBe(10);
    const { retryAfterSeconds } = await consume(budget, guest('192.0.2.1'), 100).catch((error) => error);
    expect(retryAfterSeconds).toBe(5);
  });

  it('sets no window that is longer than its own, whatever clock another gateway has', async () => {
    stopTime();
    const budget = budgetOn(async () => ({ consumedPoints: WINDOW_POINTS, msBeforeNext: 3_600_000 }));
    await consume(budget, guest('192.0.2.1'), 100);
    const { retryAfterSeconds } = await consume(budget, guest('192.0.2.1'), 1).catch((error) => error);
    expect(retryAfterSeconds).toBe(10);
  });
});

it('an operation past the budget has the status 429 and Retry-After over HTTP, and its code everywhere', async () => {
  const gateway = await startGateway(undefined, { RATE_LIMITS: 'memory', COST_BUDGET: '1000' });
  closers.push(() => gateway.stop());
  stopTime();
  const query = '{ topics { totalCount } }';
  const subscription = 'subscription { articlePublished { id } }';
  // Spends the whole budget.
  await gateway.post({ query: '{ search(query: "word") { totalCount } }' });
  const error = {
    message: expect.stringMatching(/^Too many requests of this kind; try again in \d+ s\.$/),
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) },
  };
  for (const accept of [
    JSON_TYPE,
    GRAPHQL_TYPE,
    'text/event-stream',
    'multipart/mixed',
    `multipart/mixed, ${JSON_TYPE}`,
  ])
    for (const request of [
      () => post(gateway, { query }, { accept }),
      () => get(gateway, { query }, { accept }),
      ...(accept.startsWith('application') ? [] : [() => post(gateway, { query: subscription }, { accept })]),
    ]) {
      const { status, headers, json } = await request();
      expect([accept, status, json]).toEqual([accept, 429, { errors: [error] }]);
      expect(headers['retry-after']).toBe(String(json.errors![0]!.extensions!.retryAfterSeconds));
    }
  const socket = await openAcknowledged(gateway);
  socket.subscribe('query', query);
  expect((await socket.ended('query'))[0]).toMatchObject({ type: 'next', payload: { errors: [error] } });
  socket.subscribe('x', subscription);
  expect((await socket.ended('x'))[0]).toMatchObject({ type: 'next', payload: { errors: [error] } });
  await socket.close();
});

it('a long body costs points before it is parsed, also one that was compressed to a kilobyte', async () => {
  const gateway = await startGateway(undefined, { RATE_LIMITS: 'memory', COST_BUDGET: '6000' });
  closers.push(() => gateway.stop());
  stopTime();
  const body = JSON.stringify({
    query: '{ __typename }',
    variables: { lists: Array.from({ length: 300_000 }, () => []) },
  });
  const sendIt = () =>
    send(gateway, '/graphql', {
      method: 'POST',
      headers: { 'content-type': JSON_TYPE, 'content-encoding': 'gzip' },
      body: gzipSync(body),
    });
  expect((await sendIt()).status).toBe(200);
  const { status, headers, json } = await sendIt();
  expect([status, json.errors![0]!.extensions]).toEqual([
    429,
    { code: 'RATE_LIMITED', retryAfterSeconds: Number(headers['retry-after']) },
  ]);
  // A short one is not charged for its length.
  expect((await post(gateway, { query: '{ __typename }' })).status).toBe(200);
});

it('feeds and the sitemap cost points of the address', async () => {
  const gateway = await startGateway(undefined, {
    ...{ RATE_LIMITS: 'memory', COST_BUDGET: '6000', PUBLIC_URL: 'https://example.com/', TRUST_PROXY: '1' },
  });
  closers.push(() => gateway.stop());
  stopTime();
  const statuses = async (path: string, address: string, count: number) => {
    const found: number[] = [];
    for (let i = 0; i < count; i++)
      found.push((await send(gateway, path, { headers: { 'x-forwarded-for': address } })).status);
    return found;
  };
  expect(await statuses('/feed.xml', '192.0.2.1', 6)).toEqual([200, 200, 200, 200, 200, 429]);
  expect(await statuses('/sitemap.xml', '192.0.2.2', 2)).toEqual([200, 429]);
  expect(await statuses('/comments/feed.json', '192.0.2.3', 1)).toEqual([200]);
});

it('requests that wait for the same response are charged each', async () => {
  const gateway = await startGateway(undefined, { RATE_LIMITS: 'memory', COST_BUDGET: '6000', CACHE_SIZE: '1000000' });
  closers.push(() => gateway.stop());
  stopTime();
  const lock = await gateway.secondConnection();
  await lock.query('BEGIN; LOCK TABLE search_document IN ACCESS EXCLUSIVE MODE');
  const query = '{ search(query: "word") { nodes { __typename } } }';
  const all = Array.from({ length: 10 }, () => post(gateway, { query }));
  await until('one waits', async () => {
    const { rows } = await lock.query(
      "SELECT FROM pg_locks WHERE NOT granted AND relation = 'search_document'::regclass",
    );
    return rows.length === 1;
  });
  await lock.query('ROLLBACK');
  await lock.end();
  const statuses = (await Promise.all(all)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 429)).not.toHaveLength(0);
});
