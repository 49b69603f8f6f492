import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { resolveAddress } from '../src/auth/client-address.ts';
import type { RequestIdentity } from '../src/auth/identity.ts';
import { openRateLimits, type RateLimits } from '../src/auth/rate-limits.ts';
import { createLogger } from '../src/logger.ts';
import { createTestDatabase } from './database.ts';
import { type Asking, startGateway, until } from './gateway.ts';
import { needsRedis, type RedisServer, startRedis } from './redis-server.ts';

/** Comments that one person may write in a minute. */
const COMMENTS_A_MINUTE = 10;

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function guest(address: string): RequestIdentity {
  return { viewer: null, address, expiresAt: null };
}

function member(id: number, role: 'READER' | 'WRITER' | 'MODERATOR' | 'ADMIN' = 'READER'): RequestIdentity {
  return { ...guest('192.0.2.1'), viewer: { author: { id, slug: '', name: '', kind: 'MEMBER' }, role } };
}

async function take(limits: RateLimits, asker: RequestIdentity, times: number, articleId = 1): Promise<unknown[]> {
  const taken = Array.from({ length: times }, () => limits.consume(asker, 'comment', articleId));
  return (await Promise.allSettled(taken)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
}

/** Limits counted in a database or a Redis. */
async function open(
  rateLimits: 'memory' | 'postgres' | 'redis',
  url: string,
  log = createLogger({ level: 'error' }),
): Promise<RateLimits> {
  const config = { rateLimits, redisUrl: url, statementTimeout: 10_000, connectTimeout: 5_000 };
  const limits = await openRateLimits({ url, redisPrefix: 'test:', config, log });
  closers.push(() => limits.close());
  return limits;
}

async function ownRedis(): Promise<RedisServer> {
  const redis = await startRedis();
  closers.push(() => redis.close());
  return redis;
}

describe.each(['memory', 'postgres', 'redis'] as const)('limits in %s', (place) => {
  if (place === 'redis') beforeEach(needsRedis);

  async function openOnOwn(): Promise<{ limits: RateLimits; url: string }> {
    if (place === 'redis') {
      const { url } = await ownRedis();
      return { limits: await open(place, url), url };
    }
    const database = await createTestDatabase();
    closers.push(() => database.drop());
    return { limits: await open(place, database.url), url: database.url };
  }

  it('let so many through and no more, each person and each address by itself', async () => {
    const { limits } = await openOnOwn();
    for (const asker of [guest('192.0.2.1'), guest('192.0.2.2'), member(1), member(2)]) {
      const refusals = await take(limits, asker, COMMENTS_A_MINUTE + 3);
      expect(refusals).toHaveLength(3);
      for (const refusal of refusals) {
        expect(refusal).toMatchObject({ code: 'RATE_LIMITED', extensions: { code: 'RATE_LIMITED' } });
        const { retryAfterSeconds } = refusal as { retryAfterSeconds: number };
        expect(Number.isInteger(retryAfterSeconds) && retryAfterSeconds >= 1 && retryAfterSeconds <= 60).toBe(true);
      }
    }
    expect(await take(limits, member(3, 'MODERATOR'), 200)).toEqual([]);
  });

  it('hold an article to its own, and count nothing against whoever was refused for it', async () => {
    const { limits } = await openOnOwn();
    for (let i = 0; i < 12; i++) expect(await take(limits, member(i + 10), 10, 7)).toEqual([]);
    expect(await take(limits, member(1), 1, 7)).toHaveLength(1);
    expect(await take(limits, member(1), COMMENTS_A_MINUTE, 8)).toEqual([]);
    expect(await take(limits, member(1), 1, 8)).toHaveLength(1);
  });

  if (place !== 'memory')
    it('are shared by all gateways on it', async () => {
      const { limits, url } = await openOnOwn();
      const other = await open(place, url);
      expect(await take(limits, member(1), 6)).toEqual([]);
      expect(await take(other, member(1), 6)).toHaveLength(2);
    });
});

describe('limits in Redis', () => {
  /** What is logged, a line each. */
  const lines: string[] = [];
  const log = createLogger({ level: 'info', out: { write: (line) => lines.push(line) } });
  beforeEach((context) => {
    needsRedis(context);
    lines.length = 0;
  });

  /** Milliseconds that one comment waits for its turn. */
  async function wait(limits: RateLimits, asker: RequestIdentity): Promise<number> {
    const before = performance.now();
    await limits.consume(asker, 'comment', 1);
    return performance.now() - before;
  }

  it('are counted by each gateway for itself while Redis is away, and together when it is back', async () => {
    const redis = await ownRedis();
    const [limits, other] = [await open('redis', redis.url, log), await open('redis', redis.url)];
    expect(await take(limits, member(1), 6)).toEqual([]);

    await redis.stop();
    for (const each of [limits, other]) {
      expect(await take(each, member(2), COMMENTS_A_MINUTE)).toEqual([]);
      expect(await take(each, member(2), 3)).toHaveLength(3);
    }
    await until('it is said', () => lines.length > 0);

    await redis.start();
    await until('it is said', () => lines.length > 1);
    expect(lines).toEqual([
      expect.stringMatching(
        /"err":\{.+"msg":"Redis does not store rate limits; each gateway counts on its own until it does: check REDIS_URL"/,
      ),
      expect.stringContaining('"msg":"Redis stores rate limits again"'),
    ]);
    await until('the other is back too', async () => {
      await other.consume(member(3), 'react');
      return (await keysOf(redis.url)).some((key) => key.endsWith('author:3'));
    });
    expect(await take(limits, member(4), 6)).toEqual([]);
    expect(await take(other, member(4), 6)).toHaveLength(2);
  });

  it('are there with a Redis that answers and cannot count, and it is said why', async () => {
    const redis = await ownRedis();
    const limits = await open('redis', redis.url, log);
    const client = new Redis(redis.url);
    await client.config('SET', 'maxmemory', '1');
    expect(await take(limits, member(1), COMMENTS_A_MINUTE + 3)).toHaveLength(3);
    expect(lines).toEqual([expect.stringContaining('OOM')]);
    await client.config('SET', 'maxmemory', '0');
    expect(await take(limits, member(2), COMMENTS_A_MINUTE + 3)).toHaveLength(3);
    expect(lines[1]).toContain('"msg":"Redis stores rate limits again"');
    client.disconnect();
  });

  it('make nobody wait for a Redis that is frozen', async () => {
    const redis = await ownRedis();
    const limits = await open('redis', redis.url, log);
    redis.freeze();
    try {
      const waits = await Promise.all([1, 2, 3, 4].map((id) => wait(limits, member(id))));
      for (const milliseconds of waits) expect(milliseconds).toBeLessThan(2_000);
      let next = 5;
      await until('it is given up', async () => (await wait(limits, member(next++))) < 100);
      expect(lines).toEqual([expect.stringContaining('timed out')]);
    } finally {
      redis.thaw();
    }
  });

  it('are there without a Redis from the start, or with one that lets nobody in', async () => {
    const redis = await ownRedis();
    const client = new Redis(redis.url);
    await client.config('SET', 'requirepass', 'tulip');
    client.disconnect();
    const wrong = redis.url.replace('redis://', 'redis://:rose@');
    for (const url of [wrong, redis.url, 'redis://127.0.0.1:1']) {
      lines.length = 0;
      const limits = await open('redis', url, log);
      expect(await take(limits, member(1), COMMENTS_A_MINUTE + 3)).toHaveLength(3);
      expect(lines).toHaveLength(1);
      expect(lines.join()).not.toMatch(/tulip|rose/);
    }
  });
});

/** What is counted in a Redis. */
async function keysOf(url: string): Promise<string[]> {
  const redis = new Redis(url);
  const keys = await redis.keys('*');
  redis.disconnect();
  return keys;
}

describe('a gateway with limits', () => {
  it.for(['memory', 'postgres', 'redis'])(
    'in %s says when to try again, and answers the same key however often',
    async (where, context) => {
      if (where === 'redis') needsRedis(context);
      const url = where === 'redis' ? (await ownRedis()).url : '';
      const gateway = await startGateway(
        (sql) =>
          sql
            .query(`
          INSERT INTO author (id, slug, name, kind) VALUES (1, 'writer', 'Writer', 'STAFF');
          INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
            VALUES (1, 'open', 'Open', '', '', '', '', 'PUBLISHED', now(), 1);
          SELECT setval('author_id_seq', 100)`)
            .then(() => undefined),
        { RATE_LIMITS: where, REDIS_URL: url, HOLD_FREQUENT: '0', HOLD_REPEATED_WITHIN: '0' },
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

describe('what is counted', () => {
  it('is each save of an article and each removal; not what changes nothing, nor what a moderator does', async () => {
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
    const answer = async (asking: Asking, mutation: string): Promise<string> => {
      const { data } = await asking.ask<{ answer: { __typename: string } }>(
        `mutation { answer: ${mutation} { __typename ... on RateLimitedError { retryAfterSeconds } } }`,
      );
      return data.answer.__typename;
    };
    const wren = gateway.as({ name: 'Wren', role: 'WRITER' });
    const mo = gateway.as({ name: 'Mo', role: 'MODERATOR' });

    const remove = (n: number) => `removeComment(input: { id: "${encodeId('Comment', n)}" })`;
    for (let n = 1; n <= 20; n++) expect(await answer(wren, remove(n))).toBe('RemoveCommentSuccess');
    expect(await answer(wren, remove(21))).toBe('RateLimitedError');
    // Sent again, it is answered as before; and what is refused is told like what is not there.
    expect(await answer(wren, remove(1))).toBe('RemoveCommentSuccess');
    expect(await answer(wren, remove(999))).toBe('NotFoundError');
    expect(await answer(mo, remove(21))).toBe('RemoveCommentSuccess');

    const id = encodeId('Article', 1);
    const other = encodeId('Article', 2);
    const save = (version: number) => `updateArticle(input: { id: "${id}", expectedVersion: ${version}, title: "B" })`;
    const saves = [
      'createArticle(input: { title: "New", markdown: "New" })',
      `unpublishArticle(input: { id: "${id}" })`,
      `publishArticle(input: { id: "${id}" })`,
      ...Array.from({ length: 27 }, (_, i) => save(i + 1)),
    ];
    for (const mutation of saves) expect(await answer(wren, mutation)).toBe('ArticleSuccess');
    for (const mutation of [saves[0]!, save(28), `unpublishArticle(input: { id: "${other}" })`])
      expect(await answer(wren, mutation)).toBe('RateLimitedError');
    expect(await answer(wren, `publishArticle(input: { id: "${id}" })`)).toBe('ArticleSuccess');
    expect(await answer(mo, save(28))).toBe('ArticleSuccess');
  });
});

describe('the address of whoever asks', () => {
  it.each<[string | undefined, string | undefined, number, string]>([
    ['192.0.2.1', undefined, 0, '192.0.2.1'],
    // Nobody's word is taken unless it is said whose.
    ['192.0.2.1', '203.0.113.9', 0, '192.0.2.1'],
    ['192.0.2.1', '203.0.113.9', 1, '203.0.113.9'],
    // What a client wrote itself stands to the left of what the proxy added.
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
  ])('%s, forwarded for %s, with %i proxies is %s', (remote, forwarded, hops, address) => {
    expect(resolveAddress({ remoteAddress: remote, forwardedFor: forwarded }, hops)).toBe(address);
  });
});
