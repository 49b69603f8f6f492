import { afterEach, describe, expect, it } from 'vitest';
import { closeAll } from '../closers.ts';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { startProxy, type TestProxy } from '../proxy.ts';
import { hasRedis, startRedis } from '../redis-server.ts';
import { random, write } from '../seed.ts';
import { boards, CONTENT, followers, startFollowers, startWriters, writers } from './cast.ts';
import { expectAllFaithful, expectNothingLostOrDoubled } from './checks.ts';
import { cutAgainAndAgain } from './cuts.ts';
import type { Follower } from './follower.ts';
import { isSoak, SIZE } from './size.ts';

const closers: (() => unknown)[] = [];

afterEach(() => closeAll(closers));

describe.each([
  { server: 'PostgreSQL', isInstalled: true, environment: async () => ({}) },
  {
    server: hasRedis ? 'Redis' : 'Redis, which is not on the PATH',
    isInstalled: hasRedis,
    async environment(): Promise<Record<string, string>> {
      const redis = await startRedis();
      closers.push(() => redis.close());
      return { REDIS_URL: redis.url };
    },
  },
])('a client whose connections are cut at any moment, with two gateways and a bus over $server', (bus) => {
  it.skipIf(!bus.isInstalled)('receives every event once and in order', { timeout: SIZE.limit }, async () => {
    const next = random(1);
    const nodes = await startNodes(await bus.environment());
    const proxies = await Promise.all(Array.from({ length: SIZE.followers }, () => startProxies(nodes)));
    const urlsThrough = (ownProxies: TestProxy[]) => ownProxies.map(({ port }) => `http://127.0.0.1:${port}/graphql`);
    const discussions = boards();
    const readers = await followers(SIZE.followers, { urlsOf: (i) => urlsThrough(proxies[i]!), next });
    const stopReaders = await startFollowers(readers, closers);
    const urls = nodes.map(({ url }) => url);
    const writing = startWriters(await writers(SIZE.writers, { boards: discussions, urls, next }), closers);
    const boardOf = (reader: Follower) => discussions.find(({ articleId }) => articleId === reader.articleId)!;
    await Promise.all(
      readers.map((follower, i) =>
        cutAgainAndAgain(
          { follower, proxies: proxies[i]!, board: boardOf(follower), next },
          SIZE.cuts / SIZE.followers,
        ),
      ),
    ).finally(() => writing.finish());

    const [{ sql, url }] = nodes;
    await expectAllFaithful({ sql, url, boards: discussions, followers: readers });
    await expectNothingLostOrDoubled(sql, discussions);
    const losses = readers.reduce((total, reader) => total + reader.losses, 0);
    expect(losses).toBeGreaterThanOrEqual(SIZE.cuts);
    const received = readers.reduce((total, reader) => total + reader.events.length, 0);
    if (isSoak) process.stderr.write(`${losses} connections were lost, and ${received} events received\n`);

    await stopReaders();
    for (const node of nodes) await expectNothingOpen(node);
  });
});

/** Two gateways on one database. */
async function startNodes(environment: Record<string, string>): Promise<[TestGateway, TestGateway]> {
  const first = await startGateway((sql) => write(sql, CONTENT), environment);
  closers.push(() => first.stop());
  const second = await startGateway(undefined, { ...environment, DATABASE_URL: first.databaseUrl });
  closers.push(() => second.stop());
  return [first, second];
}

/** One client's own proxy to each gateway. */
async function startProxies(nodes: readonly TestGateway[]): Promise<TestProxy[]> {
  const proxies = await Promise.all(nodes.map(({ url }) => startProxy(Number(new URL(url).port))));
  closers.push(() => Promise.all(proxies.map((proxy) => proxy.close())));
  return proxies;
}

/** The metrics show nothing open. */
async function expectNothingOpen({ url }: TestGateway): Promise<void> {
  await until('nothing is open', async () => {
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    return ['sockets', 'streams', 'subscription_groups', 'followed_logs', 'waiting_characters'].every((name) =>
      metrics.includes(`\nbroadsheet_${name} 0\n`),
    );
  });
}
