import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import initializeSqlite from 'sql.js/dist/sql-wasm-inline.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ImportError } from '../src/import/import-error.ts';
import { type FormatTrial, fixturePath, openFormatTrial } from './fixtures/format-trial.ts';
import { countsOf, notesOf } from './fixtures/wordpress/trial.ts';
import { zipOf } from './zip-file.ts';

const UNMATCHED = 'belongs to a page that matches no article; --map writes a table of them';

let trial: FormatTrial;
let folder: string;

beforeAll(async () => {
  trial = await openFormatTrial();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet comments '));
  await trial.importFiles(fixturePath('feed/garden.json'));
});

afterAll(async () => {
  await trial.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  await trial.client.query(
    `DELETE FROM comment; DELETE FROM provenance WHERE kind = 'comment'; DELETE FROM author WHERE kind = 'GUEST'`,
  );
});

/** A database with the tables and rows of a fixture. */
async function sqliteFile(fixture: string, further = ''): Promise<string> {
  const { Database } = await initializeSqlite();
  const database = new Database();
  database.run((await readFile(fixturePath(`isso/${fixture}`), 'utf8')) + further);
  const file = join(folder, `${fixture}.db`);
  await writeFile(file, database.export());
  database.close();
  return file;
}

/** The users are an array, as with `mongoexport --jsonArray`. */
const coralPath = (name: string) => fixturePath(`coral/${name}.${name === 'users' ? 'json' : 'ndjson'}`);
const textOf = (name: string) => readFile(fixturePath(name), 'utf8');
const linesOf = async (name: string) => (await textOf(name)).split('\n').filter((line) => line.trim() !== '').length;

/** Counts of a fixture's comments that do not use the importer. */
const CASES: [
  name: string,
  format: string,
  files: () => Promise<string[]>,
  count: () => Promise<number>,
  created: number,
][] = [
  [
    'remark42/backup.jsonl',
    'Remark42',
    async () => [fixturePath('remark42/backup.jsonl')],
    async () => (await linesOf('remark42/backup.jsonl')) - 1,
    4,
  ],
  [
    'remark42/imported.jsonl',
    'Remark42',
    async () => [fixturePath('remark42/imported.jsonl')],
    async () => (await linesOf('remark42/imported.jsonl')) - 1,
    1,
  ],
  ['remark42/empty.jsonl', 'Remark42', async () => [fixturePath('remark42/empty.jsonl')], async () => 0, 0],
  ...['export', 'without-domain', 'other-order'].map((name): (typeof CASES)[number] => [
    `commento/${name}.json`,
    'Commento',
    async () => [fixturePath(`commento/${name}.json`)],
    async () => JSON.parse(await textOf(`commento/${name}.json`)).comments.length,
    name === 'export' ? 5 : 1,
  ]),
  [
    'coral',
    'Coral',
    async () => ['users', 'comments', 'stories'].map((name) => coralPath(name)),
    () => linesOf('coral/comments.ndjson'),
    5,
  ],
  [
    'coral/talk-4',
    'Coral',
    async () => ['comments', 'assets', 'users'].map((name) => fixturePath(`coral/talk-4/${name}.ndjson`)),
    () => linesOf('coral/talk-4/comments.ndjson'),
    2,
  ],
  [
    'coral/array',
    'Coral',
    async () => ['comments', 'stories'].map((name) => fixturePath(`coral/array/${name}.json`)),
    async () => JSON.parse(await textOf('coral/array/comments.json')).length,
    1,
  ],
  ...(
    [
      ['current', 5],
      ['unicode', 1],
    ] as const
  ).map(([name, created]): (typeof CASES)[number] => [
    `isso/${name}.sql`,
    'Isso',
    async () => [await sqliteFile(`${name}.sql`)],
    async () => (await textOf(`isso/${name}.sql`)).match(/INSERT INTO comments/g)!.length,
    created,
  ]),
];

test.each(CASES)(
  '%s is recognised as %s, all its comments are counted, and again it changes nothing',
  async (_name, format, files, count, created) => {
    const report = await trial.importFiles(await files());
    expect(report.format).toBe(format);
    const read = await count();
    const comments = countsOf(report, 'comments');
    expect(comments).toMatchObject({ read, created });
    const skipped = Object.values(comments.skipped).reduce((sum, one) => sum + one, 0);
    expect(created + skipped).toBe(read);
    const before = await trial.everything();
    await trial.importFiles(await files());
    expect(await trial.everything()).toEqual(before);
  },
);

test('Remark42: replies, deleted comments, people with their addresses, and pages with parameters', async () => {
  const file = join(folder, 'backup.gz');
  await writeFile(file, gzipSync(await textOf('remark42/backup.jsonl')));
  const report = await trial.importFiles(file);
  expect(report.source).toBe('remark42:garden');
  expect(await trial.discussion()).toEqual([
    { slug: 'seeds', text: '', name: 'deleted', parent: null, status: 'REMOVED' },
    { slug: 'seeds', text: 'To what is gone', name: 'Cy', parent: '', status: 'VISIBLE' },
    { slug: 'soil', text: 'First & foremost', name: 'Ada', parent: null, status: 'VISIBLE' },
    { slug: 'soil', text: 'A reply', name: 'Bob', parent: 'First & foremost', status: 'VISIBLE' },
  ]);
  expect(await trial.rows(`SELECT kind::text, email FROM author WHERE name = 'Ada'`)).toEqual([
    { kind: 'GUEST', email: 'ada@example.com' },
  ]);
  expect(await trial.rows(`SELECT created_at FROM comment WHERE body_text = 'A reply'`)).toEqual([
    { created_at: new Date('2021-03-05T11:00:00Z') },
  ]);
  expect(countsOf(report, 'comments').skipped).toEqual({ [UNMATCHED]: 1 });
  expect(notesOf(report)).toMatchObject({ 'votes for comments were not imported': 2 });
});

test('Remark42: comments that came from elsewhere, and what is incomplete', async () => {
  const report = await trial.importFiles(fixturePath('remark42/imported.jsonl'));
  expect(await trial.rows('SELECT body_html AS html, body_format::text AS format FROM comment')).toEqual([
    { html: '<p>Only <em>Markdown</em></p>', format: 'MARKDOWN' },
  ]);
  expect(countsOf(report, 'comments').skipped).toEqual({ 'has no id': 1, 'names no page': 1, 'has no text': 1 });
});

test('Remark42: a backup with many people is recognised by its beginning', async () => {
  const [first, ...others] = (await textOf('remark42/backup.jsonl')).split('\n');
  const backup = JSON.parse(first!);
  for (let id = 0; id < 1_000; id++)
    backup.users.unshift({
      id: `email_${id}`,
      blocked: { status: false, until: '0001-01-01T00:00:00Z' },
      verified: false,
      details: { user_id: `email_${id}`, email: `${id}@example.com` },
    });
  const file = join(folder, 'people.jsonl');
  await writeFile(file, [JSON.stringify(backup), ...others].join('\n'));
  const report = await trial.importFiles(file);
  expect(report.format).toBe('Remark42');
  expect(await trial.rows(`SELECT email FROM author WHERE name = 'Ada'`)).toEqual([{ email: 'ada@example.com' }]);
});

test('Commento: a name without an address', async () => {
  const file = join(folder, 'commento.json');
  const person = { commenterHex: 'p9', email: 'undefined', name: 'Zoe', link: 'undefined', provider: 'anon' };
  const comment = JSON.parse(await textOf('commento/without-domain.json')).comments[0];
  await writeFile(
    file,
    JSON.stringify({ version: 1, comments: [{ ...comment, commenterHex: 'p9' }], commenters: [person] }),
  );
  await trial.importFiles(file);
  expect(await trial.rows(`SELECT name, email, url FROM author WHERE kind = 'GUEST'`)).toEqual([
    { name: 'Zoe', email: null, url: null },
  ]);
});

test('Commento: people, states and deleted comments', async () => {
  const report = await trial.importFiles(fixturePath('commento/export.json'));
  expect(report.source).toBe('commento:garden.example');
  expect(await trial.discussion()).toEqual([
    { slug: 'seeds', text: 'Buy', name: 'Bob', parent: null, status: 'SPAM' },
    { slug: 'seeds', text: '[deleted]', name: 'Anonymous', parent: null, status: 'REMOVED' },
    { slug: 'seeds', text: 'Why?', name: 'Bob', parent: '[deleted]', status: 'VISIBLE' },
    { slug: 'soil', text: 'Good soil', name: 'Ada', parent: null, status: 'VISIBLE' },
    { slug: 'soil', text: 'Says nobody', name: 'Anonymous', parent: 'Good soil', status: 'PENDING' },
  ]);
  expect(
    await trial.rows(
      `SELECT name, email, url FROM author WHERE name IN ('Ada', 'Bob') AND kind = 'GUEST' ORDER BY name`,
    ),
  ).toEqual([
    { name: 'Ada', email: 'ada@example.com', url: 'https://ada.example/' },
    { name: 'Bob', email: 'bob@example.com', url: null },
  ]);
});

test('Coral: the last revision, states, dates of MongoDB, and names of people', async () => {
  const files = ['users', 'comments', 'stories'].map((name) => coralPath(name));
  const report = await trial.importFiles(files);
  expect(report.source).toBe('coral:t-garden');
  expect(await trial.discussion()).toEqual([
    { slug: 'seeds', text: 'Rude', name: 'bob', parent: null, status: 'REMOVED' },
    { slug: 'seeds', text: 'To the rude one', name: 'ada', parent: 'Rude', status: 'PENDING' },
    { slug: 'seeds', text: '', name: 'Anonymous', parent: null, status: 'REMOVED' },
    { slug: 'soil', text: 'New text', name: 'ada', parent: null, status: 'VISIBLE' },
    { slug: 'soil', text: 'Reply', name: 'bob', parent: 'New text', status: 'VISIBLE' },
  ]);
  expect(await trial.rows(`SELECT created_at FROM comment WHERE body_text = 'Reply'`)).toEqual([
    { created_at: new Date(1614942000000) },
  ]);
});

test('Coral: Talk 4, and collections in one archive', async () => {
  await trial.importFiles(['comments', 'assets', 'users'].map((name) => fixturePath(`coral/talk-4/${name}.ndjson`)));
  expect(
    await trial.rows(
      'SELECT body_html AS html, status::text, a.name FROM comment JOIN author a ON a.id = author_id ORDER BY comment.id',
    ),
  ).toEqual([
    { html: 'Line one<br />line two', status: 'VISIBLE', name: 'Wyn W.' },
    { html: 'Held', status: 'PENDING', name: 'Wyn W.' },
  ]);
  const archive = join(folder, 'coral.zip');
  const names = ['comments', 'stories', 'users'];
  const entries = await Promise.all(
    names.map(async (name) => ({ name: `dump/${name}.json`, content: await readFile(coralPath(name), 'utf8') })),
  );
  await writeFile(archive, zipOf(entries));
  expect(countsOf(await trial.importFiles(archive), 'comments')).toMatchObject({ created: 5 });
  await expect(trial.importFiles(fixturePath('coral/comments.ndjson'))).rejects.toThrow(
    /Name the files of the collections together/,
  );
});

test('Isso: the database, plain or gzipped, with its modes and times', async () => {
  const file = await sqliteFile('current.sql');
  await writeFile(`${file}.gz`, gzipSync(await readFile(file)));
  const report = await trial.importFiles(`${file}.gz`);
  expect(await trial.discussion()).toEqual([
    { slug: 'seeds', text: '', name: 'Anonymous', parent: null, status: 'REMOVED' },
    { slug: 'seeds', text: 'To what is gone', name: 'Dee', parent: '', status: 'VISIBLE' },
    { slug: 'soil', text: 'Hello there', name: 'Ada', parent: null, status: 'VISIBLE' },
    { slug: 'soil', text: 'A reply', name: 'Anonymous', parent: 'Hello there', status: 'VISIBLE' },
    { slug: 'soil', text: 'Waiting', name: 'Bob', parent: null, status: 'PENDING' },
  ]);
  expect(countsOf(report, 'comments').skipped).toEqual({ [UNMATCHED]: 1, 'names no page': 1 });
  expect(await trial.rows(`SELECT created_at FROM comment WHERE body_text = 'Hello there'`)).toEqual([
    { created_at: new Date('2021-03-05T11:00:00.250Z') },
  ]);
});

test('Isso: comments that it has taken over from Disqus are HTML, as they were shown', async () => {
  const file = await sqliteFile(
    'current.sql',
    `UPDATE comments SET text = '<p>One <b>two</b> <a href="https://a.example">three</a></p><script>x</script>' WHERE id = 1;
     UPDATE comments SET text = 'a < b, *and* \`<p>\`' WHERE id = 2;`,
  );
  await trial.importFiles(file);
  expect(
    await trial.rows(`SELECT body_html AS html FROM comment WHERE body_text ~ '^(One|a <)' ORDER BY created_at`),
  ).toEqual([
    { html: '<p>One <b>two</b> <a href="https://a.example" rel="nofollow ugc noopener">three</a></p>' },
    { html: '<p>a &lt; b, <em>and</em> <code>&lt;p&gt;</code></p>' },
  ]);
});

test('Coral: what is attached to a comment is a link below it', async () => {
  const lines = (await textOf('coral/comments.ndjson')).trim().split('\n');
  const first = JSON.parse(lines[0]!);
  first.revisions[1].media = { type: 'youtube', url: 'https://www.youtube.com/watch?v=dQw4w9WgXcQ' };
  const file = join(folder, 'comments.ndjson');
  await writeFile(file, [JSON.stringify(first), ...lines.slice(1)].join('\n'));
  await trial.importFiles([file, coralPath('stories'), coralPath('users')]);
  expect(await trial.rows(`SELECT body_text AS text FROM comment WHERE body_text LIKE 'New text%'`)).toEqual([
    { text: expect.stringMatching(/^New text\s+https:\/\/www\.youtube\.com\/watch\?v=dQw4w9WgXcQ/) },
  ]);
});

test('pictures in comments of other programs become links, as in those that are written here', async () => {
  const lines = (await textOf('remark42/backup.jsonl')).trim().split('\n');
  const first = JSON.parse(lines[1]!);
  first.text =
    '<p><img src="https://r.example/a.png?x=1&amp;y=2" alt="A &quot;map&quot;"> <a href="https://x.example"><img src="//r.example/b.png" alt="B"></a> <img src="data:x"><img class="emoji" alt="☺" src="https://s.example/1.svg"></p>';
  const file = join(folder, 'backup.jsonl');
  await writeFile(file, [lines[0], JSON.stringify(first)].join('\n'));
  const report = await trial.importFiles(file);
  const rel = 'rel="nofollow ugc noopener"';
  expect(await trial.rows('SELECT body_html AS html FROM comment')).toEqual([
    {
      html: `<p><a href="https://r.example/a.png?x=1&amp;y=2" ${rel}>A "map"</a> <a href="https://x.example" ${rel}>B</a> ☺</p>`,
    },
  ]);
  expect(notesOf(report)).toMatchObject({ 'HTML elements that are not allowed were removed; their text was kept': 1 });
});

test('Isso: databases that count from 1 are told apart, and one that says nothing needs the address of its site', async () => {
  const [first, second] = [await sqliteFile('current.sql'), await sqliteFile('unicode.sql')];
  await trial.importFiles(first);
  expect(countsOf(await trial.importFiles(second), 'comments')).toMatchObject({ created: 1, updated: 0 });
  const old = await sqliteFile('old.sql');
  await expect(trial.importFiles(old)).rejects.toThrow(/--site/);
  const report = await trial.importFiles(old, { site: 'https://garden.example' });
  expect(report.source).toBe('isso:https://garden.example');
  expect(countsOf(report, 'comments')).toMatchObject({ created: 1 });
});

describe('a file is refused, and leaves nothing:', () => {
  const changed = (fixture: string, change: (text: string) => string) => async () => {
    const file = join(folder, 'changed');
    await writeFile(file, change(await textOf(fixture)));
    return file;
  };
  test.each([
    [
      'a cut backup of Remark42',
      'remark42',
      changed('remark42/backup.jsonl', (text) => text.slice(0, -30)),
      /Line 6: .*ends before/,
    ],
    [
      'a backup of another version',
      'remark42',
      changed('remark42/backup.jsonl', (text) => text.replace(':1', ':2')),
      /version 2/,
    ],
    [
      'another file as Remark42',
      'remark42',
      changed('coral/comments.ndjson', (text) => text),
      /not a backup of Remark42/,
    ],
    [
      'a cut export of Commento',
      'commento',
      changed('commento/export.json', (text) => text.slice(0, -20)),
      /ends before|not valid JSON/,
    ],
    [
      'Commento of another version',
      'commento',
      changed('commento/without-domain.json', (text) => text.replace('n": 1', 'n": 3')),
      /version 1/,
    ],
    [
      'another file as Coral',
      'coral',
      changed('commento/without-domain.json', (text) => text.replace('"url"', '"x"')),
      /neither comments nor stories/,
    ],
    [
      'another file as Isso',
      'isso',
      changed('commento/without-domain.json', (text) => text),
      /not a database of SQLite/,
    ],
    [
      'a cut database',
      'isso',
      async () => {
        const file = await sqliteFile('current.sql');
        await writeFile(file, (await readFile(file)).subarray(0, 5000));
        return file;
      },
      /cannot be read: .*(malformed|disk)/,
    ],
    ['a database without comments', 'isso', () => sqliteFile('current.sql', 'DROP TABLE comments;'), /no such table/],
    [
      'a view that never ends',
      'isso',
      () =>
        sqliteFile(
          'current.sql',
          'DROP TABLE comments; CREATE VIEW comments AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 1 AS tid FROM n;',
        ),
      /views/,
    ],
  ] as [string, string, () => Promise<string>, RegExp][])('%s', async (_name, format, make, message) => {
    const failure = await trial.importFiles(await make(), { format }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImportError);
    expect((failure as ImportError).message).toMatch(message);
    expect(await trial.rows('SELECT FROM comment')).toEqual([]);
  });
});
