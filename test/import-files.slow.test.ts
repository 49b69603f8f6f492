import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ImportError } from '../src/import/import-error.ts';
import { END, exportOf, itemOf, startOf, type Version } from './fixtures/wordpress/export.ts';
import { countsOf, notesOf, openTrial, type Trial } from './fixtures/wordpress/trial.ts';

let trial: Trial;

beforeAll(async () => {
  trial = await openTrial();
});

afterAll(() => trial.close());

beforeEach(async () => {
  await trial.client.query('TRUNCATE author, topic, article, comment, provenance, search_document CASCADE');
});

const titles = async () =>
  (await trial.rows<{ title: string }>('SELECT title FROM article ORDER BY id')).map((row) => row.title);

const fixture = (version: Version) => readFile(new URL(`./fixtures/wordpress/${version}.xml`, import.meta.url));

describe('an export of version', () => {
  test('1.0 is imported: authors from bylines, and each category once although it is named twice', async () => {
    const report = await trial.import(await fixture('1.0'));
    expect(report).toMatchObject({ version: '1.0', source: 'wordpress:http://old.example/blog' });
    expect(await trial.rows('SELECT slug, name, article_count FROM topic ORDER BY slug')).toEqual([
      { slug: 'news', name: 'News', article_count: 1 },
      { slug: 'old-times', name: 'Old Times', article_count: 1 },
    ]);
    expect(await trial.rows('SELECT name, kind::text FROM author ORDER BY author.kind, id')).toEqual([
      { name: 'admin', kind: 'STAFF' },
      { name: 'Reader', kind: 'GUEST' },
    ]);
    expect(await titles()).toEqual(['Hello world!']);
  });

  test('1.1 is imported: authors, terms, and an unusual namespace prefix', async () => {
    const report = await trial.import(await fixture('1.1'));
    expect(report).toMatchObject({ version: '1.1', source: 'wordpress:https://middle.example' });
    expect(await trial.rows('SELECT name, slug FROM author ORDER BY id')).toEqual([
      { name: 'Mia Middle', slug: 'mia' },
    ]);
    expect(countsOf(report, 'topics')).toMatchObject({
      created: 1,
      skipped: { 'taxonomy nav_menu is not imported': 1 },
    });
    expect(await trial.rows('SELECT title, body_source FROM article')).toEqual([
      { title: 'Middle', body_source: '<p>In the middle.</p>' },
    ]);
  });

  test('1.2 is imported: blocks, comments of type "comment", and a reply by the author', async () => {
    const report = await trial.import(await fixture('1.2'));
    expect(report).toMatchObject({ version: '1.2', source: 'wordpress:https://new.example' });
    expect(await trial.rows('SELECT body_source FROM article')).toEqual([
      { body_source: '<p>A block.</p>\n\n<p>Another block.</p>' },
    ]);
    expect(
      await trial.rows(`SELECT a.kind::text, depth FROM comment JOIN author a ON a.id = author_id ORDER BY path`),
    ).toEqual([
      { kind: 'GUEST', depth: 0 },
      { kind: 'STAFF', depth: 1 },
    ]);
  });
});

describe('a file in', () => {
  const exportIn = (encoding: string) =>
    exportOf({
      declaration: `<?xml version="1.0" encoding="${encoding}"?>`,
      posts: [{ id: 1, title: 'Grüße' }],
    });

  test.each([
    ['UTF-8', () => Buffer.from(exportIn('UTF-8'))],
    ['UTF-8 with a byte order mark', () => Buffer.from(`\ufeff${exportIn('UTF-8')}`)],
    ['ISO-8859-1', () => Buffer.from(exportIn('ISO-8859-1'), 'latin1')],
    ['windows-1252', () => Buffer.from(exportIn('windows-1252'), 'latin1')],
    ['UTF-16 with a byte order mark', () => Buffer.from(`\ufeff${exportIn('UTF-16')}`, 'utf16le')],
    ['UTF-8, gzipped', () => gzipSync(exportIn('UTF-8'))],
  ])('%s is decoded', async (_name, content) => {
    await trial.import(content());
    expect(await titles()).toEqual(['Grüße']);
  });

  test('an unknown encoding is rejected at line 1', async () => {
    await expect(trial.import(exportIn('EBCDIC-X'))).rejects.toThrow(
      'Line 1: The encoding "EBCDIC-X" is not supported',
    );
  });

  test('another encoding than it declares has the undecodable characters replaced and reported with their item', async () => {
    const [before, after] = exportOf({
      posts: [
        { id: 1, title: 'One' },
        { id: 2, title: 'aXXb' },
      ],
    }).split('XX');
    const content = Buffer.concat([Buffer.from(before!), Buffer.from([0xfc, 0xff]), Buffer.from(after!)]);
    const report = await trial.import(content);
    expect(await titles()).toEqual(['One', 'a\ufffd\ufffdb']);
    const [note] = report.notes;
    expect(note).toMatchObject({ reason: 'undecodable characters were replaced with \ufffd', count: 2 });
    expect(note?.examples[0]).toMatchObject({ id: '2' });
  });
});

test('control characters are removed and reported with their item, also after the first chunk of the file', async () => {
  const filler = itemOf({ id: 1, body: 'x'.repeat(65_000) });
  const content = startOf({}) + filler + itemOf({ id: 2, title: 'a\u0000\u0008b', body: 'c\u000bd\ufffe' }) + END;
  const report = await trial.import(content);
  expect(await titles()).toEqual(['Post 1', 'ab']);
  expect(notesOf(report)).toEqual({ 'control characters that XML does not allow were removed': 4 });
  expect(await trial.rows(`SELECT body_text FROM article WHERE title = 'ab'`)).toEqual([{ body_text: 'cd' }]);
});

test('a field of more than 4 million characters makes the import skip its item, and no other item', async () => {
  const body = 'Word word. '.repeat(420_000);
  const report = await trial.import(exportOf({ posts: [{ id: 1, body }, { id: 2 }] }));
  expect(await titles()).toEqual(['Post 2']);
  expect(countsOf(report, 'articles').skipped).toEqual({ 'content:encoded is longer than 4 million characters': 1 });
});

test('a title or name that is too long is truncated and reported', async () => {
  const author = 'é'.repeat(5_000);
  const report = await trial.import(
    exportOf({ posts: [{ id: 1, title: 'T'.repeat(2_000), comments: [{ id: 1, author }] }] }),
  );
  expect((await titles())[0]).toHaveLength(1_000);
  expect(await trial.rows(`SELECT name FROM author WHERE kind = 'GUEST'`)).toEqual([{ name: 'é'.repeat(200) }]);
  expect(notesOf(report)).toEqual({
    'title was truncated to 1000 characters': 1,
    'name was truncated to 200 characters': 1,
  });
});

describe('a file that WordPress takes is imported', () => {
  const content = exportOf({ posts: [{ id: 1, title: 'One' }] });
  test.each([
    ['blank lines', '\n\n \n'],
    ['PHP', '<?php header("X: y"); ?>\n'],
    ['a tag of a theme', '<meta name="generator" content="x">\n'],
    ['a warning', '<br />\n<b>Warning</b>: Undefined index in <b>/x.php</b> on line <b>3</b><br />\n'],
    ['a byte order mark behind a line', '\n\ufeff'],
  ])('with %s before the XML declaration, in its encoding and with its lines', async (_name, before) => {
    const latin = content.replace('UTF-8', 'ISO-8859-1').replace('One', 'Grüße');
    await trial.import(
      Buffer.from(
        before + (before.includes('\ufeff') ? latin.replace('ISO-8859-1', 'UTF-8') : latin),
        before.includes('\ufeff') ? 'utf8' : 'latin1',
      ),
    );
    expect(await titles()).toEqual(['Grüße']);
    const broken = before + content.replace('<title>', '<titel>');
    const line = broken.slice(0, broken.indexOf('</title>')).split('\n').length;
    await expect(trial.import(broken)).rejects.toMatchObject({ line });
  });

  test.each([
    ['a bare &', 'Salt & Pepper &', 'Salt & Pepper &'],
    ['names of HTML', 'a&nbsp;b&mdash;c&unknown;', 'a b—c&unknown;'],
    ['references to control characters', 'a&#8;b&#x0;c&#11;', 'abc'],
    ['references that XML has', '&lt;b&gt; &amp;amp; &#228;&#x20AC;', '& ä€'],
    ['a reference to no character', 'a&#xFFFF;b', 'a\ufffdb'],
  ])('with %s', async (_name, title, expected) => {
    await trial.import(content.replace('<![CDATA[One]]>', title));
    expect(await titles()).toEqual([expected]);
  });

  test('whose CDATA sections hold such text, which stays as it is, wherever the file is cut into chunks', async () => {
    const body = 'a & b &nbsp; &amp;nbsp; <!-- & --> ]] &bull; '.repeat(3_000);
    await trial.import(
      exportOf({
        posts: [
          { id: 1, title: 'A', body: `<pre>${body}</pre>` },
          { id: 2, title: 'B &amp; C' },
        ],
      }),
    );
    expect(await titles()).toEqual(['A', 'B & C']);
    const source = `<pre>${body.replaceAll('<', '&lt;')}</pre>`;
    expect(await trial.rows(`SELECT FROM article WHERE title = 'A' AND body_source = $1`, [source])).toHaveLength(1);
  });
});

describe('the import rejects', () => {
  const start = startOf({});
  const lineOf = (content: string, mark: string) => content.slice(0, content.indexOf(mark)).split('\n').length;

  test.each([
    [
      'a closing tag of another element',
      `${start}<item>\n<title>x</titel MARK>\n</item>${END}`,
      /unexpected close tag|tag/i,
    ],
    ['a document type', `<?xml version="1.0"?>\n<!DOCTYPE rss [ <!ENTITY x "y"> ]> MARK\n${start}`, /DOCTYPE/],
    [
      'an entity that refers to a file',
      `<?xml version="1.0"?>\n<!DOCTYPE rss [ <!ENTITY x SYSTEM "file:///etc/passwd"> ]>MARK<rss><channel>&x;</channel></rss>`,
      /DOCTYPE/,
    ],
    [
      'entities that expand exponentially',
      `<?xml version="1.0"?>\n<!DOCTYPE lolz [\n<!ENTITY a "aaaaaaaaaa">\n<!ENTITY b "&a;&a;&a;&a;">\n]>MARK<rss>&b;</rss>`,
      /DOCTYPE/,
    ],
    ['a JSON file', '{ "posts": [] } MARK', /text/],
    ['a web page', '<html><body>MARK</body></html>', /root element is <html>/],
    [
      'an RSS feed',
      '<rss version="2.0"><channel><title>Feed</title>\n<item>MARK</item></channel></rss>',
      /not a WordPress export/,
    ],
    ['a truncated file', `${start}${itemOf({ id: 1 })}\n<item><title>MARK`, /unclosed|ends/],
  ])('%s, with its line, and leaves nothing', async (_name, content, message) => {
    const failure = await trial.import(content.replace('MARK', '')).then(
      () => null,
      (error: unknown) => error,
    );
    if (!(failure instanceof ImportError)) throw new Error(`expected an ImportError, got ${failure}`);
    expect(failure.message).toMatch(message);
    expect(failure.line).toBe(lineOf(content, 'MARK'));
    expect(await trial.rows('SELECT count(*)::int FROM article')).toEqual([{ count: 0 }]);
  });

  test('an empty file, a missing file and a truncated gzip file', async () => {
    await expect(trial.import('')).rejects.toThrow(ImportError);
    await expect(trial.importFile(join(tmpdir(), 'no-such-export.xml'))).rejects.toThrow('The file does not exist.');
    const zipped = gzipSync(exportOf({ posts: [{ id: 1 }] }));
    await expect(trial.import(zipped.subarray(0, -40))).rejects.toThrow('The gzip file is damaged or truncated.');
  });

  test('a text and nested elements without an end, before they fill the memory', async () => {
    await expect(trial.import(`${start}<item><title>${'x'.repeat(17 * 1024 * 1024)}`)).rejects.toThrow(
      /has more than 16777216 characters/,
    );
    await expect(trial.import(`${start}<item>${'<a>'.repeat(100)}`)).rejects.toThrow(/nested more than 64 levels deep/);
  });
});

test('a cancelled import leaves nothing', async () => {
  const signal = AbortSignal.abort();
  await expect(trial.import(exportOf({ posts: [{ id: 1 }] }), { signal })).rejects.toThrow(/abort/i);
  expect(await titles()).toEqual([]);
});
