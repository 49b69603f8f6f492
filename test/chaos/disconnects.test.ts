import { afterEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { startProxy, type TestProxy } from '../proxy.ts';
import { hasRedis, startRedis } from '../redis-server.ts';
import { random, write } from '../seed.ts';
import { boards, CONTENT, followers, writers } from './cast.ts';
import { expectFaithful, expectNothingLostOrDoubled, logOf } from './checks.ts';
import { cutAgainAndAgain } from './cuts.ts';
import { READ, readDiscussion } from './discussion.ts';
import type { Follower } from './follower.ts';
import { post } from './post.ts';
import { isSoak, SIZE } from './size.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.each([
  { server: 'PostgreSQL', isThere: true, environment: async () => ({}) },
  {
    server: hasRedis ? 'Redis' : 'Redis, which is not on the PATH',
    isThere: hasRedis,
    async environment(): Promise<Record<string, string>> {
      const redis = await startRedis();
      closers.push(() => redis.close());
      return { REDIS_URL: redis.url };
    },
  },
])('a client that is cut off at any moment, on two gateways that wake each other over $server', (bus) => {
  it.skipIf(!bus.isThere)(
    'is told of each event once, in order, and of none too few',
    { timeout: SIZE.limit },
    async () => {
      const next = random(1);
      const nodes = await startNodes(await bus.environment());
      const ways = await Promise.all(Array.from({ length: SIZE.followers }, () => waysTo(nodes)));
      const onPaths = (proxies: TestProxy[]) => proxies.map(({ port }) => `http://127.0.0.1:${port}/graphql`);
      const places = boards();
      const readers = await followers(SIZE.followers, { urlsOf: (i) => onPaths(ways[i]!), next });
      await Promise.all(readers.map((reader) => reader.begin()));
      const running = readers.map((reader) => reader.run());
      closers.push(() => readers.map((reader) => reader.stop()));

      let isOver = false;
      const people = await writers(SIZE.writers, { boards: places, urls: nodes.map(({ url }) => url), next });
      const writing = people.map(async (writer) => {
        while (!isOver) await writer.write();
      });
      const boardOf = (reader: Follower) => places.find(({ articleId }) => articleId === reader.articleId)!;
      await Promise.all(
        readers.map((follower, i) =>
          cutAgainAndAgain({ follower, ways: ways[i]!, board: boardOf(follower), next }, SIZE.cuts / SIZE.followers),
        ),
      ).finally(() => {
        isOver = true;
      });
      await Promise.all(writing);

      for (const board of places) {
        const here = readers.filter((reader) => boardOf(reader) === board);
        const slug = `article-${places.indexOf(board) + 1}`;
        const { liveCursor, parts } = await readDiscussion(
          (variables) => post(nodes[0]!.url, { query: READ, variables }),
          slug,
        );
        await until('all are caught up', () =>
          here.every((reader) => reader.isCaughtUp && reader.cursor === liveCursor),
        );
        const log = await logOf(nodes[0]!.sql, board.articleId);
        for (const reader of here) expectFaithful(reader, log, parts);
      }
      await expectNothingLostOrDoubled(nodes[0]!.sql, places);
      const losses = readers.reduce((total, reader) => total + reader.losses, 0);
      expect(losses).toBeGreaterThanOrEqual(SIZE.cuts);
      const told = readers.reduce((total, reader) => total + reader.told.length, 0);
      if (isSoak) process.stderr.write(`${losses} connections were lost, and ${told} events told\n`);

      for (const reader of readers) reader.stop();
      await Promise.all(running);
      for (const node of nodes) await expectNothingOpen(node);
    },
  );
});

/** Two gateways on one database. */
async function startNodes(environment: Record<string, string>): Promise<TestGateway[]> {
  const first = await startGateway((sql) => write(sql, CONTENT), environment);
  closers.push(() => first.stop());
  const second = await startGateway(undefined, { ...environment, DATABASE_URL: first.databaseUrl });
  closers.push(() => second.stop());
  return [first, second];
}

/** A way to each gateway that is one client's own. */
async function waysTo(nodes: readonly TestGateway[]): Promise<TestProxy[]> {
  const proxies = await Promise.all(nodes.map(({ url }) => startProxy(Number(new URL(url).port))));
  closers.push(() => Promise.all(proxies.map((proxy) => proxy.close())));
  return proxies;
}

/** Whoever went left nothing behind. */
async function expectNothingOpen({ url }: TestGateway): Promise<void> {
  await until('nothing is open', async () => {
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    return ['sockets', 'streams', 'subscription_groups', 'followed_logs', 'waiting_characters'].every((name) =>
      metrics.includes(`\nbroadsheet_${name} 0\n`),
    );
  });
}
