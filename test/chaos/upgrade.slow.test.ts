import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { type Closers, closeAll } from '../closers.ts';
import { createEmptyDatabase } from '../database.ts';
import { JWT_SECRET, until } from '../gateway.ts';
import { random, write } from '../seed.ts';
import { type Running, serve } from '../serve.ts';
import { boards, CONTENT, followers, startFollowers, startWriters, writers } from './cast.ts';
import { expectAllFaithful, expectNothingLostOrDoubled } from './checks.ts';
import type { Follower } from './follower.ts';
import { SIZE } from './size.ts';
import type { Board } from './writer.ts';

/** The built program of the release before, such as `dist/main.js` in a checkout of its tag. */
const FORMER = process.env.FORMER_RELEASE;
/** Changes that are confirmed while gateways of given releases serve. */
const WRITES = 150;
const READERS = 4;
const PAGE = `{ articles(first: 5) { nodes { title commentCount } } article(slug: "article-1") {
  title body { html } commentCount comments(first: 20) { nodes { body { html } author { name } replies(first: 3) { totalCount } } } } }`;

const closers: Closers = [];
afterEach(() => closeAll(closers));

describe('an upgrade, gateway by gateway, and the way back', () => {
  it.skipIf(!FORMER)(
    FORMER
      ? 'loses nothing and refuses no request'
      : 'loses nothing: FORMER_RELEASE names no program of the release before',
    { timeout: SIZE.limit },
    async () => {
      const database = await createEmptyDatabase();
      closers.push(() => database.drop());
      const cluster = new Cluster(database.url);
      await cluster.add(FORMER);
      const sql = new pg.Client({ connectionString: database.url });
      await sql.connect();
      closers.push(() => sql.end());
      await write(sql, CONTENT);
      await cluster.add(FORMER);

      const next = random(3);
      const discussions = boards();
      const reading = new Reading(cluster.urls);
      const people = await followers(SIZE.followers, { urlsOf: () => cluster.urls, next });
      const stopFollowers = await startFollowers(people, closers);
      const writing = startWriters(
        await writers(SIZE.writers, { boards: discussions, urls: cluster.urls, next }),
        closers,
      );
      const some = () => Promise.race([written(discussions), writing.running]);

      await some();
      // Migrates beside both, which serve on.
      await cluster.add();
      await some();
      await cluster.removeFirst();
      await cluster.add();
      await cluster.removeFirst();
      await some();
      const upgraded = countEvents(people);
      await cluster.add(FORMER);
      await some();
      await cluster.removeFirst();
      await cluster.removeFirst();
      await some();
      await writing.finish();

      expect(await reading.stop()).toEqual([]);
      expect(countEvents(people)).toBeGreaterThan(upgraded);
      await expectAllFaithful({ sql, url: cluster.urls[0]!, boards: discussions, followers: people });
      await expectNothingLostOrDoubled(sql, discussions);
      await stopFollowers();
    },
  );
});

function countEvents(people: readonly Follower[]): number {
  return people.reduce((total, { events }) => total + events.length, 0);
}

async function written(discussions: readonly Board[]): Promise<void> {
  const count = (): number => discussions.reduce((total, { writes }) => total + writes, 0);
  const before = count();
  await until(`${WRITES} changes are confirmed`, () => count() >= before + WRITES, { limit: 120_000 });
}

/** Gateways behind a load balancer, which sends requests to those that are ready. */
class Cluster {
  /** Of the gateways that requests are sent to. */
  readonly urls: string[] = [];
  readonly #running: Running[] = [];
  readonly #databaseUrl: string;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  /** @param program of another release */
  async add(program?: string): Promise<void> {
    const environment = { DATABASE_URL: this.#databaseUrl, JWT_SECRET, RATE_LIMITS: 'off' };
    const running = await serve(environment, closers, [], program);
    this.#running.push(running);
    this.urls.push(running.url);
  }

  /** Stops the oldest one, once the load balancer sends it no further requests and those in progress are answered. */
  async removeFirst(): Promise<void> {
    const running = this.#running.shift()!;
    this.urls.shift();
    await until('no request is in progress', async () => {
      const metrics = await (await fetch(new URL('/metrics', running.url))).text();
      return metrics.includes('\nbroadsheet_requests 0\n');
    });
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
  }
}

/** Readers that ask for pages all the time. */
class Reading {
  readonly #failures: string[] = [];
  readonly #reading: Promise<unknown>;
  #isOver = false;

  constructor(urls: readonly string[]) {
    this.#reading = Promise.all(Array.from({ length: READERS }, (_, n) => this.#read(urls, n)));
  }

  /** @returns what was not answered */
  async stop(): Promise<string[]> {
    this.#isOver = true;
    await this.#reading;
    return this.#failures;
  }

  async #read(urls: readonly string[], reader: number): Promise<void> {
    for (let n = reader; !this.#isOver; n++) {
      const url = urls[n % urls.length]!;
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: PAGE }),
        });
        const text = await response.text();
        if (!response.ok || text.includes('"errors"')) this.#failures.push(`${response.status} ${text}`);
      } catch (error) {
        this.#failures.push(String(error));
      }
      await delay(10);
    }
  }
}
