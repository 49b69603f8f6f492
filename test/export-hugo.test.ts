import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderText } from '../schema/content/text/render.ts';
import { termFolder } from '../src/export/hugo/term-folder.ts';
import { exportHugo } from '../src/export/index.ts';
import { FolderStore } from '../src/media/folder-store.ts';
import { PictureConverter } from '../src/media/picture-converter.ts';
import { Pictures } from '../src/media/pictures.ts';
import { loadSample } from '../src/sample/load.ts';
import { type FormatTrial, fixturePath, openFormatTrial } from './fixtures/format-trial.ts';
import { picture } from './fixtures/pictures.ts';
import { countsOf, notesOf } from './fixtures/wordpress/trial.ts';

let source: FormatTrial;
let target: FormatTrial;
let folder: string;
let site: string;
let name: string;
const converter = new PictureConverter();

const kept = (path: string) =>
  new Pictures({ store: new FolderStore(join(folder, path)), converter, maxSize: 1_000_000 });

/** What Hugo and other generators would take for their own marks. */
const MARKS =
  'Show {{< youtube x >}} and {{% notice %}} and {{ page.title }} and {% raw %}.\n\n`{{< code >}}`\n\n```\n{{< fenced >}}\n```';

/** Texts that are none in YAML, also as names of topics, and what is no folder of a term. */
const VALUES = ['No', 'off', '2020-01-01', '1_000', '12:30:45', '0o7', '0x1F', 'null', '../../x'];

/** Marks of shortcodes that do not end, are within each other, have braces or are shown already, and a text that begins with code. */
const BODIES = [
  '    indented {{< code >}}\n    more\n\nText',
  'Use `{{< foo` or {{% bar to begin.',
  'Use {{% foo and {{< bar >}} here, and `{{< baz`.\n\n```\n{{< fenced {{< twice >}}\n```\n\nThen `%}}`.',
  'Try {{< a "{b}" >}}, {{< c\n d >}} and `{{</* shown */>}}`.',
  `Far away {{< from${' words'.repeat(500)} >}}.`,
];

beforeAll(async () => {
  [source, target] = [await openFormatTrial(), await openFormatTrial()];
  folder = await mkdtemp(join(tmpdir(), 'broadsheet hugo '));
  site = join(folder, 'my site');
  await loadSample(source.client);
  await source.importFiles(fixturePath('feed/garden.json'));
  await source.importFiles(fixturePath('ghost/version-5.json'), { pages: true });
  const pictures = kept('media');
  name = (await pictures.add(await picture(500, 20).png().toBuffer(), async () => {})).name;
  await source.client.query('INSERT INTO picture (name, bytes) VALUES ($1, 1)', [name]);
  const text = `${MARKS}\n\n![p](/media/${name})`;
  await source.client.query(
    `UPDATE article SET body_text = $3, title = '10: "a" # b', body_format = 'MARKDOWN', body_source = $1, cover_url = $2, cover_alt = 'A "swift"' WHERE slug = 'soil'`,
    [text, `/media/${name}`, renderText(text, 'MARKDOWN', 'article').text],
  );
  await source.client.query(`INSERT INTO former_slug (slug, article_id) SELECT 'earth', id FROM article WHERE slug = 'soil';
    INSERT INTO article_address (path, article_id) SELECT unnest(ARRAY['/2020/soil', '/?p=7']), id FROM article WHERE slug = 'soil'`);
  for (const [index, title] of VALUES.entries()) {
    const body = BODIES[index] ?? 'Text';
    const { html, text } = renderText(body, 'MARKDOWN', 'article');
    await source.client.query(
      `WITH a AS (
        INSERT INTO article (slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
        SELECT 'value-' || $1::int, $2, $2, $3, $4, $5, 'PUBLISHED', '2026-01-01', min(id) FROM author WHERE kind = 'STAFF' RETURNING id
      ), t AS (INSERT INTO topic (slug, name) VALUES ('value-' || $1, $2) RETURNING id)
      INSERT INTO article_topic SELECT a.id, t.id, 0 FROM a, t`,
      [index, title, body, html, text],
    );
  }
  // Its comment was public, and is no longer.
  await source.client.query(`
    UPDATE article SET status = 'ARCHIVED', comment_count = 1 WHERE slug = 'value-8';
    UPDATE article SET comment_policy = 'CLOSED', language = 'pt-BR' WHERE slug = 'value-7';
    INSERT INTO comment (article_id, author_id, path, depth, status, visible, body_source, body_html, body_text)
      SELECT id, author_id, '{1}', 0, 'VISIBLE', true, 'x', '<p>x</p>', 'x' FROM article WHERE slug = 'value-8'`);
  await source.client.query(`
    INSERT INTO former_topic_slug (slug, topic_id) SELECT 'was-no', id FROM topic WHERE name = 'No';
    INSERT INTO topic_address (path, topic_id) SELECT '/tag/no', id FROM topic WHERE name = 'No';
    INSERT INTO author_address (path, author_id) SELECT '/author/x', min(id) FROM author WHERE kind = 'STAFF'`);
});

afterAll(async () => {
  await converter.close();
  await source.close();
  await target.close();
  await rm(folder, { recursive: true });
});

const page = async (path: string) => {
  const [, front, text] = /^---\n(.*?)\n---\n\n(.*)$/s.exec(await readFile(join(site, path), 'utf8'))!;
  return { front: parse(front!), text: text! };
};

it('has articles with their fields, topics, authors, public comments and pictures', async () => {
  const written = await exportHugo({
    url: source.url,
    path: site,
    site: 'https://new.example/',
    pictures: kept('media'),
  });
  const [counted] = await source.rows<{ articles: number; comments: number }>(
    "SELECT (SELECT count(*)::int FROM article) AS articles, (SELECT count(*)::int FROM comment JOIN article a ON a.id = article_id WHERE visible AND a.status = 'PUBLISHED') AS comments",
  );
  expect(written).toEqual({ ...counted, pictures: 1 });
  const { front, text } = await page('content/articles/soil/index.md');
  expect(front).toMatchObject({
    title: '10: "a" # b',
    slug: 'soil',
    draft: false,
    aliases: ['/2020/soil/', '/2021/soil/', '/articles/earth/'],
    cover: { image: `/media/${name}`, alt: 'A "swift"' },
  });
  expect(text).toContain('Show {{</* youtube x */>}} and {{%/* notice */%}} and {{ page.title }}');
  expect(await readdir(join(site, 'static', 'media'))).toEqual([name]);
  expect(
    (await page(`content/topics/${(await readdir(join(site, 'content/topics')))[0]}/_index.md`)).front.title,
  ).toBeTruthy();
  expect(await readFile(join(site, 'hugo.toml'), 'utf8')).toContain('baseURL = "https://new.example/"');
  const data = await Promise.all(
    (await readdir(join(site, 'data/comments'))).map(async (file) =>
      JSON.parse(await readFile(join(site, 'data/comments', file), 'utf8')),
    ),
  );
  const comments = data.flat();
  expect(comments).toHaveLength(counted!.comments);
  expect(
    comments.filter(({ removed }) => removed).every(({ html, author }) => html === undefined && author === undefined),
  ).toBe(true);
  const everything = JSON.stringify(comments);
  const { rows } = await source.client.query(`SELECT email FROM author WHERE email IS NOT NULL`);
  for (const { email } of rows) expect(everything).not.toContain(email);
  expect(comments.some(({ status }) => status !== undefined)).toBe(false);
});

it('has texts that Hugo reads as they are, and no shortcodes', async () => {
  for (const [index, value] of VALUES.entries()) {
    const [, yaml, text] = /^---\n(.*?)\n---\n\n(.*)$/s.exec(
      await readFile(join(site, `content/articles/value-${index}/index.md`), 'utf8'),
    )!;
    for (const version of ['1.1', '1.2'] as const)
      expect(parse(yaml!, { version })).toMatchObject({ title: value, description: value, topics: [value] });
    expect(text!.replace(ESCAPED_SHORTCODES, '')).not.toMatch(/\{\{[<%]/);
    const shown = text!.replace(ESCAPED_SHORTCODES, (mark) => mark.replace('/*', '').replace(/\*\/(?=.\}\}$)/, ''));
    expect(shown.replaceAll('\u2060', '')).toBe(`${BODIES[index] ?? 'Text'}\n`);
  }
  expect((await page('content/topics/no/_index.md')).front).toMatchObject({
    url: '/topics/value-0/',
    aliases: ['/tag/no/', '/topics/was-no/'],
  });
  const [author] = await source.rows<{ name: string; slug: string }>(
    `SELECT name, slug FROM author WHERE kind = 'STAFF' ORDER BY id LIMIT 1`,
  );
  expect((await page(`content/authors/${termFolder(author!.name)}/_index.md`)).front).toMatchObject({
    url: `/authors/${author!.slug}/`,
    aliases: expect.arrayContaining(['/author/x/']),
  });
  expect((await readdir(site)).sort()).toEqual(['content', 'data', 'hugo.toml', 'static']);
});

/** Hugo ends each at the first end of its kind. */
const ESCAPED_SHORTCODES = /\{\{(?:<\/\*[\s\S]*?\*\/>|%\/\*[\s\S]*?\*\/%)\}\}/g;

// The names are those that Hugo 0.111 gives to the pages of these terms.
it.each([
  ['Node.js', 'node.js'],
  ['C++', 'c++'],
  ['C#', 'c#'],
  ['R&D', 'rd'],
  ['A & B', 'a-b'],
  ['a -  b', 'a-b'],
  ['TCP/IP', 'tcp/ip'],
  ["it's @home", 'its-@home'],
  ['Ünï 東京', 'ünï-東京'],
  ['1:20?', '120'],
  ['..', null],
  ['a/../..', null],
  ['/', null],
  ['😀', null],
])('the folder of the term %s is %s', (term, folder) => {
  expect(termFolder(term)).toBe(folder);
});

const ARTICLES = `
  SELECT a.slug, a.title, a.language, coalesce(a.comment_policy = 'CLOSED', false) AS closed, regexp_replace(a.excerpt, '<[a-z]> ?', '', 'g') AS excerpt, a.body_text, p.name AS author, a.cover_url, a.cover_alt, date_trunc('second', a.published_at) AS published,
         CASE a.status WHEN 'ARCHIVED' THEN 'DRAFT' ELSE a.status::text END AS status,
         ARRAY(SELECT t.name FROM article_topic at JOIN topic t ON t.id = at.topic_id WHERE at.article_id = a.id ORDER BY at.position) AS topics
    FROM article a JOIN author p ON p.id = a.author_id ORDER BY a.slug`;

it('imports again with the same articles and texts, and with its pictures under their names', async () => {
  const pictures = kept('media of the target');
  const report = await target.importFiles(site, { media: [site], pictures });
  const articles = await source.rows<Record<string, unknown>>(ARTICLES);
  expect(countsOf(report, 'articles')).toMatchObject({ read: articles.length, created: articles.length });
  const again = await target.rows<Record<string, unknown>>(ARTICLES);
  for (const [index, article] of articles.entries()) {
    const { published, cover_url: cover, cover_alt: alt, ...rest } = article;
    expect(again[index], String(article.slug)).toMatchObject(rest);
    if (article.status !== 'DRAFT') expect(again[index]!.published).toEqual(published);
    // Pictures that the gateway draws itself, as those of the sample, are not in the folder.
    if (cover === null || !String(cover).startsWith('/covers/'))
      expect(again[index]).toMatchObject({ cover_url: cover, cover_alt: alt });
  }
  expect(await pictures.store.has(name)).toBe(true);
  expect(Object.keys(notesOf(report)).filter((note) => note.includes('shortcode'))).toEqual([]);
});

it('changes nothing in a folder that has something, and leaves none behind when it is interrupted', async () => {
  const used = join(folder, 'used');
  await mkdir(used);
  await writeFile(join(used, 'a.txt'), 'mine');
  const options = { url: source.url, site: '', pictures: null };
  await expect(exportHugo({ ...options, path: used })).rejects.toThrow('not empty');
  expect(await readdir(used)).toEqual(['a.txt']);
  await mkdir(join(folder, 'other.partial'));
  await exportHugo({ ...options, path: join(folder, 'other') });
  expect((await readdir(folder)).filter((entry) => entry.startsWith('other')).sort()).toEqual([
    'other',
    'other.partial',
  ]);
  const signal = AbortSignal.abort();
  await expect(exportHugo({ ...options, path: join(folder, 'aborted'), signal })).rejects.toThrow(/abort/i);
  expect((await readdir(folder)).filter((entry) => entry.startsWith('aborted'))).toEqual([]);
});

it('has all comments with their status when they are asked for, or none', async () => {
  const options = { url: source.url, site: '', pictures: null };
  const all = await exportHugo({ ...options, path: join(folder, 'all'), comments: 'all' });
  const [{ count }] = (await source.rows<{ count: number }>('SELECT count(*)::int FROM comment')) as [
    { count: number },
  ];
  expect(all.comments).toBe(count);
  expect(await readFile(join(folder, 'all/content/articles/value-0/index.md'), 'utf8')).not.toContain('comments:');
  const none = await exportHugo({ ...options, path: join(folder, 'none'), comments: 'none', commentPolicy: 'CLOSED' });
  expect(await readFile(join(folder, 'none/content/articles/value-0/index.md'), 'utf8')).toContain(
    '\ncomments: false\n',
  );
  expect(none.comments).toBe(0);
  expect(await readdir(join(folder, 'none'))).not.toContain('data');
});
