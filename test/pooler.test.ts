import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { migrate } from '../src/database/migrate/migrate.ts';
import { createLogger } from '../src/logger.ts';
import { type Gateway, start } from '../src/start.ts';
import { type Closers, closeAll } from './closers.ts';
import { JWT_SECRET, until } from './gateway.ts';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from './pgbouncer.ts';
import { needsRedis, startRedis } from './redis-server.ts';
import {
  hasReplication,
  type ReplicatedPostgres,
  type Standby,
  startReplicatedPostgres,
} from './replicated-postgres.ts';
import { write } from './seed.ts';

const ARTICLES = 8;
const QUERIES = [
  '{ articles(first: 5) { totalCount nodes { title publishedAt author { name } topics { name } } } }',
  '{ search(query: "title") { edges { headline } } }',
  ...Array.from(
    { length: ARTICLES },
    (_, i) => `{ article(slug: "article-${i + 1}") { title comments(first: 5) { nodes { body { text } } } } }`,
  ),
  // Read from one snapshot.
  '{ article(slug: "article-1") { thread(first: 20) { liveCursor rows { comment { id } } } } }',
  // Read by Prisma.
  '{ author(slug: "author-1") { bio { html } name } }',
];
const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename ... on Error { message } } }`;

const closers: Closers = [];
let primary: ReplicatedPostgres;
let standby: Standby;
let pooler: PgBouncer;
let log: string[] = [];

describe.skipIf(!hasPgBouncer || !hasReplication)('through PgBouncer in transaction mode', () => {
  beforeAll(async () => {
    primary = await startReplicatedPostgres(closers);
    await migrate(primary.url);
    const sql = new pg.Client({ connectionString: primary.url });
    await sql.connect();
    await write(sql, {
      authors: [{ id: 1 }],
      articles: Array.from({ length: ARTICLES }, (_, i) => ({ id: i + 1 })),
      comments: Array.from({ length: 40 }, (_, i) => ({ id: i + 1, article: 1 + (i % ARTICLES) })),
    });
    // Of each connection that does not set its own.
    await sql.query(`ALTER DATABASE postgres SET TimeZone = 'America/New_York'`);
    await sql.end();
    standby = await primary.addStandby(0);
    pooler = await startPgBouncer(standby.url, closers);
  }, 120_000);

  afterAll(() => closeAll(closers));

  it('two gateways read from a standby, over fewer connections than they have, as from the primary', async () => {
    const gateways = [await open(), await open()];
    const expected = await Promise.all(QUERIES.map((query) => ask(gateways[0]!, { query }, '10.0.0.0')));
    const answers = await Promise.all(
      Array.from({ length: 240 }, (_, n) =>
        ask(gateways[n % 2]!, { query: QUERIES[n % QUERIES.length]! }, `10.0.0.${n % 200}`),
      ),
    );
    for (const [n, answer] of answers.entries()) expect(answer).toEqual(expected[n % QUERIES.length]);
    const reads = await Promise.all(gateways.map(readsOf));
    expect(reads.reduce((sum, { replica }) => sum + replica, 0)).toBeGreaterThan(200);
    expect(await pooler.serverConnections()).toBeLessThanOrEqual(3);
    expect(log.join('')).toBe('');
  });

  it('gateways with Redis as their bus do everything else over it, too', async (test) => {
    needsRedis(test);
    const redis = await startRedis();
    closers.push(() => redis.close());
    const front = await startPgBouncer(primary.url, closers);
    const environment = {
      ...{ DATABASE_URL: front.urlOf('postgres'), DATABASE_REPLICA_URLS: '', REDIS_URL: redis.url, MIGRATE: 'off' },
      RATE_LIMITS: 'postgres',
    };
    const [first, second] = [await open(environment), await open(environment)];
    const articleId = encodeId('Article', 2);
    const ending = new AbortController();
    const query = `subscription { commentEvents(articleId: "${articleId}") { __typename ... on CommentAdded { comment { body { text } } } } }`;
    const stream = await fetch(`${second.url}?${new URLSearchParams({ query })}`, {
      headers: { accept: 'text/event-stream' },
      signal: ending.signal,
    });
    let received = '';
    const reading = (async () => {
      for await (const chunk of stream.body!) received += Buffer.from(chunk).toString();
    })().catch(() => {});
    await until('it has caught up', () => received.includes('CaughtUp'));
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const guest = { name: `Guest ${n}`, email: `g${n}@guest.example` };
        const input = { articleId, body: `Pooled ${n}`, guest };
        const { data } = await ask(first, { query: ADD, variables: { input } }, `10.2.0.${n}`);
        expect(data.addComment).toEqual({ __typename: 'AddCommentSuccess' });
      }),
    );
    await until('all have arrived', () =>
      Array.from({ length: 20 }, (_, n) => n).every((n) => received.includes(`Pooled ${n}"`)),
    );
    for (const query of QUERIES) expect((await ask(first, { query }, '10.2.1.1')).errors).toBeUndefined();
    expect(log.join('')).toBe('');
    ending.abort();
    await reading;
  });

  it('a pooler that keeps no prepared statements fails no query: readers use the primary', async () => {
    const without = await startPgBouncer(standby.url, closers, { max_prepared_statements: '0' });
    const gateway = await open({ DATABASE_REPLICA_URLS: without.urlOf('postgres') }, { isUsed: false });
    for (let round = 0; round < 4; round++) {
      const answers = await Promise.all(QUERIES.map((query, n) => ask(gateway, { query }, `10.3.${round}.${n}`)));
      for (const { errors } of answers) expect(errors).toBeUndefined();
    }
    expect((await readsOf(gateway)).primary).toBeGreaterThan(0);
  });

  it('writers find what they have written, while the pooler is restarted', async () => {
    const gateway = await open();
    for (let n = 0; n < 12; n++) {
      if (n === 4) await pooler.stop();
      if (n === 8) await pooler.start();
      const body = `Comment ${n} of a writer`;
      const guest = { name: 'Gil', email: 'gil@guest.example' };
      const input = { articleId: encodeId('Article', 1), body, guest };
      const { data } = await ask(gateway, { query: ADD, variables: { input } }, '10.1.0.1');
      expect(data.addComment).toEqual({ __typename: 'AddCommentSuccess' });
      const { errors, data: page } = await ask(gateway, { query: QUERIES[2]! }, '10.1.0.1');
      expect(errors).toBeUndefined();
      expect(JSON.stringify(page)).toContain(body);
    }
    const { replica } = await readsOf(gateway);
    await until('it reads from the standby again', async () => {
      await ask(gateway, { query: QUERIES[0]! }, '10.1.0.2');
      return (await readsOf(gateway)).replica > replica;
    });
  });
});

/** @param isUsed whether it must read from its standby before it is tested */
async function open(environment: Record<string, string> = {}, { isUsed = true } = {}): Promise<Gateway> {
  log = [];
  const config = readConfig({
    ...{ PORT: '0', DATABASE_URL: primary.url, DATABASE_REPLICA_URLS: pooler.urlOf('postgres'), JWT_SECRET },
    // Many wait for one of the pooler's few connections.
    CONNECT_TIMEOUT: '60000',
    ...environment,
    ...{ RATE_LIMITS: 'off', TRUST_PROXY: '1', CACHE_SIZE: '0', HOLD_FREQUENT: '0', LOG_LEVEL: 'error' },
  });
  const gateway = await start({
    config,
    log: createLogger({ level: 'error', out: { write: (line) => log.push(line) } }),
  });
  closers.push(() => gateway.stop());
  if (config.replicaUrls && isUsed)
    await until('it reads from the standby', async () => {
      await ask(gateway, { query: QUERIES[0]! }, '10.9.0.1');
      return (await readsOf(gateway)).replica > 0;
    });
  return gateway;
}

// biome-ignore lint/suspicious/noExplicitAny: responses of several documents
async function ask(gateway: Gateway, body: object, address: string): Promise<any> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify(body),
  });
  return response.json();
}

async function readsOf(gateway: Gateway): Promise<{ primary: number; replica: number }> {
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  const figure = (server: string): number =>
    Number(new RegExp(`^broadsheet_reads_total\\{server="${server}"\\} (\\d+)$`, 'm').exec(text)?.[1]);
  return { primary: figure('primary'), replica: figure('replica') };
}
