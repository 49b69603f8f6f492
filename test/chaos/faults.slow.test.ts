import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { verify } from '../../src/database/derived/verify.ts';
import { migrate } from '../../src/database/migrate/migrate.ts';
import { closeAll } from '../closers.ts';
import { until } from '../gateway.ts';
import { startPostgres } from '../postgres-server.ts';
import { startProxy } from '../proxy.ts';
import { hasRedis, startRedis } from '../redis-server.ts';
import { pick, random, write } from '../seed.ts';
import { boards, CONTENT, followers, moderator, startFollowers, startWriters, writers } from './cast.ts';
import { expectAllFaithful, expectNothingLostOrDoubled } from './checks.ts';
import type { Follower } from './follower.ts';
import { Node } from './node.ts';
import { type Installation, outages } from './outages.ts';
import { isSoak, SIZE } from './size.ts';
import { Board, Writer } from './writer.ts';

/** Milliseconds by which the clocks of the gateways are ahead. */
const CLOCKS = [30_000, -30_000, 0];
/** Milliseconds from the end of an outage until every follower must have received what was written since. */
const MAX_RECOVERY = 5_000;
/** Milliseconds that anything may take on a machine that runs other tests; the soak test checks recovery times. */
const LONGEST_WAIT = 60_000;
/** Longest pause of a writer in milliseconds: three gateways, their database and all clients share a machine. */
const LONGEST_WRITER_PAUSE = 600;
/** Changes between two outages. */
const CHANGES_BETWEEN = 20;

const closers: (() => unknown)[] = [];

afterEach(() => closeAll(closers));

describe.each([
  { server: 'PostgreSQL', withRedis: false },
  // Starting gateways takes seconds, so only the soak test uses the other bus, too.
  ...(isSoak ? [{ server: hasRedis ? 'Redis' : 'Redis, which is not on the PATH', withRedis: true }] : []),
])('gateways with a bus over $server, after outages of gateways, database and bus', ({ withRedis }) => {
  it.skipIf(withRedis && !hasRedis)(
    'have lost nothing, and every follower recovers',
    { timeout: SIZE.limit },
    async () => {
      const next = random(2);
      const installation = await startInstallation(withRedis, next);
      const { nodes, postgres } = installation;
      const urls = nodes.map(({ url }) => url);

      const discussions = boards();
      const readers = await followers(SIZE.followers, { urlsOf: () => urls, next });
      const stopReaders = await startFollowers(readers, closers);
      const people = await writers(SIZE.writers, { boards: discussions, urls, next });
      const writing = startWriters(people, closers, () => delay(next() * LONGEST_WRITER_PAUSE));
      const probe = await createProbe(discussions, urls, next);

      const figures = new Map<string, number[]>();
      for (const { name, happen } of outages(installation)) {
        const before = changes(discussions);
        await Promise.race([
          until('changes are written', () => changes(discussions) >= before + CHANGES_BETWEEN, { limit: LONGEST_WAIT }),
          // Rejects with the reason when no further changes are written.
          writing.running,
        ]);
        await happen();
        figures.set(name, [...(figures.get(name) ?? []), ...(await recoveryTimes(probe, readers))]);
      }
      await writing.finish();
      if (isSoak) report(figures);

      const sql = await connect(postgres.url);
      await expectAllFaithful({ sql, url: urls[0]!, boards: discussions, followers: readers });
      await expectNothingLostOrDoubled(sql, [...discussions, ...probe.boards]);
      expect(await verify({ url: postgres.url, repair: false })).toEqual([]);
      // Recovery times are not checked on a machine that runs other tests.
      if (isSoak) for (const [name, times] of figures) expect(Math.max(...times), name).toBeLessThan(MAX_RECOVERY);
      for (const node of nodes) expect([node.crashes, node.unexpectedLines]).toEqual([0, []]);
      await stopReaders();
    },
  );
});

async function startInstallation(withRedis: boolean, next: () => number): Promise<Installation> {
  const postgres = await startPostgres();
  closers.push(() => postgres.close());
  const proxy = await startProxy(postgres.port);
  closers.push(() => proxy.close());
  const redis = withRedis ? await startRedis() : null;
  closers.push(() => redis?.close());
  await prepare(postgres.url);
  const databaseUrl = postgres.url.replace(`:${postgres.port}/`, `:${proxy.port}/`);
  const nodes = await Promise.all(
    CLOCKS.slice(0, SIZE.gateways).map((clock) =>
      Node.start({ databaseUrl, redisUrl: redis?.url ?? null, clock }, closers),
    ),
  );
  return { nodes, postgres, proxy, redis, next };
}

/** Writes comments that are never held, because a moderator writes them, and that no other writer changes. */
interface Probe {
  writer: Writer;
  /** One for each discussion. */
  boards: readonly Board[];
}

async function createProbe(discussions: readonly Board[], urls: readonly string[], next: () => number): Promise<Probe> {
  const own = discussions.map(({ articleId }) => new Board(articleId));
  const person = await moderator('Probe');
  return { writer: new Writer({ person, boards: own, urlOf: () => pick(urls, next), next }), boards: own };
}

/** Writes a comment in each discussion. @returns for each follower the milliseconds until it received the one it follows */
async function recoveryTimes({ writer, boards: own }: Probe, readers: readonly Follower[]): Promise<number[]> {
  const start = performance.now();
  const ids = new Map<string, string>();
  const writing = own.map(async (board) => {
    const key = await writer.add(board);
    ids.set(board.articleId, board.acknowledged.get(key)!);
  });
  const times = new Map<Follower, number>();
  await Promise.all([
    ...writing,
    until(
      'every follower has recovered',
      () => {
        for (const reader of readers)
          if (!times.has(reader) && reader.isCaughtUp && reader.copy.parts.has(ids.get(reader.articleId) ?? ''))
            times.set(reader, performance.now() - start);
        return times.size === readers.length;
      },
      { limit: LONGEST_WAIT },
    ),
  ]);
  return [...times.values()];
}

function changes(discussions: readonly Board[]): number {
  return discussions.reduce((total, { writes }) => total + writes, 0);
}

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

/** Prints the recovery times after each kind of outage. */
function report(figures: ReadonlyMap<string, readonly number[]>): void {
  for (const [name, times] of figures) {
    const inOrder = times.toSorted((one, other) => one - other);
    const at = (share: number): string => `${Math.round(inOrder[Math.floor((inOrder.length - 1) * share)]!)} ms`;
    process.stderr.write(
      `When ${name}, followers recovered within ${at(0.5)} (median), ${at(0.99)} (p99), ${at(1)} (maximum)\n`,
    );
  }
}
