import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ImportError } from '../src/import/import-error.ts';
import { type FormatTrial, fixturePath, openFormatTrial } from './fixtures/format-trial.ts';
import { exportOf } from './fixtures/wordpress/export.ts';
import { countsOf, notesOf } from './fixtures/wordpress/trial.ts';

let trial: FormatTrial;
let folder: string;

beforeEach(async () => {
  trial = await openFormatTrial();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-disqus-'));
});

afterEach(async () => {
  await trial.close();
  await rm(folder, { recursive: true });
});

const LINKS = fixturePath('disqus/links.xml');

const UNMATCHED = 'belongs to a page that matches no article; --map writes a table of them';

test('comments find articles that came from elsewhere, with replies, guests, deleted and spam ones', async () => {
  await trial.importFiles(fixturePath('ghost/version-5.json'), { pages: true });
  await trial.client.query('DELETE FROM comment');
  const posts = (await readFile(LINKS, 'utf8')).match(/<post /g)?.length;
  const report = await trial.importFiles(LINKS);
  expect(report.source).toBe('disqus:birds');
  expect(countsOf(report, 'comments')).toEqual({
    read: posts,
    created: 6,
    updated: 0,
    unchanged: 0,
    skipped: {
      'belongs to a deleted thread': 1,
      'belongs to a thread that is not in the file': 1,
      [UNMATCHED]: 3,
    },
  });
  expect((await trial.discussion()).map(({ slug, ...comment }) => comment)).toEqual([
    { text: 'First!', name: 'Ada', parent: null, status: 'VISIBLE' },
    { text: 'Reply & more', name: 'Bob', parent: 'First!', status: 'VISIBLE' },
    { text: 'Buy this', name: 'Cy', parent: null, status: 'SPAM' },
    { text: 'Regret', name: 'Dee', parent: null, status: 'REMOVED' },
    { text: 'To the regret', name: 'Eve', parent: 'Regret', status: 'VISIBLE' },
    { text: 'On the other address', name: 'Flo', parent: null, status: 'VISIBLE' },
  ]);
  // Links lead to their targets, and not through Disqus.
  expect(await trial.rows(`SELECT body_html FROM comment WHERE body_text LIKE 'On the%'`)).toEqual([
    {
      body_html: expect.stringContaining(
        '<a href="https://other.example/?a=1&amp;b=2" rel="nofollow ugc noopener">the other</a>',
      ),
    },
  ]);
  expect(await trial.rows(`SELECT kind::text, email FROM author WHERE name = 'Ada'`)).toEqual([
    { kind: 'GUEST', email: 'ada@example.com' },
  ]);
  expect(await trial.rows(`SELECT comment_count FROM article WHERE slug = 'swifts-swallows'`)).toEqual([
    { comment_count: 4 },
  ]);
  const before = await trial.everything();
  await trial.importFiles(LINKS);
  expect(await trial.everything()).toEqual(before);
});

test('what matches no article is written into a table, which the operator finishes', async () => {
  await trial.importFiles(fixturePath('ghost/version-5.json'), { pages: true });
  const map = join(folder, 'threads.tsv');
  await trial.importFiles(LINKS, { map, dryRun: true });
  const table = await readFile(map, 'utf8');
  expect(table.split('\n')).toEqual([
    'address\tarticle\tcomments\ttitle',
    'https://birds.example/2014/01/about-nothing.html\t\t2\tAbout nothing',
    'https://birds.example/\t\t1\tFront page',
    '',
  ]);
  await writeFile(map, table.replace('.html\t\t', '.html\thttps://new.example/about/\t').replace('/\t\t', '/\t-\t'));
  const report = await trial.importFiles(LINKS, { map });
  expect(countsOf(report, 'comments').skipped).toMatchObject({ 'belongs to a page that the table leaves out': 1 });
  expect((await trial.discussion()).filter(({ slug }) => slug === 'about').map(({ text }) => text)).toEqual([
    'Nothing here',
    'Really',
  ]);
});

test('a table that names a missing article says so, and one of another kind is refused', async () => {
  const map = join(folder, 'threads.tsv');
  await writeFile(map, 'address\tarticle\nhttps://birds.example/\tno-such-article\n');
  expect(notesOf(await trial.importFiles(LINKS, { map }))).toEqual({
    'article that the table names does not exist': 1,
  });
  await writeFile(map, 'Dear diary');
  await expect(trial.importFiles(LINKS, { map })).rejects.toThrow(ImportError);
});

test('threads of the WordPress plugin find posts by id, others by the end of their path, which is reported', async () => {
  await trial.import(
    exportOf({
      posts: [
        { id: 7, slug: 'tea' },
        { id: 9, slug: 'coffee-time' },
      ],
    }),
  );
  const report = await trial.importFiles(fixturePath('disqus/wordpress-plugin.xml'));
  expect((await trial.discussion()).map(({ slug, text }) => [slug, text])).toEqual([
    ['coffee-time', 'By the slug'],
    ['tea', 'By the id of the post'],
  ]);
  expect(notesOf(report)).toEqual({ 'page was matched to an article by the last part of its address alone': 1 });
});

test('old exports have blank lines at the start, texts without paragraphs, and comments that wait', async () => {
  await trial.importFiles(fixturePath('ghost/version-003.json'));
  const report = await trial.importFiles(fixturePath('disqus/old.xml'));
  expect(countsOf(report, 'comments')).toMatchObject({ read: 2, created: 2 });
  expect(await trial.rows('SELECT body_html, status::text FROM comment ORDER BY id')).toEqual([
    {
      body_html: expect.stringMatching(
        /^<p>Line one<br \/>\s*line two<\/p>\s*<p>next <a href="http:\/\/x.example\/"[^>]*>paragraph<\/a><\/p>$/,
      ),
      status: 'VISIBLE',
    },
    { body_html: '<p>Waiting</p>', status: 'PENDING' },
  ]);
});

test('an export need not be clean XML', async () => {
  await trial.importFiles(fixturePath('ghost/version-003.json'));
  const file = join(folder, 'export.xml');
  const text = await readFile(fixturePath('disqus/old.xml'), 'utf8');
  await writeFile(
    file,
    `<?php echo 1 ?>\nNotice: none\n${text.trimStart().replace('Waiting', 'Waiting & &eacute;\u0003')}`,
  );
  await trial.importFiles(file);
  expect(await trial.rows("SELECT body_text AS text FROM comment WHERE status = 'PENDING'")).toEqual([
    { text: expect.stringMatching(/^Waiting & (é|&eacute;)$/) },
  ]);
});

describe('a file is refused with its line, and leaves nothing:', () => {
  test.each([
    ['cut', (xml: string) => xml.slice(0, -200), /ends before|unclosed/],
    [
      'with a document type',
      (xml: string) => xml.replace('<disqus', '<!DOCTYPE d [<!ENTITY a "b">]>\n<disqus'),
      /DOCTYPE/,
    ],
    [
      'of another root',
      (xml: string) => xml.replaceAll('disqus ', 'comments ').replace('</disqus>', '</comments>'),
      /root element/,
    ],
    ['nested too deep', (xml: string) => xml.replace('<id />', '<a>'.repeat(100)), /nested more than/],
    ['empty', () => '', /ends before/],
  ])('%s', async (_name, change, message) => {
    await trial.importFiles(fixturePath('ghost/version-5.json'), { pages: true });
    await trial.client.query('DELETE FROM comment');
    const file = join(folder, 'export.xml');
    await writeFile(file, change(await readFile(LINKS, 'utf8')));
    const failure = await trial.importFiles(file, { format: 'disqus' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImportError);
    expect((failure as ImportError).message).toMatch(message);
    expect((failure as ImportError).line).toBeGreaterThan(0);
    expect(await trial.rows('SELECT FROM comment')).toEqual([]);
  });
});
