import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verify } from '../src/database/derived/verify.ts';
import type { ImportReport } from '../src/import/report.ts';
import { importWordPress } from '../src/import/wordpress/import-wordpress.ts';
import { exportOf, type PostSpec } from './fixtures/wordpress/export.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { commandArguments } from './program.ts';

// An import is stopped in the middle by a lock of the test. What others do meanwhile must not wait for it.

let gateway: TestGateway;
let directory: string;
let running: ReturnType<typeof spawn> | undefined;
const out = new Writable({ write: (_chunk, _encoding, done) => done() });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'broadsheet-import-beside-'));
  gateway = await startGateway(undefined, { HOLD_LENGTH: '0' });
});

afterAll(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  await gateway.stop();
  await rm(directory, { recursive: true });
});

async function fileOf(posts: readonly PostSpec[]): Promise<string> {
  const file = join(directory, 'export.xml');
  await writeFile(file, exportOf({ authors: [{ id: 7, login: 'jo', name: 'Jo' }], posts: [...posts] }));
  return file;
}

async function importPosts(posts: readonly PostSpec[], { dryRun = false } = {}): Promise<ImportReport> {
  return importWordPress({ file: await fileOf(posts), url: gateway.databaseUrl, out, dryRun });
}

const post = (id: number, comments: number, more: Partial<PostSpec> = {}): PostSpec => ({
  id,
  creator: 'jo',
  categories: [['category', 'news', 'News']],
  comments: Array.from({ length: comments }, (_, i) => ({
    id: id * 1_000 + i,
    text: `Comment ${id} ${i}`,
    author: `Guest ${i}`,
    email: `g${i}@guest.example`,
  })),
  ...more,
});

/** Holds a lock until the import waits for it, does something, and lets the import go on. */
async function whileWaiting(lock: string, importing: () => Promise<unknown>, work: () => Promise<void>): Promise<void> {
  const holder = await gateway.secondConnection();
  try {
    await holder.query('BEGIN');
    await holder.query(lock);
    const imported = importing();
    imported.catch(() => {});
    // Statistics stay the same in a transaction, so another connection reads them.
    await until('the import waits for the lock', async () => (await connections(`wait_event_type = 'Lock'`)) === 1, {
      limit: 40_000,
    });
    await work();
    await holder.query('COMMIT');
    await imported;
  } finally {
    await holder.end();
  }
}

/** The number of connections of imports to this database. */
const connections = (condition: string) =>
  count(
    `pg_stat_activity WHERE application_name = 'broadsheet import' AND datname = current_database() AND ${condition}`,
  );

async function addComment(slug: string, guest: number): Promise<void> {
  const { data } = await gateway.ask<{ article: { id: string } }>(`{ article(slug: "${slug}") { id } }`);
  const answer = await gateway.ask('mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }', {
    input: {
      articleId: data.article.id,
      body: `Words ${Math.random()}`,
      guest: { name: `Guest ${guest}`, email: `g${guest}@guest.example` },
    },
  });
  expect(answer.data).toEqual({ addComment: { __typename: 'AddCommentSuccess' } });
}

const count = async (sql: string) =>
  (await gateway.sql.query<{ count: number }>(`SELECT count(*)::int FROM ${sql}`)).rows[0]!.count;

// The import locks the row of its author at the end of its long transaction.
const AUTHOR = `SELECT FROM author WHERE slug = 'jo' FOR NO KEY UPDATE`;

it('that creates rows lets others write comments to its articles, also as its guests, and write to its topics', async () => {
  await importPosts([post(1, 2), post(2, 1)]);
  await whileWaiting(
    AUTHOR,
    () => importPosts([post(1, 3), post(2, 1, { title: 'Another title' }), post(3, 9)]),
    async () => {
      // Nothing of the import is shown yet.
      expect((await gateway.ask('{ article(slug: "post-3") { id } }')).data).toEqual({ article: null });
      await addComment('post-1', 0);
      await addComment('post-1', 8);
      await addComment('post-2', 77);
    },
  );
  expect(await count(`comment JOIN article a ON a.id = article_id WHERE a.slug = 'post-1' AND visible`)).toBe(5);
  expect(await count(`comment JOIN article a ON a.id = article_id WHERE a.slug = 'post-3' AND visible`)).toBe(9);
  expect(await count(`article WHERE title = 'Another title'`)).toBe(1);
  expect(await count(`author WHERE name = 'Guest 8' AND comment_count = 2`)).toBe(1);
  expect(await count(`topic WHERE slug = 'news' AND article_count = 3`)).toBe(1);
});

it('that changes an article keeps what somebody has changed there since it began', async () => {
  await importPosts([post(11, 1), post(12, 1)]);
  let report: ImportReport | undefined;
  const changed = [post(11, 1, { title: 'From the file' }), post(12, 1, { title: 'From the file, too' }), post(13, 0)];
  await whileWaiting(
    AUTHOR,
    async () => {
      report = await importPosts(changed);
    },
    async () => {
      await gateway.sql.query(`UPDATE article SET title = 'From here', version = version + 1 WHERE slug = 'post-11'`);
    },
  );
  expect(await count(`article WHERE title = 'From here'`)).toBe(1);
  expect(await count(`article WHERE title = 'From the file, too'`)).toBe(1);
  expect(report?.notes.map(({ reason }) => reason)).toContain(
    'article was changed here during the import and kept; import the files again',
  );
  expect(report?.kinds.find(({ kind }) => kind === 'articles')).toMatchObject({ created: 1, updated: 1, unchanged: 1 });
  // The next import finds a local change, which wins.
  await importPosts(changed);
  expect(await count(`article WHERE title = 'From here'`)).toBe(1);
});

it('changes many articles in batches, each of which is committed by itself', async () => {
  const posts = Array.from({ length: 60 }, (_, i) => post(100 + i, 4));
  await importPosts(posts);
  const before = await count(`(SELECT DISTINCT a.xmin::text FROM article a WHERE slug ~ '^post-1..$') x`);
  await importPosts(posts.map((one) => ({ ...one, title: `Changed ${one.id}` })));
  expect(before).toBe(1);
  expect(await count(`(SELECT DISTINCT a.xmin::text FROM article a WHERE title ~ '^Changed') x`)).toBeGreaterThan(1);
  expect(await count(`article WHERE title ~ '^Changed'`)).toBe(60);
  // The same again, as a dry run of further changes, changes nothing.
  const report = await importPosts(
    posts.map((one) => ({ ...one, title: 'Dry', comments: [{ id: one.id * 1_000 + 9 }] })),
    { dryRun: true },
  );
  expect(report.kinds.find(({ kind }) => kind === 'articles')).toMatchObject({ updated: 60 });
  expect(await count(`article WHERE title = 'Dry'`)).toBe(0);
  expect(await count(`author WHERE guest_key LIKE 'dry%'`)).toBe(0);
});

it('that is interrupted by Ctrl-C leaves nothing behind: no rows, no tables, no connection, no file', async () => {
  const everything = async () =>
    (
      await gateway.sql.query(
        'SELECT (SELECT count(*) FROM article) AS a, (SELECT count(*) FROM author) AS u, (SELECT count(*) FROM comment) AS c, (SELECT count(*) FROM topic) AS t, (SELECT count(*) FROM provenance) AS p',
      )
    ).rows;
  const before = await everything();
  const file = await fileOf([post(500, 50, { categories: [['category', 'other', 'Other']] })]);
  let code: number | null = null;
  await whileWaiting(
    AUTHOR,
    async () => {
      const child = spawn(
        process.execPath,
        [...commandArguments(), 'import', file, '--report', join(directory, 'report')],
        {
          env: { PATH: process.env.PATH, DATABASE_URL: gateway.databaseUrl },
          cwd: directory,
          stdio: 'ignore',
        },
      );
      running = child;
      code = await new Promise((resolve) => child.once('close', resolve));
    },
    async () => {
      running?.kill('SIGINT');
      await until('it has ended', () => code !== null);
      await until('its connection has ended', async () => (await connections('true')) === 0);
    },
  );
  expect(code).toBe(130);
  expect(await everything()).toEqual(before);
  expect(await count(`pg_class WHERE relname ~ '^(staged|merge|thread)_'`)).toBe(0);
  expect(await readdir(directory)).toEqual(['export.xml']);
});
