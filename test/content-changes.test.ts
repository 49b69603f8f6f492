import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CONTENT, PEOPLE, SEARCH } from '../schema/content/dependencies.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { write } from './seed.ts';

let database: TestDatabase;
let sql: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await write(sql, {
    authors: [{ id: 1 }, { id: 2, kind: 'MEMBER' }, { id: 3, kind: 'MEMBER' }],
    topics: [{ id: 1 }],
    articles: [{ id: 1, topics: [1] }, { id: 2 }, { id: 3, status: 'DRAFT', at: null }],
    comments: [
      { id: 1, article: 1, author: 2 },
      { id: 2, article: 2, author: 2 },
    ],
  });
});

afterAll(async () => {
  await sql.end();
  await database.drop();
});

/** The subjects that a statement notes. */
async function noted(statement: string): Promise<number[]> {
  await sql.query('BEGIN');
  await sql.query(statement);
  const { rows } = await sql.query<{ subject: number }>(
    'SELECT subject FROM content_change WHERE transaction = pg_current_xact_id()::text::bigint ORDER BY subject',
  );
  await sql.query('ROLLBACK');
  return rows.map(({ subject }) => subject);
}

const COMMENT = `INSERT INTO comment (article_id, author_id, path, depth, status, visible, body_source, body_html, body_text)
  SELECT id, 3, ARRAY[100], 0, 'VISIBLE', true, 'Hello', 'Hello', 'Hello' FROM article`;

it.each([
  ['the counters of an article', 'UPDATE article SET comment_count = comment_count + 1 WHERE id = 1', [1]],
  ['what is shown of several articles', 'UPDATE article SET reading_minutes = 9', [1, 2, 3]],
  ['the address of an article', `UPDATE article SET slug = 'new' WHERE id = 1`, [CONTENT]],
  ['which articles are public', `UPDATE article SET status = 'ARCHIVED' WHERE id = 1`, [SEARCH, CONTENT]],
  ['the comments of an author who has others', 'UPDATE author SET comment_count = comment_count + 1 WHERE id = 2', []],
  ['the first comment of an author', 'UPDATE author SET comment_count = comment_count + 1', [PEOPLE]],
  ['what no page shows of authors', `UPDATE author SET email = 'new@example.com', token_issued_at = now()`, []],
  ['the picture of an author', `UPDATE author SET avatar_url = 'https://example.com/new.png' WHERE id = 2`, [CONTENT]],
  ['a visible comment', `${COMMENT} WHERE id = 1`, [SEARCH, 1]],
  ['comments of several articles', COMMENT, [SEARCH, 1, 2, 3]],
  ['a comment that waits', `${COMMENT.replace("'VISIBLE', true", "'PENDING', false")} WHERE id = 2`, [2]],
  ['the counters of a comment', 'UPDATE comment SET reply_count = 1 WHERE id = 1', [1]],
])('a transaction notes that it changes %s', async (_, statement, subjects) => {
  expect(await noted(statement)).toEqual(subjects);
  // As a restore does.
  await sql.query('SET session_replication_role = replica');
  const withoutSearch = subjects.filter((subject) => subject !== SEARCH);
  expect(await noted(statement)).toEqual(withoutSearch);
  await sql.query('SET session_replication_role = origin');
});

it('a transaction notes that it changes the words of texts alone, as a repair does', async () => {
  expect(await noted("INSERT INTO search_word VALUES (0, 'gardens', '{gar}')")).toEqual([SEARCH]);
});

it('changes since a snapshot are found without reading the others, also when the table was empty at first', async () => {
  await sql.query('SET plan_cache_mode = force_generic_plan');
  await sql.query('TRUNCATE content_change');
  await sql.query('VACUUM content_change');
  await sql.query('PREPARE look (text) AS SELECT changes_since($1::pg_snapshot) AS subjects');
  const look = async (since: string): Promise<number[]> =>
    (await sql.query<{ subjects: number[] }>(`EXECUTE look('${since}')`)).rows[0]!.subjects;
  const snapshot = async (): Promise<string> =>
    (await sql.query<{ now: string }>('SELECT pg_current_snapshot()::text AS now')).rows[0]!.now;
  const scans = async () => {
    await sql.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await sql.query<{ whole: string; indexed: string }>(
      `SELECT seq_scan AS whole, idx_scan AS indexed FROM pg_stat_user_tables WHERE relname = 'content_change'`,
    );
    return { whole: Number(rows[0]!.whole), indexed: Number(rows[0]!.indexed) };
  };
  expect(await look(await snapshot())).toEqual([]);
  await sql.query('INSERT INTO content_change (subject) SELECT generate_series(1, 1000)');
  const before = await snapshot();
  await sql.query('INSERT INTO content_change (subject) VALUES (5), (7)');
  const first = await scans();
  expect((await look(before)).toSorted()).toEqual([5, 7]);
  const after = await scans();
  expect(after.whole).toBe(first.whole);
  expect(after.indexed).toBeGreaterThan(first.indexed);
});

it('a transaction that was in progress at a snapshot is new after it, whichever began first', async () => {
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query('BEGIN');
  await other.query('INSERT INTO content_change (subject) VALUES (11)');
  await sql.query('INSERT INTO content_change (subject) VALUES (12)');
  const { rows } = await sql.query<{ now: string }>('SELECT pg_current_snapshot()::text AS now');
  await other.query('COMMIT');
  await other.end();
  await sql.query('INSERT INTO content_change (subject) VALUES (13)');
  const found = await sql.query<{ subjects: number[] }>('SELECT changes_since($1) AS subjects', [rows[0]!.now]);
  expect(found.rows[0]!.subjects.toSorted()).toEqual([11, 13]);
});
