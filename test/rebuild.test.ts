import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MAX_PATH_LEVELS } from '../schema/content/comment/comment-path.ts';
import { checkThreads } from '../src/database/derived/thread-check.ts';
import { rebuildThreads } from '../src/database/derived/thread-repair.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

beforeEach(async () => {
  await client.query('TRUNCATE author, article, comment RESTART IDENTITY CASCADE');
  await client.query(`INSERT INTO author (slug, name, kind) VALUES ('ann', 'Ann', 'STAFF'), ('ben', 'Ben', 'GUEST')`);
  await client.query(`
    INSERT INTO article (slug, title, excerpt, body_source, body_html, body_text, author_id)
    VALUES ('one', 'One', '', '', '', '', 1), ('two', 'Two', '', '', '', '', 1)`);
});

interface NewComment {
  id: number;
  article?: number;
  parent?: number;
  author?: number;
  status?: string;
  /** Minutes after noon. */
  at?: number;
}

/** Inserts comments as an import does: without a place, and with no derived column. */
async function insert(...comments: NewComment[]): Promise<void> {
  for (const { id, article = 1, parent, author = 2, status = 'VISIBLE', at = id } of comments) {
    await client.query(
      `INSERT INTO comment (id, article_id, parent_id, author_id, path, depth, status, body_source, body_html,
                            body_text, created_at)
       VALUES ($1::int, $2, $3, $4, ARRAY[-$1::int], 0, $5::"CommentStatus", '', '', '',
               timestamptz '2020-01-01 12:00Z' + make_interval(mins => $6::int))`,
      [id, article, parent ?? null, author, status, at],
    );
  }
}

async function inTransaction<T>(work: () => Promise<T>): Promise<T> {
  await client.query('BEGIN');
  const result = await work();
  await client.query('COMMIT');
  return result;
}

const rebuild = (articles?: number[]) => inTransaction(() => rebuildThreads(client, articles));
const check = (articles?: number[]) => inTransaction(() => checkThreads(client, articles));

async function paths(): Promise<Record<string, string>> {
  const rows = await client.query<{ id: number; path: number[] }>('SELECT id, path FROM comment ORDER BY id');
  return Object.fromEntries(rows.rows.map(({ id, path }) => [id, path.join('.')]));
}

describe('rebuildThreads gives places', () => {
  test('below each parent in order of time', async () => {
    await insert({ id: 1, at: 5 }, { id: 2, at: 1 }, { id: 3, parent: 1, at: 9 }, { id: 4, parent: 1, at: 8 });
    await insert({ id: 5, parent: 4 }, { id: 6, article: 2 });
    await rebuild();
    expect(await paths()).toEqual({ 1: '2', 2: '1', 3: '2.2', 4: '2.1', 5: '2.1.1', 6: '1' });
    const counters = await client.query('SELECT id, next_ordinal, depth FROM comment ORDER BY id');
    expect(counters.rows.map((row) => row.next_ordinal)).toEqual([3, 1, 1, 2, 1, 1]);
    expect(counters.rows.map((row) => row.depth)).toEqual([0, 0, 1, 1, 2, 0]);
  });

  test('to new comments after the existing ones, whatever their date, and keeps existing places', async () => {
    await insert({ id: 1, at: 10 }, { id: 2, at: 20 });
    await rebuild();
    await insert({ id: 3, at: 5 }, { id: 4, parent: 2, at: 1 });
    expect(await rebuild([1])).toMatchObject({ comments: 3, articles: 1, authors: 1 });
    expect(await paths()).toEqual({ 1: '1', 2: '2', 3: '3', 4: '2.1' });
  });

  test('that no deleted comment had before', async () => {
    await insert({ id: 1 }, { id: 2 });
    await rebuild();
    await client.query('DELETE FROM comment WHERE id = 2');
    await insert({ id: 3 });
    await rebuild();
    expect(await paths()).toEqual({ 1: '1', 3: '3' });
  });

  test('to comments that exchange their parents, although paths are unique at every moment', async () => {
    await insert({ id: 1 }, { id: 2 }, { id: 3, parent: 1 }, { id: 4, parent: 2 });
    await rebuild();
    await client.query('UPDATE comment SET parent_id = CASE id WHEN 3 THEN 2 ELSE 1 END WHERE id IN (3, 4)');
    expect(await rebuild()).toMatchObject({ comments: 2 });
    expect(await paths()).toEqual({ 1: '1', 2: '2', 3: '2.1', 4: '1.1' });
  });

  test(`below level ${MAX_PATH_LEVELS} on the deepest level in order of time, and keeps the true depth`, async () => {
    const depth = MAX_PATH_LEVELS + 40;
    await client.query(
      `INSERT INTO comment (id, article_id, parent_id, author_id, path, depth, status, body_source, body_html, body_text,
                            created_at)
       SELECT i, 1, nullif(i - 1, 0), 2, ARRAY[-i], 0, 'VISIBLE', '', '', '', timestamptz '2020-01-01Z' + make_interval(mins => i)
         FROM generate_series(1, $1) i`,
      [depth],
    );
    await rebuild();
    const read = await client.query('SELECT id, depth, cardinality(path) AS levels FROM comment ORDER BY path');
    expect(read.rows.map((row) => row.id)).toEqual(Array.from({ length: depth }, (_, index) => index + 1));
    expect(read.rows.map((row) => row.depth)).toEqual(Array.from({ length: depth }, (_, index) => index));
    expect(read.rows.at(-1).levels).toBe(MAX_PATH_LEVELS);
    await insert({ id: 9_001, parent: depth, at: 99_001 }, { id: 9_000, parent: MAX_PATH_LEVELS, at: 99_000 });
    await rebuild([1]);
    const last = await client.query('SELECT id FROM comment ORDER BY path DESC LIMIT 2');
    expect(last.rows.map((row) => row.id)).toEqual([9_001, 9_000]);
    expect((await client.query('SELECT descendant_count FROM comment WHERE id = 1')).rows).toEqual([
      { descendant_count: depth + 1 },
    ]);
  });
});

describe('rebuildThreads counts', () => {
  test('readable comments only: none that is pending, rejected or spam, and none below such a comment', async () => {
    await insert(
      { id: 1 },
      { id: 2, parent: 1, status: 'REMOVED' },
      { id: 3, parent: 2 },
      { id: 4, parent: 1, status: 'PENDING' },
      { id: 5, parent: 4 },
      { id: 6, parent: 1, status: 'REMOVED' },
      { id: 7, parent: 6, status: 'SPAM' },
      { id: 8, status: 'REJECTED', at: 99 },
      { id: 9, parent: 1, at: 60 },
    );
    await client.query(`UPDATE comment SET reaction_counts = '{2,0,1,0,0}' WHERE id = 1`);
    await rebuild();
    const rows = await client.query(
      'SELECT id, visible, reply_count, descendant_count, score FROM comment ORDER BY id',
    );
    expect(rows.rows.filter((row) => row.visible).map((row) => row.id)).toEqual([1, 2, 3, 9]);
    expect(rows.rows[0]).toMatchObject({ reply_count: 1, descendant_count: 2, score: 4 });
    expect(rows.rows[1]).toMatchObject({ reply_count: 1, descendant_count: 1, score: 1 });
    expect(
      (await client.query('SELECT comment_count, discussed_at, next_ordinal FROM article ORDER BY id')).rows,
    ).toEqual([
      { comment_count: 3, discussed_at: new Date('2020-01-01T13:00:00Z'), next_ordinal: 3 },
      { comment_count: 0, discussed_at: new Date(0), next_ordinal: 1 },
    ]);
    expect((await client.query('SELECT comment_count FROM author ORDER BY id')).rows).toEqual([
      { comment_count: 0 },
      { comment_count: 3 },
    ]);
  });

  test('the comments of an author on all articles, even when it rebuilds only some', async () => {
    await insert({ id: 1 }, { id: 2, article: 2 });
    await rebuild();
    await insert({ id: 3 });
    await rebuild([1]);
    expect((await client.query('SELECT comment_count FROM author WHERE id = 2')).rows).toEqual([{ comment_count: 3 }]);
  });
});

describe('checkThreads', () => {
  test('finds no difference after a rebuild, and a second rebuild updates no row', async () => {
    await insert({ id: 1 }, { id: 2, parent: 1 }, { id: 3, article: 2, status: 'PENDING' });
    await rebuild();
    const nothing = { comments: 0, articles: 0, authors: 0, unreachable: 0 };
    expect(await check()).toEqual({ ...nothing, examples: [] });
    expect(await check([2])).toEqual({ ...nothing, examples: [] });
    expect(await rebuild()).toEqual(nothing);
  });

  test('reports the rows that differ with stored and computed values, and changes no row', async () => {
    await insert({ id: 1 }, { id: 2, parent: 1 });
    await rebuild();
    await client.query('UPDATE comment SET descendant_count = 7 WHERE id = 1');
    await client.query('UPDATE article SET comment_count = 9 WHERE id = 1');
    const found = await check();
    expect(found).toMatchObject({ comments: 1, articles: 1, authors: 0 });
    expect(found.examples[0]).toMatchObject({
      table: 'comment',
      id: 1,
      stored: { descendant_count: 7 },
      computed: { descendant_count: 1 },
    });
    expect(await check()).toEqual(found);
    expect(await rebuild()).toMatchObject({ comments: 1, articles: 1 });
    expect(await check()).toMatchObject({ comments: 0, articles: 0 });
  });

  test('counts a circle of parents as unreachable, and a rebuild does not change it', async () => {
    await insert({ id: 1 }, { id: 2, parent: 1 }, { id: 3 });
    await rebuild();
    await client.query('UPDATE comment SET parent_id = 2 WHERE id = 1');
    expect(await check()).toMatchObject({ unreachable: 2 });
    expect(await rebuild()).toMatchObject({ comments: 0, unreachable: 2 });
  });
});
