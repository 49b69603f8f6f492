import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeEventCursor } from '../schema/content/event-cursor.ts';
import { readConfig } from '../src/config.ts';
import { verify } from '../src/database/derived/verify.ts';
import { PRUNE_CHANGES } from '../src/jobs/prune-changes.ts';
import { PRUNE_EVENTS } from '../src/jobs/prune-events.ts';
import { createLogger } from '../src/logger.ts';
import { start } from '../src/start.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { startGateway, until } from './gateway.ts';
import { write } from './seed.ts';

const HOUR = 3_600_000;

let url: string;
let sql: pg.Client;
const closers: (() => unknown)[] = [];

beforeEach(async () => {
  const database = await createTestDatabase();
  closers.push(database.drop);
  url = database.url;
  sql = await connect();
  await write(sql, {
    authors: [{ id: 1 }],
    articles: [{ id: 1 }, { id: 2 }, { id: 3 }],
    comments: [1, 2, 3].map((id) => ({ id, article: id })),
  });
});

afterEach(() => closeAll(closers));

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  closers.push(() => client.end());
  return client;
}

/** Starts a gateway that keeps events for an hour, and stops it after the test. */
async function keepAnHour(): Promise<{ stop(): Promise<void> }> {
  const config = readConfig({ PORT: '0', DATABASE_URL: url, LOG_LEVEL: 'error', EVENTS_KEPT: '1h' });
  const gateway = await start({ config, log: createLogger({ level: 'error' }) });
  closers.push(() => gateway.stop());
  return gateway;
}

/** Adds events to the log of an article, each some minutes old, in the order of the log. */
async function happened(article: number, minutes: number[]): Promise<void> {
  await sql.query(
    `WITH counter AS (
        UPDATE article SET event_sequence = event_sequence + cardinality($2::float8[]) WHERE id = $1
        RETURNING event_sequence - cardinality($2::float8[]) AS before
      ) INSERT INTO comment_event (article_id, sequence, kind, comment_id, at)
      SELECT $1, before + place, 'CHANGED', $1, now() - minutes * interval '1 minute'
      FROM counter, unnest($2::float8[]) WITH ORDINALITY AS event(minutes, place)`,
    [article, minutes],
  );
}

/** Fills the logs of the three articles with events that are older than some minutes. */
async function muchHappened(events: number, minutes: number): Promise<void> {
  for (const article of [1, 2, 3])
    await happened(
      article,
      Array.from({ length: events / 3 }, (_, n) => minutes + events - n),
    );
}

/** Sequences that are kept, by article. */
async function kept(): Promise<Record<number, number[]>> {
  const { rows } = await sql.query<{ article_id: number; sequences: number[] }>(
    'SELECT article_id, array_agg(sequence ORDER BY sequence) AS sequences FROM comment_event GROUP BY 1',
  );
  return Object.fromEntries(rows.map(({ article_id, sequences }) => [article_id, sequences]));
}

async function count(client = sql): Promise<number> {
  return (await client.query('SELECT count(*)::int AS n FROM comment_event')).rows[0].n;
}

/** One step of a gateway that keeps events for an hour. */
async function step(client: pg.Client): Promise<number> {
  return (await client.query(PRUNE_EVENTS, [HOUR])).rows[0].count;
}

describe('pruning of events', () => {
  it('deletes the old events of each article, and all of an article that has no recent one', async () => {
    await happened(1, [600, 90, 61, 59, 5]);
    await happened(2, [59, 58]);
    await happened(3, [100_000, 99_999]);
    await keepAnHour();
    await until('the old ones are gone', async () => (await count()) <= 4);
    expect(await kept()).toEqual({ 1: [4, 5], 2: [1, 2] });
    expect(await verify({ url, repair: false })).toEqual([]);
    // New events continue the sequence.
    await happened(3, [0]);
    expect((await kept())[3]).toEqual([3]);
  });

  it('deletes all events before an old one, even those with a later time, so that no gap appears', async () => {
    await happened(1, [90, 5, 80, 4]);
    await happened(2, [-100_000, 70]);
    await step(sql);
    expect(await kept()).toEqual({ 1: [4] });
  });

  it('deletes in steps, the oldest first, and leaves no gap after any step', async () => {
    await muchHappened(4_500, 120);
    await happened(2, [5]);
    const left: number[] = [];
    do {
      await step(sql);
      left.push(await count());
      expect(await verify({ url, repair: false })).toEqual([]);
    } while (left.at(-1)! > 1);
    expect(left).toEqual([3_501, 2_501, 1_501, 501, 1]);
    expect(await kept()).toEqual({ 2: [1_501] });
  });

  it('leaves no gap at any moment while several gateways prune', async () => {
    await muchHappened(15_000, 120);
    await Promise.all([keepAnHour(), keepAnHour(), keepAnHour()]);
    let left: number;
    do {
      const { rows } = await sql.query<{ gaps: number; left: number }>(
        `SELECT coalesce(sum(last - first + 1 - kept), 0)::int AS gaps, coalesce(sum(kept), 0)::int AS left
          FROM (SELECT count(*) AS kept, min(sequence) AS first, max(sequence) AS last FROM comment_event GROUP BY article_id) log`,
      );
      expect(rows[0]!.gaps).toBe(0);
      left = rows[0]!.left;
    } while (left > 0);
    expect(await verify({ url, repair: false })).toEqual([]);
  });

  it('runs on one gateway at a time', async () => {
    await happened(1, [90]);
    const other = await connect();
    await other.query('BEGIN');
    expect(await step(other)).toBe(1);
    expect(await step(sql)).toBe(0);
    // The gateway that runs it is killed.
    await other.query('ROLLBACK');
    expect(await step(sql)).toBe(1);
  });

  it('does not block writers', async () => {
    await happened(1, [90]);
    const other = await connect();
    await other.query('BEGIN');
    expect(await step(other)).toBe(1);
    await sql.query(`SET lock_timeout = '5s'`);
    await happened(1, [0]);
    await other.query('COMMIT');
    expect(await kept()).toEqual({ 1: [2] });
  });

  it('stops with the gateway', async () => {
    await muchHappened(90_000, 120);
    const gateway = await keepAnHour();
    await until('it deletes', async () => (await count()) < 90_000);
    await gateway.stop();
    const left = await count();
    expect(left).toBeGreaterThan(0);
    expect(await verify({ url, repair: false })).toEqual([]);
    expect(await count()).toBe(left);
  });
});

it('deletes the idempotency key of a comment after a week', async () => {
  await sql.query(`INSERT INTO idempotency_key (actor, key, request, comment_id, created_at)
    SELECT 'author:1', 'of ' || days || ' days', '', 1, now() - days * interval '1 day' FROM unnest('{6, 8, 80}'::int[]) days`);
  await keepAnHour();
  const keys = async () => (await sql.query('SELECT key FROM idempotency_key')).rows.map(({ key }) => key);
  await until('old ones are gone', async () => (await keys()).length < 3);
  expect(await keys()).toEqual(['of 6 days']);
});

it('deletes moderation events after a day, but never the newest, so that the position of their log does not go back', async () => {
  await sql.query(`INSERT INTO moderation_event (kind, comment_id, at)
    SELECT 'HELD', hours, now() - hours * interval '1 hour' FROM unnest('{80, 30, 25}'::int[]) hours`);
  const gateway = await keepAnHour();
  const left = async () =>
    (await sql.query('SELECT comment_id FROM moderation_event')).rows.map((row) => row.comment_id);
  await until('old ones are gone', async () => (await left()).length < 3);
  expect(await left()).toEqual([25]);
  await gateway.stop();
});

it('sends ResyncRequired to a client whose next event is pruned, and the missed events to a client whose next event is kept', async () => {
  const gateway = await startGateway(
    async (seeded) => {
      await write(seeded, { authors: [{ id: 1 }], articles: [{ id: 1 }], comments: [{ id: 1, article: 1 }] });
      await seeded.query(`INSERT INTO comment_event (article_id, sequence, kind, comment_id, at)
        SELECT 1, n, 'CHANGED', 1, now() - (10 - n) * interval '10 minutes' FROM generate_series(1, 9) n`);
      await seeded.query('UPDATE article SET event_sequence = 9');
    },
    { EVENTS_KEPT: '35m' },
  );
  closers.push(() => gateway.stop());
  await until('old ones are gone', async () => (await gateway.sql.query('SELECT FROM comment_event')).rowCount === 3);
  const { rows } = await gateway.sql.query('SELECT event_epoch FROM article');
  const since = async (sequence: number) => {
    const { data } = await gateway.ask<{ article: { events: { events: { __typename: string }[] } } }>(
      'query ($after: EventCursor!) { article(slug: "article-1") { events(after: $after) { events { __typename } } } }',
      { after: encodeEventCursor({ articleId: 1, epoch: rows[0].event_epoch, sequence }) },
    );
    return data.article.events.events.map(({ __typename }) => __typename);
  };
  expect(await since(5)).toEqual(['ResyncRequired']);
  expect(await since(6)).toEqual(Array(3).fill('CommentChanged'));
  expect(await since(9)).toEqual([]);
});

it('changes of another server, whose database was restored by other programs, are deleted, and those of this one are kept', async () => {
  await sql.query('DELETE FROM content_change');
  await sql.query(`INSERT INTO content_change VALUES (5000000000, 1), (5000000001, 0)`);
  await sql.query('UPDATE content_change_horizon SET deleted_before = 4999990000, next_before = 4999999000');
  await sql.query(PRUNE_CHANGES, [0]);
  await sql.query('INSERT INTO content_change (subject) VALUES (2)');
  await sql.query(PRUNE_CHANGES, [0]);
  expect((await sql.query('SELECT subject FROM content_change')).rows).toEqual([{ subject: 2 }]);
  const { rows } =
    await sql.query(`SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= deleted_before AS kept
    FROM content_change_horizon`);
  expect(rows).toEqual([{ kept: true }]);
});
