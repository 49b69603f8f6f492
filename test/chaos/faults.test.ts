import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/database/derived/verify.ts';
import { migrate } from '../../src/database/migrate/migrate.ts';
import { until } from '../gateway.ts';
import { startPostgres } from '../postgres-server.ts';
import { startProxy } from '../proxy.ts';
import { hasRedis, startRedis } from '../redis-server.ts';
import { pick, random, write } from '../seed.ts';
import { boards, CONTENT, followers, moderator, writers } from './cast.ts';
import { expectFaithful, expectNothingLostOrDoubled, logOf } from './checks.ts';
import { READ, readDiscussion } from './discussion.ts';
import { Node } from './node.ts';
import { outages } from './outages.ts';
import { post } from './post.ts';
import { isSoak, SIZE } from './size.ts';
import { Board, Writer } from './writer.ts';

/** Milliseconds that gateways' clocks are ahead. */
const CLOCKS = [30_000, -30_000, 0];
/** Milliseconds from the end of a fault until every client must have been told of what was written since. */
const BACK_WITHIN = 5_000;
/** Milliseconds that a writer thinks, at most: three gateways, their database and all clients share a machine. */
const THINKING = 600;
/** Changes between two faults. */
const BETWEEN = 20;

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

describe.each([
  { server: 'PostgreSQL', withRedis: false },
  // Starting gateways takes seconds: without them, the other bus is left to the command.
  ...(isSoak ? [{ server: hasRedis ? 'Redis' : 'Redis, which is not on the PATH', withRedis: true }] : []),
])('gateways that wake each other over $server, on what fails', ({ withRedis }) => {
  it.skipIf(withRedis && !hasRedis)('lose nothing, and have everybody back soon', { timeout: SIZE.limit }, async () => {
    const next = random(2);
    const postgres = await startPostgres();
    closers.push(() => postgres.close());
    const way = await startProxy(postgres.port);
    closers.push(() => way.close());
    const redis = withRedis ? await startRedis() : null;
    closers.push(() => redis?.close());
    await prepare(postgres.url);
    const databaseUrl = postgres.url.replace(`:${postgres.port}/`, `:${way.port}/`);
    const nodes = await Promise.all(
      CLOCKS.slice(0, SIZE.gateways).map((clock) =>
        Node.start({ databaseUrl, redisUrl: redis?.url ?? null, clock }, closers),
      ),
    );
    const urls = nodes.map(({ url }) => url);

    const places = boards();
    const readers = await followers(SIZE.followers, { urlsOf: () => urls, next });
    await Promise.all(readers.map((reader) => reader.begin()));
    const running = readers.map((reader) => reader.run());
    closers.push(() => readers.map((reader) => reader.stop()));
    let isOver = false;
    const people = await writers(SIZE.writers, { boards: places, urls, next });
    const writing = Promise.all(
      people.map(async (writer) => {
        while (!isOver) {
          await writer.write();
          await delay(next() * THINKING);
        }
      }),
    );
    closers.push(() => {
      isOver = true;
    });

    /** Comments of a moderator, which are never held, and with which nobody does anything. */
    const signs = places.map(({ articleId }) => new Board(articleId));
    const teller = new Writer({
      person: await moderator('Teller'),
      boards: signs,
      urlOf: () => pick(urls, next),
      next,
    });

    /** @returns milliseconds until each client had been told of something that was written since now */
    async function back(): Promise<number[]> {
      const began = performance.now();
      const ids = new Map<string, string>();
      const telling = signs.map(async (sign) => {
        const key = await teller.add(sign);
        ids.set(sign.articleId, sign.acknowledged.get(key)!);
      });
      const times = new Map<unknown, number>();
      await Promise.all([
        ...telling,
        until('everybody is back', () => {
          for (const reader of readers)
            if (!times.has(reader) && reader.isCaughtUp && reader.copy.parts.has(ids.get(reader.articleId) ?? ''))
              times.set(reader, performance.now() - began);
          return times.size === readers.length;
        }),
      ]);
      return [...times.values()];
    }

    const figures = new Map<string, number[]>();
    for (const { name, happen } of outages({ nodes, postgres, way, redis, next })) {
      const before = sum(places.map(({ writes }) => writes));
      await Promise.race([
        until('something is written', () => sum(places.map(({ writes }) => writes)) >= before + BETWEEN),
        // Only to say why nothing more is.
        writing,
      ]);
      await happen();
      const times = await back();
      figures.set(name, [...(figures.get(name) ?? []), ...times]);
    }
    isOver = true;
    await writing;
    if (isSoak) report(figures);

    const sql = await connect(postgres.url);
    for (const [i, board] of places.entries()) {
      const here = readers.filter(({ articleId }) => articleId === board.articleId);
      const { liveCursor, parts } = await readDiscussion(
        (variables) => post(urls[0]!, { query: READ, variables }),
        `article-${i + 1}`,
      );
      await until('all are caught up', () => here.every((reader) => reader.isCaughtUp && reader.cursor === liveCursor));
      const log = await logOf(sql, board.articleId);
      for (const reader of here) expectFaithful(reader, log, parts);
    }
    await expectNothingLostOrDoubled(sql, [...places, ...signs]);
    expect(await verify({ url: postgres.url, repair: false })).toEqual([]);
    // How quick they are is nothing to ask of a machine that runs other tests.
    if (isSoak) for (const [name, times] of figures) expect(Math.max(...times), name).toBeLessThan(BACK_WITHIN);
    for (const node of nodes) expect([node.deaths, node.unforeseen]).toEqual([0, []]);

    for (const reader of readers) reader.stop();
    await Promise.all(running);
  });
});

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  closers.push(() => client.end());
  return client;
}

async function prepare(url: string): Promise<void> {
  await migrate(url);
  const sql = new pg.Client({ connectionString: url });
  await sql.connect();
  await write(sql, CONTENT);
  await sql.end();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Says how long it took after each kind of fault. */
function report(figures: ReadonlyMap<string, readonly number[]>): void {
  for (const [name, times] of figures) {
    const inOrder = times.toSorted((one, other) => one - other);
    const at = (share: number): string => `${Math.round(inOrder[Math.floor((inOrder.length - 1) * share)]!)} ms`;
    process.stderr.write(
      `When ${name}, clients were back after ${at(0.5)} (median), ${at(0.99)} (p99), ${at(1)} (most)\n`,
    );
  }
}
