import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { resolveAddress } from '../src/auth/client-address.ts';
import type { RequestIdentity } from '../src/auth/identity.ts';
import { createMemoryRateLimiter } from '../src/auth/rate-limit-store-memory.ts';
import { openRateLimits, type RateLimits } from '../src/auth/rate-limits.ts';
import { createLogger } from '../src/logger.ts';
import type { Client } from './client.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { startGateway, until } from './gateway.ts';
import { needsRedis, type RedisServer, startRedis } from './redis-server.ts';

/** The limit of comments of one sender in a minute. */
const COMMENTS_A_MINUTE = 10;

const closers: (() => unknown)[] = [];

afterEach(async () => {
  vi.useRealTimers();
  await closeAll(closers);
});

function guest(address: string): RequestIdentity {
  return { viewer: null, address, expiresAt: null };
}

function member(id: number, role: 'READER' | 'WRITER' | 'MODERATOR' | 'ADMIN' = 'READER'): RequestIdentity {
  return { ...guest('192.0.2.1'), viewer: { author: { id, slug: '', name: '', kind: 'MEMBER' }, role } };
}

/** Posts so many comments at once. @returns the refusals */
async function consume(
  limits: RateLimits,
  identity: RequestIdentity,
  { times }: { times: number },
): Promise<unknown[]> {
  const results = Array.from({ length: times }, () => limits.consume(identity, 'comment'));
  return (await Promise.allSettled(results)).flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
}

/** Opens rate limits that are stored in memory, in the database or in Redis. */
async function open(
  rateLimits: 'memory' | 'postgres' | 'redis',
  url: string,
  log = createLogger({ level: 'error' }),
): Promise<RateLimits> {
  const config = { rateLimits, costBudget: 600_000, redisUrl: url, statementTimeout: 10_000, connectTimeout: 5_000 };
  const limits = await openRateLimits({ url, redisPrefix: 'test:', config, log });
  closers.push(() => limits.close());
  return limits;
}

async function openRedis(): Promise<RedisServer> {
  const redis = await startRedis();
  closers.push(() => redis.close());
  return redis;
}

describe.each(['memory', 'postgres', 'redis'] as const)('rate limits in %s', (store) => {
  if (store === 'redis') beforeEach(needsRedis);

  async function openOnNewStore(): Promise<{ limits: RateLimits; url: string }> {
    if (store === 'redis') {
      const { url } = await openRedis();
      return { limits: await open(store, url), url };
    }
    const database = await createTestDatabase();
    closers.push(() => database.drop());
    return { limits: await open(store, database.url), url: database.url };
  }

  it('allow the limit and refuse more, for each member and each address separately', async () => {
    const { limits } = await openOnNewStore();
    for (const identity of [guest('192.0.2.1'), guest('192.0.2.2'), member(1), member(2)]) {
      const refusals = await consume(limits, identity, { times: COMMENTS_A_MINUTE + 3 });
      expect(refusals).toHaveLength(3);
      for (const refusal of refusals) {
        const { retryAfterSeconds } = refusal as { retryAfterSeconds: number };
        const extensions = { code: 'RATE_LIMITED', retryAfterSeconds };
        expect(refusal).toMatchObject({ code: 'RATE_LIMITED', extensions });
        expect(Number.isInteger(retryAfterSeconds) && retryAfterSeconds >= 1 && retryAfterSeconds <= 60).toBe(true);
      }
    }
    expect(await consume(limits, member(3, 'MODERATOR'), { times: 200 })).toEqual([]);
  });

  it('count what was refused under no limit, and allow actions again when the time has passed', async () => {
    const { limits } = await openOnNewStore();
    if (store === 'redis') return;
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    // The hour allows 100 comments. Refused ones of the first minute would use up all of them.
    for (let i = 0; i < 10; i++) {
      const refusals = await consume(limits, member(1), { times: COMMENTS_A_MINUTE + 15 });
      expect(refusals).toHaveLength(15);
      vi.advanceTimersByTime((refusals[0] as { retryAfterSeconds: number }).retryAfterSeconds * 1_000);
    }
    const [refusal, ...more] = await consume(limits, member(1), { times: 1 });
    expect(refusal).toMatchObject({ retryAfterSeconds: expect.closeTo(3_000, -2) });
    expect(more).toEqual([]);
  });

  if (store === 'memory')
    it('allow actions again when the time has passed, although the clock was set back', async () => {
      vi.useFakeTimers({ toFake: ['Date', 'performance'] });
      const { limits } = await openOnNewStore();
      await consume(limits, member(1), { times: COMMENTS_A_MINUTE + 1 });
      vi.setSystemTime(Date.now() - 3_600_000);
      vi.advanceTimersByTime(60_000);
      expect(await consume(limits, member(1), { times: COMMENTS_A_MINUTE })).toEqual([]);
    });

  if (store !== 'memory')
    it('are shared by all gateways on one store', async () => {
      const { limits, url } = await openOnNewStore();
      const other = await open(store, url);
      expect(await consume(limits, member(1), { times: 6 })).toEqual([]);
      expect(await consume(other, member(1), { times: 6 })).toHaveLength(2);
    });
});

describe('rate limits in Redis', () => {
  /** The log, one line each. */
  const lines: string[] = [];
  const log = createLogger({ level: 'info', out: { write: (line) => lines.push(line) } });
  beforeEach((context) => {
    needsRedis(context);
    lines.length = 0;
  });

  /** Milliseconds that one comment waits for the rate limit. */
  async function wait(limits: RateLimits, identity: RequestIdentity): Promise<number> {
    const before = performance.now();
    await limits.consume(identity, 'comment');
    return performance.now() - before;
  }

  it('are counted by each gateway separately while Redis is down, and together again afterwards', async () => {
    const redis = await openRedis();
    const [limits, other] = [await open('redis', redis.url, log), await open('redis', redis.url)];
    expect(await consume(limits, member(1), { times: 6 })).toEqual([]);

    await redis.stop();
    for (const each of [limits, other]) {
      expect(await consume(each, member(2), { times: COMMENTS_A_MINUTE })).toEqual([]);
      expect(await consume(each, member(2), { times: 3 })).toHaveLength(3);
    }
    await until('the outage is logged', () => lines.length > 0);

    await redis.start();
    await until('the end of the outage is logged', () => lines.length > 1);
    expect(lines).toEqual([
      expect.stringMatching(
        /"err":\{.+"msg":"Redis does not store rate limits; each gateway counts on its own until it does: check REDIS_URL"/,
      ),
      expect.stringContaining('"msg":"Redis stores rate limits again"'),
    ]);
    await until('the other gateway counts in Redis again', async () => {
      await other.consume(member(3), 'react');
      return (await keysOf(redis.url)).some((key) => key.endsWith('author:3'));
    });
    expect(await consume(limits, member(4), { times: 6 })).toEqual([]);
    expect(await consume(other, member(4), { times: 6 })).toHaveLength(2);
  });

  it('apply while Redis answers with errors, and the log contains the error', async () => {
    const redis = await openRedis();
    const limits = await open('redis', redis.url, log);
    const client = new Redis(redis.url);
    await client.config('SET', 'maxmemory', '1');
    expect(await consume(limits, member(1), { times: COMMENTS_A_MINUTE + 3 })).toHaveLength(3);
    expect(lines).toEqual([expect.stringContaining('OOM')]);
    await client.config('SET', 'maxmemory', '0');
    expect(await consume(limits, member(2), { times: COMMENTS_A_MINUTE + 3 })).toHaveLength(3);
    expect(lines[1]).toContain('"msg":"Redis stores rate limits again"');
    client.disconnect();
  });

  it('do not make requests wait for a frozen Redis', async () => {
    const redis = await openRedis();
    const limits = await open('redis', redis.url, log);
    redis.freeze();
    try {
      const waits = await Promise.all([1, 2, 3, 4].map((id) => wait(limits, member(id))));
      // Usually half a second, but the machine may be busy. It is frozen until the test is over.
      for (const milliseconds of waits) expect(milliseconds).toBeLessThan(10_000);
      let next = 5;
      await until('the connection is closed', async () => (await wait(limits, member(next++))) < 100);
      expect(lines).toEqual([expect.stringContaining('Redis did not reply within 500 ms')]);
      redis.thaw();
      await until('the end of the outage is logged', () => lines.length === 2);
      expect(await consume(limits, member(next), { times: COMMENTS_A_MINUTE + 3 })).toHaveLength(3);
      expect(lines).toHaveLength(2);
    } finally {
      redis.thaw();
    }
  });

  it('are counted there although the gateway was blocked for longer than a reply may take', async () => {
    const redis = await openRedis();
    const limits = await open('redis', redis.url, log);
    const refusals = consume(limits, member(1), { times: COMMENTS_A_MINUTE + 3 });
    // The commands are sent by then; the replies arrive while the process is blocked.
    await new Promise(process.nextTick);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    expect(await refusals).toHaveLength(3);
    expect(await keysOf(redis.url)).not.toEqual([]);
    expect(lines).toEqual([]);
  });

  it('apply when Redis is down or refuses the password from the start, and the log contains no password', async () => {
    const redis = await openRedis();
    const client = new Redis(redis.url);
    await client.config('SET', 'requirepass', 'tulip');
    client.disconnect();
    const wrong = redis.url.replace('redis://', 'redis://:rose@');
    for (const url of [wrong, redis.url, 'redis://127.0.0.1:1']) {
      lines.length = 0;
      // A logger of its own, since one would only count the same fault again.
      const ownLog = createLogger({ level: 'info', out: { write: (line) => lines.push(line) } });
      const limits = await open('redis', url, ownLog);
      expect(await consume(limits, member(1), { times: COMMENTS_A_MINUTE + 3 })).toHaveLength(3);
      expect(lines).toHaveLength(1);
      expect(lines.join()).not.toMatch(/tulip|rose/);
    }
  });
});

/** The keys of the counters in Redis. */
async function keysOf(url: string): Promise<string[]> {
  const redis = new Redis(url);
  const keys = await redis.keys('*');
  redis.disconnect();
  return keys;
}

it('counters in memory have a bounded number', async () => {
  const limiter = createMemoryRateLimiter({ times: 1, seconds: 60 });
  const isRefused = (key: string) =>
    limiter.consume(key).then(
      () => false,
      () => true,
    );
  await limiter.consume('first');
  expect(await isRefused('first')).toBe(true);
  for (let n = 0; n < 50_000; n++) await limiter.consume(`other ${n}`);
  expect(await isRefused('other 49999')).toBe(true);
  // It has been forgotten in favour of the others.
  expect(await isRefused('first')).toBe(false);
});

describe('a gateway with rate limits', () => {
  it.for(['memory', 'postgres', 'redis'])(
    'in %s answers with retryAfterSeconds, and does not count a repeated idempotency key',
    async (store, context) => {
      if (store === 'redis') needsRedis(context);
      const url = store === 'redis' ? (await openRedis()).url : '';
      const gateway = await startGateway(
        (sql) =>
          sql
            .query(`
          INSERT INTO author (id, slug, name, kind) VALUES (1, 'writer', 'Writer', 'STAFF');
          INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
            VALUES (1, 'open', 'Open', '', '', '', '', 'PUBLISHED', now(), 1);
          SELECT setval('author_id_seq', 100)`)
            .then(() => undefined),
        { RATE_LIMITS: store, REDIS_URL: url, HOLD_FREQUENT: '0', HOLD_REPEATED_WITHIN: '0' },
      );
      closers.push(() => gateway.stop());
      const add = async (input: Record<string, unknown>) =>
        (
          await gateway.ask<{ addComment: Record<string, unknown> }>(
            `mutation ($input: AddCommentInput!) { addComment(input: $input) {
            __typename ... on RateLimitedError { code retryAfterSeconds } } }`,
            {
              input: {
                articleId: encodeId('Article', 1),
                body: 'Hello',
                guest: { name: 'Ann', email: 'ann@example.com' },
                ...input,
              },
            },
          )
        ).data.addComment;
      const same = await Promise.all(Array.from({ length: 50 }, () => add({ idempotencyKey: 'once' })));
      expect(new Set(same.map(({ __typename }) => __typename))).toEqual(new Set(['AddCommentSuccess']));
      for (let i = 1; i < COMMENTS_A_MINUTE; i++)
        expect(await add({ body: `Number ${i}` })).toMatchObject({ __typename: 'AddCommentSuccess' });
      expect(await add({ body: 'One more', guest: { name: 'Bob', email: 'bob@example.com' } })).toEqual({
        __typename: 'RateLimitedError',
        code: 'RATE_LIMITED',
        retryAfterSeconds: expect.any(Number),
      });
    },
  );
});

describe('the rate limit of articles and removals', () => {
  it('counts each attempt, also one that fails or changes nothing, and none of a moderator', async () => {
    const gateway = await startGateway(
      async (sql) => {
        await sql.query(`
          INSERT INTO author (id, slug, name, kind, subject) VALUES (1, 'wren', 'Wren', 'STAFF', '|wren');
          INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
            SELECT n, 'a' || n, 'A', '', 'A', '', '', 'PUBLISHED', now(), 1 FROM generate_series(1, 2) n;
          INSERT INTO comment (id, article_id, author_id, path, depth, status, visible, body_source, body_html, body_text)
            SELECT n, 1, 1, ARRAY[n], 0, 'VISIBLE', true, '', '', '' FROM generate_series(1, 30) n;
          SELECT setval('author_id_seq', 100), setval('article_id_seq', 100)`);
      },
      { RATE_LIMITS: 'memory' },
    );
    closers.push(() => gateway.stop());
    const resultOf = async (sender: Client, mutation: string): Promise<string> => {
      const { data } = await sender.ask<{ answer: { __typename: string } }>(
        `mutation { answer: ${mutation} { __typename ... on RateLimitedError { retryAfterSeconds } } }`,
      );
      return data.answer.__typename;
    };
    const wren = gateway.as({ name: 'Wren', role: 'WRITER' });
    const mo = gateway.as({ name: 'Mo', role: 'MODERATOR' });

    const remove = (n: number) => `removeComment(input: { id: "${encodeId('Comment', n)}" })`;
    for (let n = 1; n <= 18; n++) expect(await resultOf(wren, remove(n))).toBe('RemoveCommentSuccess');
    expect(await resultOf(wren, remove(1))).toBe('RemoveCommentSuccess');
    expect(await resultOf(wren, remove(999))).toBe('NotFoundError');
    expect(await resultOf(wren, remove(19))).toBe('RateLimitedError');
    expect(await resultOf(mo, remove(19))).toBe('RemoveCommentSuccess');

    const id = encodeId('Article', 1);
    const other = encodeId('Article', 2);
    const save = (version: number) =>
      `updateArticle(input: { id: "${id}", expectedVersion: ${version}, title: "B${version}" })`;
    const saves = [
      'createArticle(input: { title: "New", markdown: "New" })',
      `unpublishArticle(input: { id: "${id}" })`,
      `publishArticle(input: { id: "${id}" })`,
      `publishArticle(input: { id: "${id}" })`,
      ...Array.from({ length: 25 }, (_, i) => save(i + 1)),
    ];
    for (const mutation of saves) expect(await resultOf(wren, mutation)).toBe('ArticleSuccess');
    expect(await resultOf(wren, save(1))).toBe('ConflictError');
    for (const mutation of [saves[0]!, saves[2]!, save(26), `unpublishArticle(input: { id: "${other}" })`])
      expect(await resultOf(wren, mutation)).toBe('RateLimitedError');
    expect(await resultOf(mo, save(26))).toBe('ArticleSuccess');
  });
});

describe('the address of a request', () => {
  it.each<[string | undefined, string | undefined, number, string]>([
    ['192.0.2.1', undefined, 0, '192.0.2.1'],
    // X-Forwarded-For is ignored unless proxies are configured.
    ['192.0.2.1', '203.0.113.9', 0, '192.0.2.1'],
    ['192.0.2.1', '203.0.113.9', 1, '203.0.113.9'],
    // An entry that the client forged is to the left of the entry that the proxy added.
    ['192.0.2.1', '198.51.100.7, 203.0.113.9', 1, '203.0.113.9'],
    ['192.0.2.1', '198.51.100.7, 203.0.113.9', 2, '198.51.100.7'],
    ['192.0.2.1', '203.0.113.9', 5, '203.0.113.9'],
    ['192.0.2.1', undefined, 1, '192.0.2.1'],
    ['192.0.2.1', 'unknown', 1, '192.0.2.1'],
    ['192.0.2.1', '203.0.113.9:4711', 1, '203.0.113.9'],
    ['::ffff:192.0.2.1', undefined, 0, '192.0.2.1'],
    ['0:0:0:0:0:FFFF:C000:0201', undefined, 0, '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', undefined, 0, '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::', undefined, 0, '2001:db8:1:2::/64'],
    ['2001:0DB8::7', undefined, 0, '2001:db8:0:0::/64'],
    ['fe80::1%eth0', undefined, 0, 'fe80:0:0:0::/64'],
    ['::1', undefined, 0, '0:0:0:0::/64'],
    ['192.0.2.1', '[2001:db8:1:2::9]:443', 1, '2001:db8:1:2::/64'],
    [undefined, undefined, 0, 'unknown'],
  ])('%s, forwarded for %s, with %i proxies is %s', (remoteAddress, forwardedFor, trustedProxies, address) => {
    expect(resolveAddress({ remoteAddress, forwardedFor }, trustedProxies)).toBe(address);
  });
});
