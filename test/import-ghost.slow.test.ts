import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cardHtml } from '../src/import/ghost/cards.ts';
import { ImportError } from '../src/import/import-error.ts';
import { type FormatTrial, fixturePath, openFormatTrial } from './fixtures/format-trial.ts';
import { countsOf, notesOf } from './fixtures/wordpress/trial.ts';

let trial: FormatTrial;
let folder: string;

beforeEach(async () => {
  trial = await openFormatTrial();
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-ghost-'));
});

afterEach(async () => {
  await trial.close();
  await rm(folder, { recursive: true });
});

const FILES = ['ghost/version-5.json', 'ghost/version-3.json', 'ghost/version-003.json'];

test.each(FILES)('%s is recognised, its counts are those of its tables, and again it changes nothing', async (name) => {
  const file = fixturePath(name);
  const { db, data = db[0].data } = JSON.parse(await readFile(file, 'utf8'));
  const report = await trial.importFiles(file, { pages: true });
  expect(countsOf(report, 'articles')).toMatchObject({ read: data.posts.length, created: data.posts.length });
  expect(countsOf(report, 'authors')).toMatchObject({ created: data.users.length });
  expect(countsOf(report, 'comments')).toMatchObject({ created: data.comments?.length ?? 0 });
  const shown = data.tags.filter((tag: { visibility?: string }) => tag.visibility !== 'internal');
  expect(countsOf(report, 'topics')).toMatchObject({ created: shown.length });
  const before = await trial.everything();
  await trial.importFiles(file, { pages: true });
  expect(await trial.everything()).toEqual(before);
});

test('posts of Ghost 5 have their people, topics in order, cover, dates and status', async () => {
  const report = await trial.importFiles(fixturePath(FILES[0]!), { site: 'https://birds.example' });
  expect(report).toMatchObject({ format: 'Ghost', version: '5.82.2', source: 'ghost:https://birds.example' });
  expect(
    await trial.rows('SELECT slug, status::text, published_at IS NOT NULL AS dated FROM article ORDER BY slug'),
  ).toEqual([
    { slug: 'a-draft-in-lexical', status: 'DRAFT', dated: false },
    { slug: 'for-members', status: 'DRAFT', dated: false },
    { slug: 'later', status: 'SCHEDULED', dated: true },
    { slug: 'newsletter', status: 'DRAFT', dated: false },
    { slug: 'swifts-swallows', status: 'PUBLISHED', dated: true },
  ]);
  expect(
    await trial.rows(`SELECT body_source, cover_url, cover_alt, cover_caption, published_at, updated_at
      FROM article WHERE slug = 'swifts-swallows'`),
  ).toEqual([
    {
      body_source: '<p>They arrive in <a href="https://birds.example/may/">May</a>.</p><p>By hand</p>',
      cover_url: 'https://birds.example/content/images/2023/04/swift.jpg',
      cover_alt: 'A swift',
      cover_caption: 'Photo: Jo',
      published_at: new Date('2023-04-02T10:00:00Z'),
      updated_at: new Date('2023-04-03T09:30:00Z'),
    },
  ]);
  expect(
    await trial.rows(`SELECT t.slug, position FROM article_topic JOIN topic t ON t.id = topic_id ORDER BY 2`),
  ).toEqual([
    { slug: 'birds', position: 0 },
    { slug: 'summer', position: 1 },
  ]);
  expect(await trial.rows(`SELECT name, slug, email, bio_text, avatar_url, url FROM author WHERE slug = 'jo'`)).toEqual(
    [
      {
        name: 'Jo Owner',
        slug: 'jo',
        email: 'jo@example.com',
        bio_text: 'Watches birds.',
        avatar_url: 'https://example.com/jo.jpg',
        url: 'https://example.com/jo',
      },
    ],
  );
  expect(notesOf(report)).toMatchObject({
    'is visible to paid alone and was imported as a draft': 1,
    'was sent as an e-mail alone and was imported as a draft': 1,
    'has further authors, who were not imported': 1,
    'internal tags were not imported': 1,
    'card rocket was left out': 1,
    'likes of comments were not imported': 1,
  });
});

test('comments of members keep their thread, also under the reply that they answer', async () => {
  await trial.importFiles(fixturePath(FILES[0]!));
  const swifts = (await trial.discussion()).filter(({ slug }) => slug === 'swifts-swallows');
  expect(swifts).toEqual([
    { slug: 'swifts-swallows', text: 'First!', name: 'Ann', parent: null, status: 'VISIBLE' },
    { slug: 'swifts-swallows', text: 'A reply from Bo.', name: 'Bo', parent: 'First!', status: 'VISIBLE' },
    { slug: 'swifts-swallows', text: 'Gone.', name: 'Ann', parent: 'A reply from Bo.', status: 'REMOVED' },
  ]);
});

test('a body in Lexical keeps its formats, links, lists, pictures, code and cards', async () => {
  await trial.importFiles(fixturePath(FILES[0]!), { site: 'https://birds.example' });
  const [row] = await trial.rows<{ body_html: string }>(
    `SELECT body_html FROM article WHERE slug = 'a-draft-in-lexical'`,
  );
  for (const part of [
    '<strong>Bold</strong> and <code>code &lt;b&gt;</code><br />',
    '<em>a link</em></a>',
    '<ol><li>one</li><li>two</li></ol>',
    'src="https://birds.example/content/images/a.png" alt="An &quot;A&quot;" width="10" height="20"',
    '<figcaption>A <em>caption</em></figcaption>',
    '<pre><code class="language-js">if (a &lt; b) {}</code></pre>',
    '>A book</a><br />About it',
    '💡 Look out',
    '<summary>More</summary><p>Hidden</p>',
  ])
    expect(row?.body_html).toContain(part);
});

test('a body in Mobiledoc keeps its markups, atoms, cards and lists; an old one is Markdown', async () => {
  await trial.importFiles(fixturePath(FILES[1]!));
  await trial.importFiles(fixturePath(FILES[2]!));
  const rows = await trial.rows<{ slug: string; body_html: string }>('SELECT slug, body_html FROM article');
  const html = new Map(rows.map((row) => [row.slug, row.body_html]));
  for (const part of [
    '<p>Plain <strong>bold <a href="https://example.com/x"',
    'link</a></strong><br />next &lt;line&gt;</p>',
    '<figcaption>Caption</figcaption>',
    'Some <em>Markdown</em>',
    'https://www.youtube.com/embed/dQw4w9WgXcQ',
    '<ul><li>one</li><li>two</li></ul>',
    'src="https://example.com/b.jpg"',
  ])
    expect(html.get('in-mobiledoc')).toContain(part);
  expect(html.get('welcome')).toBe('<p>You are <em>live</em>!</p>');
});

test('addresses of a site that nobody has named are reported', async () => {
  const report = await trial.importFiles(fixturePath(FILES[0]!));
  // Two of one post, and one of another.
  expect(notesOf(report)).toMatchObject({
    'addresses of the site itself are relative: give the address of the site with --site': 3,
    'cover was not imported: it has no http or https address': 1,
  });
  const named = await trial.importFiles(fixturePath(FILES[0]!), { site: 'https://birds.example' });
  expect(Object.keys(notesOf(named)).filter((note) => note.includes('--site') || note.includes('cover'))).toEqual([]);
});

test('a gist is a link, in HTML and in a card; other scripts are left out', async () => {
  const scripts = '<script src="https://gist.github.com/bo/12.js"></script><script>go()</script>';
  const card = { type: 'html', html: scripts };
  const posts = [
    { id: 1, uuid: 'u1', title: 'A', slug: 'html', status: 'published', html: `<p>Look</p>${scripts}` },
    { id: 2, uuid: 'u2', title: 'B', slug: 'card', lexical: JSON.stringify({ root: { children: [card] } }) },
  ];
  const file = join(folder, 'export.json');
  await writeFile(file, JSON.stringify({ db: [{ meta: {}, data: { posts } }] }));
  await trial.importFiles(file);
  const link = '<p><a href="https://gist.github.com/bo/12" rel="noopener">https://gist.github.com/bo/12</a></p>';
  expect(await trial.rows('SELECT slug, body_html AS html FROM article ORDER BY slug')).toEqual([
    { slug: 'card', html: link },
    { slug: 'html', html: `<p>Look</p>${link}` },
  ]);
});

describe('a file is refused with its reason, and leaves nothing:', () => {
  const text = () => readFile(fixturePath(FILES[0]!), 'utf8');
  test.each([
    ['cut in the middle', async () => (await text()).slice(0, 3_000), /not valid JSON: it ends before|ends before/],
    ['no posts', async () => '{"db":[{"meta":{"version":"5"},"data":{"tags":[]}}]}', /no table "posts"/],
    ['a comma too many', async () => (await text()).replace('"posts": [', '"posts": [,'), /not valid JSON/],
    ['a list', async () => '[1,2]', /no table "posts"/],
    ['empty', async () => '', /no table "posts"/],
  ])('%s', async (_name, content, message) => {
    const file = join(folder, 'export.json');
    await writeFile(file, await content());
    const failure = await trial.importFiles(file, { format: 'ghost' }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ImportError);
    expect((failure as ImportError).message).toMatch(message);
    expect(await trial.rows('SELECT FROM article UNION ALL SELECT FROM author')).toEqual([]);
  });

  test('of no known format, with the formats that there are', async () => {
    const file = join(folder, 'notes.txt');
    await writeFile(file, 'Dear diary');
    await expect(trial.importFiles(file)).rejects.toThrow(/begins like no format.*wordpress.*ghost.*disqus/);
    await expect(trial.importFiles(file, { format: 'typo' })).rejects.toThrow(/"typo" is unknown/);
  });
});

test('characters that cannot be stored, deep documents and rows of other types are no obstacle', async () => {
  const deep = `${'{"children":['.repeat(200)}{"text":"x"}${']}'.repeat(200)}`;
  const posts = [
    { id: 1, uuid: 'u1', title: 'A\u0000B', slug: 'nul', status: 'published', html: '<p>a\u0000b\udc00</p>' },
    { id: 2, uuid: 'u2', title: 'Deep', slug: 'deep', lexical: `{"root":${deep}}` },
    { id: 3, uuid: 'u3', title: 'Broken', slug: 'broken', lexical: '{', mobiledoc: null },
    null,
    'text',
    {
      id: 4,
      uuid: 'u4',
      title: ['x'],
      slug: { a: 1 },
      published_at: 'never',
      mobiledoc: '{"sections":[7,[1],[10,5],[3,"ul",[1]]]}',
    },
  ];
  const file = join(folder, 'export.json');
  await writeFile(file, JSON.stringify({ db: [{ meta: {}, data: { posts } }] }));
  const report = await trial.importFiles(file);
  expect(countsOf(report, 'articles')).toMatchObject({
    read: 6,
    created: 4,
    skipped: { 'has neither uuid nor id': 2 },
  });
  expect(await trial.rows(`SELECT title, body_text FROM article WHERE slug = 'nul'`)).toEqual([
    { title: 'AB', body_text: 'ab\ufffd' },
  ]);
});

test('cards keep all words that readers saw', () => {
  const file = { src: 'https://a.example/f.pdf', fileTitle: 'Paper', fileCaption: 'Two & more', fileName: 'f.pdf' };
  expect(cardHtml('file', file)).toBe('<p><a href="https://a.example/f.pdf">Paper</a><br>Two &#38; more</p>');
  const buttons = { buttonText: 'Read', buttonUrl: 'https://a.example/read' };
  const header = { header: 'Swifts', subheader: 'A guide', ...buttons };
  expect(cardHtml('header', { ...header, buttonEnabled: true })).toBe(
    '<h2>Swifts</h2><p>A guide</p><p><a href="https://a.example/read">Read</a></p>',
  );
  expect(cardHtml('header', { ...header, buttonEnabled: false })).toBe('<h2>Swifts</h2><p>A guide</p>');
  const call = { textValue: '<p>Join us</p>', imageUrl: 'https://a.example/a.png', showButton: true, ...buttons };
  expect(cardHtml('call-to-action', call)).toBe(
    '<figure><img src="https://a.example/a.png" alt=""></figure><p>Join us</p><p><a href="https://a.example/read">Read</a></p>',
  );
});
