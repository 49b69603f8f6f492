import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportArchive } from '../src/archive/index.ts';
import { verify } from '../src/database/index.ts';
import { importFiles } from '../src/import/index.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { exportOf } from './fixtures/wordpress/export.ts';
import { until } from './gateway.ts';
import { write } from './seed.ts';

// How much the database writes for an import, by its own statistics and by a trigger of the test.

const closers: (() => Promise<unknown>)[] = [];
const out = new Writable({ write: (_chunk, _encoding, done) => done() });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-loading-'));
  closers.push(() => rm(folder, { recursive: true }));
});

afterAll(() => closeAll(closers));

async function openDatabase(): Promise<{ url: string; client: pg.Client }> {
  const { url, drop } = await createTestDatabase();
  closers.push(drop);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  closers.push(() => client.end());
  return { url, client };
}

const ARTICLES = 40;
const COMMENTS = 300;
const REACTED = 12;

/** Articles of one author about one topic, and conversations with some reactions. */
async function writeDiscussions(client: pg.Client): Promise<void> {
  await write(client, {
    authors: [{ id: 1 }, { id: 2, kind: 'GUEST' }],
    topics: [{ id: 1 }],
    articles: Array.from({ length: ARTICLES }, (_, index) => ({ id: index + 1, topics: [1] })),
    comments: Array.from({ length: COMMENTS }, (_, index) => {
      const id = index + 1;
      const isReply = id > 2 * ARTICLES;
      return { id, article: 1 + (index % ARTICLES), author: 2, ...(isReply && { parent: id - ARTICLES }) };
    }),
  });
  await client.query(
    `INSERT INTO reaction (comment_id, author_id, kind) SELECT id, 1, 'LOVE' FROM comment WHERE id <= ${REACTED}`,
  );
}

/** Rows of each table that have been updated in the database. */
async function updatedRows(client: pg.Client): Promise<Record<string, number>> {
  const { rows } = await client.query<{ name: string; updated: number }>(
    `SELECT relname AS name, n_tup_upd::int AS updated FROM pg_stat_user_tables WHERE schemaname = 'public'`,
  );
  return Object.fromEntries(rows.map(({ name, updated }) => [name, updated]));
}

test('an archive is loaded without writing rows again that were just written', async () => {
  const source = await openDatabase();
  await writeDiscussions(source.client);
  await verify({ url: source.url, repair: true });
  const { file } = await exportArchive({ url: source.url, path: join(folder, 'archive.ndjson') });
  const target = await openDatabase();
  await importFiles({ files: [file], url: target.url, out });
  // A connection reports what it has done while it works, and the rest when it ends.
  await until('the connections of the import have ended', async () => {
    const { rows } = await target.client.query(
      `SELECT FROM pg_stat_activity WHERE application_name = 'broadsheet import' AND datname = current_database()`,
    );
    return rows.length === 0;
  });
  const updated = await updatedRows(target.client);
  expect(updated).toMatchObject({ article: ARTICLES, comment: REACTED, search_comment: 0 });
  // The author of all articles: once for the articles, once for the comments.
  expect(updated.author).toBeLessThanOrEqual(3);
  expect(updated.topic).toBe(1);
  expect(await verify({ url: target.url, repair: false })).toEqual([]);
});

test('what triggers do for each row is planned once for an import, whatever its format', async () => {
  const source = await openDatabase();
  await writeDiscussions(source.client);
  const { file } = await exportArchive({ url: source.url, path: join(folder, 'planned.ndjson') });
  const site = join(folder, 'site.xml');
  await writeFile(site, exportOf({ posts: [{ id: 1, comments: [{ id: 1 }] }] }));
  for (const files of [[file], [site]]) {
    const target = await openDatabase();
    await target.client.query(`
      CREATE TABLE seen (plans text, compiled text);
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO seen VALUES (current_setting('plan_cache_mode'), current_setting('jit'));
        RETURN NULL;
      END $$;
      CREATE TRIGGER see AFTER INSERT ON comment FOR EACH ROW EXECUTE FUNCTION see()`);
    await importFiles({ files, url: target.url, out });
    const { rows } = await target.client.query('SELECT DISTINCT plans, compiled FROM seen');
    expect(rows).toEqual([{ plans: 'force_generic_plan', compiled: 'off' }]);
  }
});
