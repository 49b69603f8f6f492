import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { type Gateway, start } from '../../src/start.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { random, write } from '../seed.ts';
import { Browser, readByPost } from './fresh-browser.ts';
import { isSoak } from './size.ts';

/** Reads compared with what was committed. */
const READS = isSoak ? 1_000_000 : 400;
/** Reads after which it ends although few responses were kept. */
const MOST_READS = 10 * READS;
/** Reads after which a look shows whether they were enough. */
const BETWEEN_LOOKS = 100;
const READERS = 12;
const WRITERS = 4;
const ARTICLES = 3;
/** Longest pauses in milliseconds: inside a transaction, so that they commit in another order than they begin, and between. */
const LONGEST_TRANSACTION = 5;
const LONGEST_PAUSE = 200;

/** Two of the gateways that keep responses. The third is `gateway`. */
let others: Gateway[];
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1, name: '0' }],
        topics: [{ id: 1, name: '0' }],
        articles: Array.from({ length: ARTICLES }, (_, i) => ({ id: i + 1, author: 1, topics: [1], title: '0' })),
        comments: Array.from({ length: ARTICLES }, (_, i) => ({ id: i + 1, article: i + 1, author: 1 })),
      }),
    { CACHE_SIZE: '1000000' },
  );
  await gateway.sql.query("UPDATE comment SET body_text = '0'");
  others = await Promise.all([1, 2].map(() => openOther()));
});

afterAll(async () => {
  for (const other of others) await other.stop();
  await gateway.stop();
});

function openOther(): Promise<Gateway> {
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: gateway.databaseUrl,
    LOG_LEVEL: 'error',
    RATE_LIMITS: 'off',
    CACHE_SIZE: '1000000',
  });
  return start({ config, log: createLogger({ level: config.logLevel }) });
}

/** What is written together, and a query that reads all of it: every place has the number of the last change. */
const SUBJECTS = [
  ...Array.from({ length: ARTICLES }, (_, i) => ({
    lock: `SELECT title FROM article WHERE id = ${i + 1} FOR UPDATE`,
    set: (n: number) => [
      `UPDATE comment SET body_text = '${n}' WHERE id = ${i + 1}`,
      `UPDATE article SET title = '${n}' WHERE id = ${i + 1}`,
    ],
    query: `{ article(slug: "article-${i + 1}") { title comments { nodes { body { text } } } } }`,
  })),
  {
    lock: 'SELECT name FROM topic WHERE id = 1 FOR UPDATE',
    set: (n: number) => [`UPDATE topic SET name = '${n}' WHERE id = 1`, `UPDATE author SET name = '${n}' WHERE id = 1`],
    query: '{ articles { nodes { author { name } topics { name } } } }',
  },
];

describe('three gateways that keep responses, while transactions overlap', () => {
  it(`never answer with less than was committed before the request, nor with halves of two changes, in ${READS} reads`, {
    timeout: isSoak ? 3_600_000 : 120_000,
  }, async () => {
    const urls = [gateway.url, ...others.map(({ url }) => url)];
    const committed = SUBJECTS.map(() => 0);
    let isOver = false;
    const writers = Array.from({ length: WRITERS }, (_, i) => change(committed, random(i), () => isOver));
    let reads = 0;
    let unchanged = 0;
    let isEnough = false;
    const look = async (): Promise<void> => {
      const { cache_hits_total: hits } = await gateway.metrics();
      isEnough = hits! > READS / 50 && unchanged > 0 && Math.max(...committed) > 10;
    };
    const readers = Array.from({ length: READERS }, async (_, i) => {
      const next = random(100 + i);
      const browser = new Browser();
      // How often a response is still kept depends on the machine.
      while (reads < READS || (!isEnough && reads < MOST_READS)) {
        reads += 1;
        if (reads % BETWEEN_LOOKS === 0) await look();
        const subject = Math.floor(next() * SUBJECTS.length);
        const url = urls[Math.floor(next() * urls.length)]!;
        const least = committed[subject]!;
        const read = next() < 0.5 ? readByPost : (u: string, query: string) => browser.read(u, query);
        const text = await read(url, SUBJECTS[subject]!.query);
        const numbers = [...text.matchAll(/"(?:title|text|name)":"(\d+)"/g)].map(([, n]) => Number(n));
        if (numbers.length < 2) throw new Error(`Unexpected answer: ${text}`);
        if (new Set(numbers).size !== 1) throw new Error(`Halves of two changes: ${text}`);
        if (numbers[0]! < least) throw new Error(`${numbers[0]} was sent although ${least} was committed.`);
        if (numbers[0] === least) unchanged += 1;
      }
    });
    await Promise.all(readers).finally(() => {
      isOver = true;
    });
    await Promise.all(writers);
    await look();
    expect(isEnough, 'kept responses were sent, and many changes committed').toBe(true);
  });
});

/** Changes subjects, each by a transaction that waits between its statements. */
async function change(committed: number[], next: () => number, isOver: () => boolean): Promise<void> {
  const client = new pg.Client({ connectionString: gateway.databaseUrl });
  await client.connect();
  const pause = (most: number): Promise<void> => delay(next() * most);
  while (!isOver()) {
    const subject = Math.floor(next() * SUBJECTS.length);
    const { lock, set } = SUBJECTS[subject]!;
    await client.query('BEGIN');
    const { rows } = await client.query<{ title?: string; name?: string }>(lock);
    const n = Number(rows[0]!.title ?? rows[0]!.name) + 1;
    for (const [i, statement] of set(n).entries()) {
      if (i > 0) await client.query('SAVEPOINT s');
      await client.query(statement);
      await pause(LONGEST_TRANSACTION);
    }
    const isDone = next() < 0.9;
    await client.query(isDone ? 'COMMIT' : 'ROLLBACK');
    if (isDone) committed[subject] = Math.max(committed[subject]!, n);
    await pause(LONGEST_PAUSE);
  }
  await client.end();
}
