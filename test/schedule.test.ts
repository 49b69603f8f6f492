import { createClient } from 'graphql-sse';
import type { QueryResult } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { type Gateway, start } from '../src/start.ts';
import type { Client } from './client.ts';
import { JWT_SECRET, startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

const HOUR = 3_600_000;

let first: TestGateway;
let writer: Client;

beforeAll(async () => {
  first = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      topics: [{ id: 1 }],
      // Draft 1 is about the topic; each test publishes articles of its own.
      articles: Array.from({ length: 200 }, (_, i) => ({
        id: i + 1,
        status: 'DRAFT' as const,
        at: null,
        ...(i === 0 && { topics: [1] }),
      })),
    }),
  );
  writer = first.as({ name: 'Mo', role: 'MODERATOR' });
});

afterAll(() => first.stop());

function another(): Promise<Gateway> {
  const config = readConfig({ PORT: '0', DATABASE_URL: first.databaseUrl, LOG_LEVEL: 'error', JWT_SECRET });
  return start({ config, log: createLogger({ level: 'error' }) });
}

async function publish(id: number, at?: Date): Promise<string> {
  const { data, errors } = await writer.ask<{ publishArticle: { article: { status: string } } }>(
    'mutation ($input: PublishArticleInput!) { publishArticle(input: $input) { ... on ArticleSuccess { article { status } } } }',
    { input: { id: encodeId('Article', id), ...(at && { at: at.toISOString() }) } },
  );
  expect(errors).toBeUndefined();
  return data.publishArticle.article.status;
}

/** The time by the database's clock in so many milliseconds. */
async function soon(milliseconds: number): Promise<Date> {
  const { rows } = await first.sql.query("SELECT clock_timestamp() + $1 * interval '1 ms' AS at", [milliseconds]);
  return rows[0].at;
}

/** Sets the time of a scheduled article to one in so many milliseconds. */
async function reschedule(id: number, milliseconds: number): Promise<Date> {
  const { rows } = await first.sql.query(
    `UPDATE article SET published_at = date_trunc('milliseconds', clock_timestamp() + $2 * interval '1 ms')
     WHERE id = $1 AND status = 'SCHEDULED' RETURNING published_at`,
    [id, milliseconds],
  );
  return rows[0].published_at;
}

async function publications(ids: number[]): Promise<number[]> {
  const { rows } = await first.sql.query('SELECT article_id FROM article_publication WHERE article_id = ANY($1)', [
    ids,
  ]);
  return rows.map(({ article_id }) => article_id).sort((a, b) => a - b);
}

interface Received {
  articlePublished: { slug: string };
}

const PUBLISHED = 'subscription ($topic: String) { articlePublished(topic: $topic) { slug status } }';

/** Publishes by SQL alone, with an entry in the log, as another gateway whose wake-up was lost. */
function publishElsewhere(id: number): Promise<unknown> {
  return first.sql.query(`
    UPDATE article SET status = 'PUBLISHED', published_at = now() WHERE id = ${id};
    INSERT INTO article_publication (article_id) VALUES (${id})`);
}

/** Publishes the probe again and again until the subscription receives it. */
async function following(received: () => readonly Received[], probe: number): Promise<void> {
  await until('the subscription follows', async () => {
    await writer.ask(
      'mutation ($id: ID!) { unpublishArticle(input: {id: $id}) { __typename } publishArticle(input: {id: $id}) { __typename } }',
      { id: encodeId('Article', probe) },
    );
    return received().length > 0;
  });
}

function slugs(received: readonly Received[], ids: number[]): string[] {
  const wanted = ids.map((id) => `article-${id}`);
  return received.map(({ articlePublished }) => articlePublished.slug).filter((slug) => wanted.includes(slug));
}

describe('a scheduled article', () => {
  it('becomes public at its time, not before, and is announced once', async () => {
    const subscription = first.subscribe<Received>(PUBLISHED);
    await following(() => subscription.received, 200);
    expect(await publish(2, await soon(HOUR))).toBe('SCHEDULED');
    expect(slugs(subscription.received, [2])).toEqual([]);
    const at = await reschedule(2, 1_500);
    await until('it is announced', () => slugs(subscription.received, [2]).length > 0);
    const { rows } = await first.sql.query(
      `SELECT status, published_at, (SELECT at FROM article_publication p WHERE p.article_id = a.id) AS announced FROM article a WHERE id = 2`,
    );
    expect(rows[0]).toMatchObject({ status: 'PUBLISHED', published_at: at });
    expect(rows[0].announced.getTime()).toBeGreaterThanOrEqual(at.getTime());
    expect(await publish(3)).toBe('PUBLISHED');
    await until('the next one is announced', () => slugs(subscription.received, [3]).length > 0);
    expect(slugs(subscription.received, [2, 3])).toEqual(['article-2', 'article-3']);
    await subscription.stop();
  });

  it('follows a new time, and stays a draft when it is unpublished', async () => {
    await publish(4, await soon(HOUR));
    await publish(5, await soon(HOUR));
    await writer.ask(
      `mutation { unpublishArticle(input: {id: "${encodeId('Article', 4)}"}) { __typename } publishArticle(input: {id: "${encodeId('Article', 5)}", at: "2199-01-01T00:00:00Z"}) { __typename } }`,
    );
    await publish(6, await soon(HOUR + 200));
    // An hour later.
    await first.sql.query("UPDATE article SET published_at = published_at - interval '1 hour' WHERE id IN (4, 5, 6)");
    const status = async (id: number) =>
      (await first.sql.query('SELECT status FROM article WHERE id = $1', [id])).rows[0].status;
    await until('one that was due later is public', async () => (await status(6)) === 'PUBLISHED');
    expect([await status(4), await status(5)]).toEqual(['DRAFT', 'SCHEDULED']);
  });

  it('becomes public when a gateway starts after its time, although none ran at that time', async () => {
    const { sql } = first;
    // By SQL, so that the running gateway is not woken.
    await sql.query("UPDATE article SET status = 'SCHEDULED', published_at = now() - interval '1 hour' WHERE id = 7");
    const second = await another();
    await until('it is announced', async () => (await publications([7])).length > 0);
    await second.stop();
    expect(await publications([7])).toEqual([7]);
  });

  it('is published once by several gateways, also when many are due at once', async () => {
    const others = [await another(), await another()];
    const ids = Array.from({ length: 60 }, (_, i) => 10 + i);
    await first.sql.query(
      "UPDATE article SET status = 'SCHEDULED', published_at = now() + interval '300 ms' WHERE id = ANY($1)",
      [ids],
    );
    await until('all are public', async () => {
      const { rows } = await first.sql.query(
        "SELECT count(*)::int AS n FROM article WHERE id = ANY($1) AND status = 'PUBLISHED'",
        [ids],
      );
      return rows[0].n === ids.length;
    });
    for (const other of others) await other.stop();
    expect(await publications(ids)).toEqual(ids);
    const { rows } = await first.sql.query(
      "SELECT article_count, (SELECT count(*)::int FROM article WHERE author_id = 1 AND status = 'PUBLISHED') AS n FROM author WHERE id = 1",
    );
    expect(rows[0].article_count).toBe(rows[0].n);
  });

  it('becomes public after an edit that holds its row at its time', async () => {
    const { sql } = first;
    await publish(8, await soon(HOUR));
    // In one message, so that the time does not come before the row is held.
    const results = await sql.query(`BEGIN;
      UPDATE article SET published_at = clock_timestamp() + interval '1 second' WHERE id = 8;
      COMMIT;
      BEGIN;
      SELECT status, published_at FROM article WHERE id = 8 FOR UPDATE`);
    const { rows } = (results as unknown as QueryResult[]).at(-1)!;
    expect(rows[0].status).toBe('SCHEDULED');
    await until('its time has passed', async () => (await soon(-500)) > rows[0].published_at);
    await sql.query("UPDATE article SET title = 'Edited' WHERE id = 8");
    await sql.query('COMMIT');
    await until('it is public', async () => (await publications([8])).length > 0);
    const after = await sql.query('SELECT status, title FROM article WHERE id = 8');
    expect(after.rows).toEqual([{ status: 'PUBLISHED', title: 'Edited' }]);
  });
});

describe('articlePublished', () => {
  it('delivers each publication once to every gateway, over WebSocket and SSE, in one order', async () => {
    const second = await another();
    const socket = first.subscribe<Received>(PUBLISHED);
    const client = createClient({ url: second.url, retryAttempts: 0 });
    const streamed: Received[] = [];
    const done = (async () => {
      for await (const { data } of client.iterate<Received>({ query: PUBLISHED })) if (data) streamed.push(data);
    })();
    await following(() => socket.received, 200);
    await following(() => streamed, 199);
    const ids = Array.from({ length: 20 }, (_, i) => 100 + i);
    await Promise.all(ids.map((id) => publish(id)));
    await publishElsewhere(120);
    const all = [...ids, 120];
    await until('all have come to both', () =>
      [socket.received, streamed].every((received) => slugs(received, [120]).length > 0),
    );
    const { rows } = await first.sql.query(
      'SELECT article_id FROM article_publication WHERE article_id = ANY($1) ORDER BY sequence',
      [all],
    );
    const expected = rows.map(({ article_id }) => `article-${article_id}`);
    expect(expected).toHaveLength(all.length);
    expect(slugs(socket.received, all)).toEqual(expected);
    expect(slugs(streamed, all)).toEqual(expected);
    client.dispose();
    await done.catch(() => {});
    await socket.stop();
    await second.stop();
  });

  it('of a topic delivers the articles about it, and none that were published before', async () => {
    const all = first.subscribe<Received>(PUBLISHED);
    const about = first.subscribe<Received>(PUBLISHED, { topic: 'topic-1' });
    await following(() => all.received, 200);
    await following(() => about.received, 1);
    await publish(150);
    await until('the other article has come', () => slugs(all.received, [150]).length > 0);
    const before = about.received.length;
    await following(() => about.received.slice(before), 1);
    expect(new Set(about.received.map(({ articlePublished }) => articlePublished.slug))).toEqual(
      new Set(['article-1']),
    );
    await all.stop();
    await about.stop();
  });

  it('skips a publication that was undone before it could be read', async () => {
    const subscription = first.subscribe<Received>(PUBLISHED);
    await following(() => subscription.received, 200);
    await first.sql.query('INSERT INTO article_publication (article_id) VALUES (160)');
    await publish(161);
    await until('the next one has come', () => slugs(subscription.received, [161]).length > 0);
    expect(slugs(subscription.received, [160, 161])).toEqual(['article-161']);
    await subscription.stop();
  });
});
