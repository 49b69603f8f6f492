import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ARCHIVE_SEQUENCES, ARCHIVE_TABLES, exportArchive } from '../src/archive/index.ts';
import { verify } from '../src/database/index.ts';
import { ImportError } from '../src/import/import-error.ts';
import { importFiles } from '../src/import/index.ts';
import { FolderStore } from '../src/media/folder-store.ts';
import { PictureConverter } from '../src/media/picture-converter.ts';
import { Pictures } from '../src/media/pictures.ts';
import { loadSample } from '../src/sample/load.ts';
import { isSoak } from './chaos/size.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { fixturePath } from './fixtures/format-trial.ts';
import { picture } from './fixtures/pictures.ts';
import { type NewComment, pick, random, write } from './seed.ts';

/** Comments of the random discussion. */
const COMMENTS = isSoak ? 100_000 : 400;

const closers: (() => Promise<unknown>)[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-archive-'));
  closers.push(() => rm(folder, { recursive: true }));
});

afterEach(() => closeAll(closers));

const out = new Writable({ write: (_chunk, _encoding, done) => done() });

async function openDatabase(): Promise<{ url: string; client: pg.Client }> {
  const { url, drop } = await createTestDatabase();
  closers.push(drop);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  closers.push(() => client.end());
  return { url, client };
}

async function exported(url: string, name: string): Promise<Buffer> {
  const { file } = await exportArchive({ url, path: join(folder, name) });
  return readFile(file);
}

/** Every column of the exported tables, computed ones as well, but for the version of the rules that rendered a text. */
async function everything(client: pg.Client): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const { name } of ARCHIVE_TABLES) {
    const { rows } = await client.query(
      `SELECT to_jsonb(t) - 'rendering' - 'bio_rendering' - 'checked_at' AS row FROM ${name} t ORDER BY 1`,
    );
    all[name] = rows;
  }
  const words = await client.query('SELECT kind, entity_id, visible, words::text FROM search_document ORDER BY 1, 2');
  const comments = await client.query('SELECT comment_id, visible FROM search_comment ORDER BY 1');
  return { ...all, words: words.rows, comments: comments.rows };
}

/** Exports a database, imports it into an empty one, and compares both, and a second export. */
async function expectRoundTrip(source: { url: string; client: pg.Client }): Promise<Buffer> {
  const archive = await exported(source.url, 'first.ndjson');
  const target = await openDatabase();
  await importFiles({ files: [join(folder, 'first.ndjson')], url: target.url, out });
  expect((await exported(target.url, 'second.ndjson')).equals(archive)).toBe(true);
  expect(await verify({ url: target.url, repair: false })).toEqual([]);
  expect(await everything(target.client)).toEqual(await everything(source.client));
  return archive;
}

test('the sample content is exported, imported and exported again with equal bytes', async () => {
  const source = await openDatabase();
  await loadSample(source.client);
  const archive = (await expectRoundTrip(source)).toString();
  const lines = archive
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  for (const { name, columns } of ARCHIVE_TABLES) {
    const { rows } = await source.client.query(`SELECT count(*)::int AS count FROM ${name}`);
    const written = lines.filter(({ type }) => type === name);
    expect(written).toHaveLength(rows[0].count);
    for (const row of written) expect(Object.keys(row)).toEqual(['type', ...columns]);
  }
});

test('a random discussion keeps versions, decisions, reports, reactions, held edits, events and ids', async () => {
  const source = await openDatabase();
  await writeRandomDiscussion(source, { seed: 7, size: COMMENTS });
  const archive = (await expectRoundTrip(source)).toString();
  for (const { name } of ARCHIVE_TABLES.filter(({ name }) => !name.endsWith('_address')))
    expect(archive, name).toContain(`{"type":"${name}"`);
}, 900_000);

test.each(['ghost/version-5.json', 'markdown/hugo', 'markdown/jekyll'])(
  'what %s became is exported and imported with equal bytes',
  async (name) => {
    const source = await openDatabase();
    await importFiles({ files: [fixturePath(name)], url: source.url, out, pages: true });
    await expectRoundTrip(source);
  },
);

test('an import after the import of an archive knows what was imported before it', async () => {
  const source = await openDatabase();
  const files = [fixturePath('ghost/version-5.json')];
  await importFiles({ files, url: source.url, out });
  await exported(source.url, 'archive.ndjson');
  const target = await openDatabase();
  await importFiles({ files: [join(folder, 'archive.ndjson')], url: target.url, out });
  const before = await everything(target.client);
  await importFiles({ files, url: target.url, out });
  expect(await everything(target.client)).toEqual(before);
});

test('words and limits that were set before an import stay, unless the archive sets them', async () => {
  const source = await openDatabase();
  await loadSample(source.client);
  await source.client.query(
    `INSERT INTO forbidden_word VALUES ('one'), ('two'); INSERT INTO hold_setting VALUES ('links', 5)`,
  );
  await exported(source.url, 'archive.ndjson');
  const target = await openDatabase();
  await target.client.query(`INSERT INTO forbidden_word VALUES ('two'), ('three');
    INSERT INTO hold_setting VALUES ('links', 9), ('length', 100)`);
  await importFiles({ files: [join(folder, 'archive.ndjson')], url: target.url, out });
  const words = await target.client.query('SELECT word FROM forbidden_word ORDER BY word');
  expect(words.rows.map(({ word }) => word)).toEqual(['one', 'three', 'two']);
  expect((await target.client.query('SELECT * FROM hold_setting ORDER BY name')).rows).toEqual([
    { name: 'length', value: 100 },
    { name: 'links', value: 5 },
  ]);
});

test('the guide lists every type with its columns', async () => {
  const guide = await readFile(new URL('../src/archive/EXPORTING.md', import.meta.url), 'utf8');
  for (const { name, columns } of ARCHIVE_TABLES) expect(guide).toContain(`| \`${name}\` | ${columns.join(', ')} |`);
});

test('the files of pictures are beside the archive, and an import takes those that are what their names say', async () => {
  const source = await openDatabase();
  const converter = new PictureConverter();
  closers.push(() => converter.close());
  const kept = (name: string) =>
    new Pictures({ store: new FolderStore(join(folder, name)), converter, maxSize: 1_000_000 });
  const pictures = kept('media of the source');
  const names: string[] = [];
  for (const colour of ['#111', '#777', '#eee'])
    await pictures.add(await picture(20, 10, colour).png().toBuffer(), async ({ name }, size) => {
      names.push(name);
      await source.client.query('INSERT INTO picture (name, bytes) VALUES ($1, $2)', [name, size]);
    });
  await pictures.remove(names[2]!);
  const first = await exportArchive({ url: source.url, path: join(folder, 'a.ndjson.gz'), pictures });
  expect(first.pictures).toEqual({ copied: 2, missing: 1 });
  const files = async (name: string) =>
    (await readdir(join(folder, name), { recursive: true })).filter((file) => file.endsWith('.png')).sort();
  expect(await files('a.media')).toEqual(
    names
      .slice(0, 2)
      .map((name) => join(name.slice(0, 2), name))
      .sort(),
  );
  await writeFile(
    join(folder, 'a.media', names[1]!.slice(0, 2), names[1]!),
    await picture(20, 10, '#f00').png().toBuffer(),
  );

  const target = await openDatabase();
  const taken = kept('media of the target');
  const report = await importFiles({ files: [first.file], url: target.url, out, pictures: taken });
  expect(report.notes).toMatchObject([{ reason: expect.stringContaining('damaged'), count: 2 }]);
  expect(await files('media of the target')).toEqual([join(names[0]!.slice(0, 2), names[0]!)]);
  const second = await exportArchive({ url: target.url, path: join(folder, 'b.ndjson.gz'), pictures: taken });
  expect((await readFile(second.file)).equals(await readFile(first.file))).toBe(true);
});

test('topics that somebody has placed above themselves in the database are in the archive, too', async () => {
  const source = await openDatabase();
  await write(source.client, { topics: [{ id: 1 }, { id: 2, parent: 1 }, { id: 3, parent: 2 }, { id: 4 }] });
  await source.client.query('UPDATE topic SET parent_id = 2 WHERE id = 1');
  await exported(source.url, 'a.ndjson');
  const target = await openDatabase();
  await importFiles({ files: [join(folder, 'a.ndjson')], url: target.url, out });
  expect(await everything(target.client)).toEqual(await everything(source.client));
});

test('a file that ends with .gz is zipped, a folder gets a file, and nobody else may read it', async () => {
  const { url, client } = await openDatabase();
  await loadSample(client);
  const plain = await exported(url, '');
  expect(await readdir(folder)).toEqual(['broadsheet.ndjson']);
  expect((await stat(join(folder, 'broadsheet.ndjson'))).mode & 0o077).toBe(0);
  expect(gunzipSync(await exported(url, 'all.ndjson.gz')).equals(plain)).toBe(true);
  const target = await openDatabase();
  await importFiles({ files: [join(folder, 'all.ndjson.gz')], url: target.url, out });
  expect((await exported(target.url, 'again.ndjson')).equals(plain)).toBe(true);
});

test('an export that cannot be written leaves no file', async () => {
  const { url } = await openDatabase();
  await expect(exportArchive({ url, path: join(folder, 'none', 'file') })).rejects.toThrow(/ENOENT/);
  const signal = AbortSignal.abort();
  await expect(exportArchive({ url, path: join(folder, 'file'), signal })).rejects.toThrow(/abort/i);
  expect(await readdir(folder)).toEqual([]);
});

test('exports that write to one place at once each write a whole file, and touch no other', async () => {
  const { url, client } = await openDatabase();
  await loadSample(client);
  const whole = await exported(url, 'alone.ndjson');
  const path = join(folder, 'archive.ndjson');
  await writeFile(`${path}.partial`, 'mine');
  await Promise.all([1, 2, 3].map(() => exportArchive({ url, path })));
  expect((await readFile(path)).equals(whole)).toBe(true);
  expect((await stat(path)).mode & 0o077).toBe(0);
  expect((await readdir(folder)).sort()).toEqual(['alone.ndjson', 'archive.ndjson', 'archive.ndjson.partial']);
});

describe('an archive is refused with its line, and leaves nothing:', () => {
  const first = (text: string, type: string) => text.split('\n').find((line) => line.startsWith(`{"type":"${type}"`))!;
  test.each([
    ['cut', (text: string) => text.slice(0, -20), /not JSON|no line of the type "end"/],
    ['without its last line', (text: string) => text.slice(0, text.lastIndexOf('\n{')), /no line of the type "end"/],
    ['with a row left out', (text: string) => text.replace(`${first(text, 'forbidden_word')}\n`, ''), /should have/],
    [
      'with a reference to nothing',
      (text: string) => text.replace(/"author_id":1,/, '"author_id":99999,'),
      /foreign key/,
    ],
    [
      'with an unknown column',
      (text: string) => text.replace('{"type":"author",', '{"type":"author","admin":true,'),
      /admin/,
    ],
    [
      'with an unknown table',
      (text: string) => text.replace('{"type":"author"', '{"type":"secret"'),
      /"secret" is not expected/,
    ],
    [
      'with an address that is a program',
      (text: string) => text.replace(/"avatar_url":null/, '"avatar_url":"javascript:alert(1)"'),
      /avatar_url is neither/,
    ],
    [
      'with a value of another type',
      (text: string) => text.replace('"status":"PUBLISHED"', '"status":"SHOWN"'),
      /invalid input value/,
    ],
    [
      'with a rule that does not exist',
      (text: string) => text.replace('"name":"links"', '"name":"toString"'),
      /no rule "toString"/,
    ],
    ['with a limit below 0', (text: string) => text.replace('"value":5', '"value":-1'), /"links" must be .* 0 to 1000/],
    [
      'with a limit that is a text',
      (text: string) => text.replace('"value":5', '"value":"5"'),
      /must be a whole number/,
    ],
    ['of another version', (text: string) => text.replace('"version":1', '"version":2'), /version 2/],
  ])('%s', async (_name, change, message) => {
    const source = await openDatabase();
    await loadSample(source.client);
    await source.client.query(
      `INSERT INTO forbidden_word VALUES ('viagra'); INSERT INTO hold_setting VALUES ('links', 5)`,
    );
    const file = join(folder, 'archive.ndjson');
    const archive = (await exported(source.url, 'archive.ndjson')).toString();
    const changed = change(archive);
    expect(changed).not.toBe(archive);
    await writeFile(file, changed);
    const target = await openDatabase();
    const failure = await importFiles({ files: [file], url: target.url, out }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImportError);
    expect((failure as ImportError).message).toMatch(message);
    expect((await target.client.query('SELECT FROM author')).rows).toEqual([]);
  });

  test('into an installation that has content', async () => {
    const { url, client } = await openDatabase();
    await loadSample(client);
    await exported(url, 'archive.ndjson');
    await expect(importFiles({ files: [join(folder, 'archive.ndjson')], url, out })).rejects.toThrow(/without content/);
  });

  test('HTML in it is that of its source, whatever else it says', async () => {
    const source = await openDatabase();
    await write(source.client, { authors: [{ id: 1 }], articles: [{ id: 1, text: 'Safe' }] });
    const archive = (await exported(source.url, 'archive.ndjson')).toString();
    await writeFile(join(folder, 'archive.ndjson'), archive.replace('"Safe"', '"<script>alert(1)</script>Safe"'));
    const target = await openDatabase();
    await importFiles({ files: [join(folder, 'archive.ndjson')], url: target.url, out });
    expect((await target.client.query('SELECT body_html FROM article')).rows[0].body_html).not.toContain('script');
  });
});

test('ids go on after those of the rows, also where the archive says less, and stay in a dry run', async () => {
  const source = await openDatabase();
  await loadSample(source.client);
  const archive = (await exported(source.url, 'archive.ndjson')).toString();
  await writeFile(join(folder, 'archive.ndjson'), archive.replace(/"(\w+_seq)":\d+/g, '"$1":0'));
  const target = await openDatabase();
  const files = [join(folder, 'archive.ndjson')];
  await importFiles({ files, url: target.url, out, dryRun: true });
  const moved = 'SELECT FROM pg_sequences WHERE sequencename = ANY ($1) AND last_value IS NOT NULL';
  expect((await target.client.query(moved, [ARCHIVE_SEQUENCES])).rows).toEqual([]);
  await importFiles({ files, url: target.url, out });
  const { rows } = await target.client.query(
    `SELECT nextval('author_id_seq') > (SELECT max(id) FROM author) AS author, nextval('comment_id_seq') > (SELECT max(id) FROM comment) AS comment,
       nextval('article_publication_sequence_seq') > coalesce((SELECT max(sequence) FROM article_publication), 0) AS publication`,
  );
  expect(rows).toEqual([{ author: true, comment: true, publication: true }]);
});

const EVENTS_OF_A_DISCUSSION = `
    INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
      SELECT 1, 4, 'CHANGED', 1, '2026-01-02', '2026-01-01';
    UPDATE article SET event_sequence = 4, last_event_at = '2026-01-02', event_epoch = 12345 WHERE id = 1;`;

/** Rows of every other table, beside comments of three articles. */
const ROWS_OF_A_DISCUSSION = `
    UPDATE article SET reading_minutes = 1;
    UPDATE article SET body_source = v.t, body_text = v.t, body_html = '<p>' || v.t || '</p>' FROM (VALUES ('東京 "quoted" – ok')) v (t) WHERE id = 2;
    INSERT INTO article_revision (article_id, version, editor_id, title, slug, excerpt, body_source)
      SELECT id, 1, 1, title, slug, excerpt, body_source FROM article ON CONFLICT DO NOTHING;
    INSERT INTO article_publication (article_id) SELECT id FROM article WHERE status = 'PUBLISHED';
    INSERT INTO former_topic_slug (slug, topic_id) VALUES ('was-a-topic', 3);
    INSERT INTO reaction (comment_id, author_id, kind, created_at)
      SELECT id, 1 + id % 3, 'LOVE', now() FROM comment WHERE id % 7 = 0;
    UPDATE comment SET reactions_told_at = now() + interval '1 hour' WHERE id % 7 = 0;
    INSERT INTO comment_reaction_notice (comment_id, due) SELECT id, now() FROM comment WHERE id % 49 = 0;
    INSERT INTO comment_report (comment_id, author_id, reason, settled) SELECT id, 2, 'Rude', id % 2 = 0 FROM comment WHERE id % 11 = 0;
    INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, rendering, written_at, replaced_by_id, discarded)
      SELECT id, 'Before', 'MARKDOWN', '<p>Before</p>', 'Before', rendering, created_at, author_id, id % 2 = 0 FROM comment WHERE id % 13 = 0;
    UPDATE comment SET version = 3, shown_version = 2, edited_at = now() WHERE id % 13 = 0;
    INSERT INTO comment_held_edit (comment_id, body_source, body_html, body_text, rendering, written_at)
      SELECT id, 'Held', '<p>Held</p>', 'Held', rendering, now() FROM comment WHERE status = 'VISIBLE' AND id % 17 = 0;
    INSERT INTO moderation_entry (comment_id, author_id, action, status, reason)
      SELECT id, 1, 'REJECT', 'REJECTED', 'No "thanks"' FROM comment WHERE status = 'REJECTED';
    INSERT INTO moderation_event (kind, comment_id, reasons) SELECT 'HELD', id, '{LINKS}' FROM comment WHERE status = 'PENDING';
    INSERT INTO author_notice (author_id, due) VALUES (2, now());
    INSERT INTO forbidden_word VALUES ('zebra'), ('Äpfel'), ('apple');
    INSERT INTO picture VALUES ('b', 5, '2026-01-01Z', NULL), ('A', 6, '2026-01-02Z', '2026-01-03Z');
    INSERT INTO picture_source VALUES ('https://a.example/x y.png', '', 'A', '2026-01-01Z');
    INSERT INTO hold_setting VALUES ('shouting', 0), ('links', 1000), ('firstComment', 1), ('busyArticle', 7);
    INSERT INTO provenance (source, kind, external_id, entity_id, digest) VALUES ('ghost:x', 'article', 'b', 1, 'd'), ('ghost:x', 'article', 'A', 2, 'd');
    UPDATE comment SET restore_status = 'VISIBLE', withdrawn = id % 2 = 0 WHERE status = 'REMOVED';
    SELECT setval('comment_id_seq', (SELECT max(id) + 4200 FROM comment))`;

async function writeRandomDiscussion(
  { url, client }: { url: string; client: pg.Client },
  { seed, size }: { seed: number; size: number },
): Promise<void> {
  const next = random(seed);
  const statuses = ['VISIBLE', 'VISIBLE', 'VISIBLE', 'PENDING', 'REJECTED', 'SPAM', 'REMOVED'] as const;
  const comments = Array.from({ length: size }, (_, index): NewComment => {
    const article = 1 + (index % 3);
    // Comments of one article are three apart; a parent may have a later id.
    const parent = article + 3 * Math.floor((next() * size) / 3);
    const isReply = next() < 0.7 && parent < index + 1;
    return {
      id: index + 1,
      article,
      author: 1 + Math.floor(next() * 5),
      status: pick(statuses, next),
      ...(isReply ? { parent } : {}),
      ...(next() < 0.1 ? { reactions: [1, 0, 2, 0, 0] as [number, number, number, number, number] } : {}),
    };
  });
  await write(client, {
    authors: [1, 2, 3, 4, 5].map((id) => ({
      id,
      kind: id > 3 ? ('GUEST' as const) : ('STAFF' as const),
      bio: 'A bio',
    })),
    topics: [{ id: 1, parent: 2 }, { id: 2 }, { id: 3, parent: 1 }],
    articles: [
      { id: 1, topics: [1, 2], formerSlugs: ['older'], cover: true },
      { id: 2 },
      { id: 3, status: 'DRAFT', at: null },
    ],
    comments,
  });
  await client.query(ROWS_OF_A_DISCUSSION);
  await verify({ url, repair: true });
  // Only now: a repair that changes a discussion begins its log anew.
  await client.query(EVENTS_OF_A_DISCUSSION);
  expect(await verify({ url, repair: false })).toEqual([]);
}
