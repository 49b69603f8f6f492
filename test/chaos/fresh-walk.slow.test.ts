import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { migrate } from '../../src/database/migrate/migrate.ts';
import { createLogger } from '../../src/logger.ts';
import { start } from '../../src/start.ts';
import { closeAll } from '../closers.ts';
import { JWT_SECRET, until } from '../gateway.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { pick, random, write } from '../seed.ts';
import { Browser, readByPost } from './fresh-browser.ts';
import { type FreshChange, freshChanges } from './fresh-changes.ts';
import { History } from './fresh-history.ts';
import { Node } from './node.ts';
import { isSoak } from './size.ts';

/** Reads that are compared with what was committed. */
const READS = isSoak ? 1_000_000 : 300;
const GATEWAYS = isSoak ? 3 : 2;
const READERS = isSoak ? 30 : 4;
const ARTICLES = 3;
/** Longest milliseconds between two changes: most reads find what they need kept. */
const LONGEST_PAUSE = isSoak ? 500 : 20;
/** Longest milliseconds between two reads of a reader, when enough was read. */
const LONGEST_REST = 100;
/** Milliseconds for which a gateway is paused, and the database is away. */
const OUTAGE = 300;
/** Changes between two disturbances. */
const CHANGES_BETWEEN = isSoak ? 15 : 3;

/** What readers ask for. */
const QUERIES = [
  `{ articles(first: 5) { totalCount nodes { title excerpt commentCount publishedAt
     author { name avatarUrl } topics { name slug } cover { url alt } } pageInfo { hasNextPage } } }`,
  ...Array.from(
    { length: ARTICLES },
    (_, i) => `{ article(slug: "article-${i + 1}") { title body { html } commentCount commentPolicy readingMinutes
      author { name bio { text } } topics { name parent { name } } related { title commentCount }
      comments(first: 20) { totalCount nodes { id status version pinned body { text } author { name } reactions { kind count }
        replies(first: 3) { totalCount nodes { body { text } author { name } } } } } } }`,
  ),
  `{ article(slug: "article-1") { thread(first: 100) { rows { depth comment { id status body { html } author { name } } } } } }`,
  '{ topics(first: 20) { nodes { name slug description articleCount parent { name } children { name articleCount } } } }',
  '{ author(slug: "author-1") { name bio { html } avatarUrl articleCount articles(first: 5) { totalCount nodes { title } } } }',
  '{ topic(slug: "topic-2") { name description articleCount articles(first: 5) { totalCount nodes { title } } } }',
  '{ authors(first: 20) { nodes { name articleCount } } }',
  '{ search(query: "title") { totalCount edges { headline node { __typename ... on Article { title } ... on Comment { body { text } } } } } }',
];

const closers: (() => unknown)[] = [];
afterEach(() => closeAll(closers));

describe(`${GATEWAYS} gateways that keep responses`, () => {
  it(`answer as the database was when the request came or later, whatever changes it, in ${READS} reads`, {
    timeout: isSoak ? 3_600_000 : 600_000,
  }, async () => {
    const next = random(7);
    const { postgres, nodes, uncached } = await startInstallation();
    const urls = [uncached, ...nodes.map(({ url }) => url)];
    const history = await History.start(() => Promise.all(QUERIES.map((query) => readByPost(uncached, query))));
    const changes = await freshChanges({ databaseUrl: postgres.url, url: uncached, articles: ARTICLES, next });
    const over = new AbortController();
    const readers = new Readers(history, nodes, over.signal);
    const reading = readers.run();
    try {
      await changeAll({ changes, history, readers, nodes, postgres, urls, next });
    } finally {
      over.abort();
      await reading;
    }
    readers.throwIfWrong();
    for (const [query, text] of QUERIES.entries())
      for (const { url } of nodes) expect(await readByPost(url, text)).toBe(history.last(query));
    expect(await keptResponses(nodes)).toBeGreaterThan(READS / 20);
    for (const node of nodes) expect([node.crashes, node.unexpectedLines]).toEqual([0, []]);
  });
});

interface Walk {
  changes: readonly FreshChange[];
  history: History;
  readers: Readers;
  nodes: readonly Node[];
  postgres: PostgresServer;
  /** Of all gateways. */
  urls: readonly string[];
  next: () => number;
}

/** Makes all kinds of change again and again, with outages between, until enough was read. */
async function changeAll({ changes, history, readers, nodes, postgres, urls, next }: Walk): Promise<void> {
  const effects = new Map(changes.map(({ name }) => [name, 0]));
  const make = async ({ name, make, hasSteps }: FreshChange): Promise<void> => {
    await history.change(make, { hasSteps });
    effects.set(name, effects.get(name)! + history.changedByLast);
    readers.throwIfWrong();
    await delay(next() * LONGEST_PAUSE);
  };
  const some = (): FreshChange[] => Array.from({ length: CHANGES_BETWEEN }, () => pick(changes, next));
  const disturbances: (() => Promise<void>)[] = [
    () =>
      pick(nodes, next).pause(async () => {
        for (const change of some()) await make(change);
        await delay(OUTAGE);
      }),
    async () => {
      await postgres.stop(next() < 0.5 ? 'fast' : 'immediate');
      await delay(OUTAGE);
      await postgres.start();
      await untilReady(urls);
    },
    async () => {
      await pick(nodes, next).restart('SIGKILL');
    },
  ];
  for (let round = 0; readers.compared < READS || round === 0; round++) {
    for (const change of changes.toSorted(() => next() - 0.5)) await make(change);
    for (const disturb of disturbances) {
      await disturb();
      for (const change of some()) await make(change);
    }
  }
  // What was reported or unpublished before looks as it did.
  const unseen = ['a comment is reported', 'an article is deleted'];
  const without = [...effects].filter(([name, count]) => count === 0 && !unseen.includes(name));
  // In one round, some changes come before what they need, as that of a comment that was rejected.
  if (isSoak) expect(without).toEqual([]);
}

/** Readers that compare what they get with the history. */
class Readers {
  readonly #history: History;
  readonly #nodes: readonly Node[];
  readonly #over: AbortSignal;
  /** Answers, except those that may be states within a change: how many those are depends on the machine. */
  compared = 0;
  #fault: Error | null = null;

  constructor(history: History, nodes: readonly Node[], over: AbortSignal) {
    this.#history = history;
    this.#nodes = nodes;
    this.#over = over;
  }

  throwIfWrong(): void {
    if (this.#fault) throw this.#fault;
  }

  /** Reads until it is over, or an answer was wrong. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: READERS }, (_, i) => this.#read(random(100 + i))));
  }

  async #read(next: () => number): Promise<void> {
    const browser = new Browser();
    while (!this.#over.aborted && !this.#fault) {
      const query = Math.floor(next() * QUERIES.length);
      const { url } = pick(this.#nodes, next);
      const { least } = this.#history;
      const read = next() < 0.5 ? readByPost : (to: string, text: string) => browser.read(to, text);
      const answer = await read(url, QUERIES[query]!).catch(() => null);
      if (answer === null) {
        // The gateway or its database is away.
        await delay(20);
        continue;
      }
      const isAllowed = await this.#history.allows(query, least, answer);
      if (isAllowed !== null) this.compared += 1;
      // A round of changes takes longer than enough reads.
      if (!isSoak && this.compared > READS) await delay(next() * LONGEST_REST);
      if (isAllowed === false)
        this.#fault ??= new Error(`An answer that was not right at any time since the request:
${QUERIES[query]}
${answer}
It is now:
${this.#history.last(query)}`);
    }
  }
}

async function startInstallation(): Promise<{ postgres: PostgresServer; nodes: Node[]; uncached: string }> {
  const postgres = await startPostgres();
  closers.push(() => postgres.close());
  await migrate(postgres.url);
  const sql = new pg.Client({ connectionString: postgres.url });
  await sql.connect();
  await write(sql, {
    authors: [{ id: 1, bio: 'Bio' }, { id: 2 }],
    topics: [{ id: 1 }, { id: 2 }, { id: 3 }],
    articles: Array.from({ length: ARTICLES }, (_, i) => ({ id: i + 1, topics: [i + 1], cover: true })),
    comments: Array.from({ length: 30 }, (_, i) => ({
      id: i + 1,
      article: 1 + (i % ARTICLES),
      author: 1 + (i % 2),
      // A reply to a comment on the same article.
      ...(i >= 15 && { parent: i - 14 }),
    })),
  });
  await sql.end();
  const databaseUrl = postgres.url;
  const nodes = await Promise.all(
    Array.from({ length: GATEWAYS }, () => Node.start({ databaseUrl, redisUrl: null, clock: 0 }, closers)),
  );
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'silent',
    JWT_SECRET,
    RATE_LIMITS: 'off',
    CACHE_SIZE: '0',
    HOLD_REPEATED_WITHIN: '0',
    HOLD_BUSY_ARTICLE: '0',
    HOLD_FREQUENT: '0',
  });
  const gateway = await start({ config, log: createLogger({ level: config.logLevel }) });
  closers.push(() => gateway.stop());
  return { postgres, nodes, uncached: gateway.url };
}

async function untilReady(urls: readonly string[]): Promise<void> {
  await until('every gateway reaches the database', async () => {
    const answers = await Promise.all(urls.map((url) => fetch(new URL('/ready', url)).catch(() => null)));
    return answers.every((answer) => answer?.ok);
  });
}

/** Responses that were sent from those kept, since the gateways started. */
async function keptResponses(nodes: readonly Node[]): Promise<number> {
  let sum = 0;
  for (const { url } of nodes) {
    const text = await (await fetch(new URL('/metrics', url))).text();
    sum += Number(/^broadsheet_cache_hits_total (\d+)$/m.exec(text)![1]);
  }
  return sum;
}
