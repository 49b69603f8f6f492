import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportWxr } from '../src/export/index.ts';
import { loadSample } from '../src/sample/load.ts';
import { type FormatTrial, fixturePath, openFormatTrial } from './fixtures/format-trial.ts';
import { countsOf } from './fixtures/wordpress/trial.ts';

let source: FormatTrial;
let target: FormatTrial;
let folder: string;
let file: string;

beforeAll(async () => {
  [source, target] = [await openFormatTrial(), await openFormatTrial()];
  folder = await mkdtemp(join(tmpdir(), 'broadsheet wxr '));
  file = join(folder, 'site.xml');
  await loadSample(source.client);
  await source.importFiles(fixturePath('feed/garden.json'));
  await source.importFiles(fixturePath('commento/export.json'));
  // What WordPress reads as shortcodes and embeds, and what ends a CDATA section.
  await source.client.query(`
    UPDATE article SET body_text = E'[gallery ids="1"] ]]>\\n\\nhttps://video.example/1', title = 'Ends ]]> & <b>', body_html = E'<p>[gallery ids="1"] ]]&gt;</p>\\n<p>\\nhttps://video.example/1\\n</p>' WHERE slug = 'soil'`);
});

afterAll(async () => {
  await source.close();
  await target.close();
  await rm(folder, { recursive: true });
});

const ARTICLES = `
  SELECT a.slug, a.title, a.excerpt, a.body_text, p.name AS author, regexp_replace(a.cover_url, '^/', 'https://old.example/') AS cover, date_trunc('second', a.published_at) AS published,
         CASE a.status WHEN 'ARCHIVED' THEN 'DRAFT' ELSE a.status::text END AS status,
         ARRAY(SELECT t.name FROM article_topic at JOIN topic t ON t.id = at.topic_id WHERE at.article_id = a.id ORDER BY 1) AS topics
    FROM article a JOIN author p ON p.id = a.author_id ORDER BY a.slug`;

/** Comments with the texts from the top of their thread down to them. */
const COMMENTS = `
  WITH RECURSIVE thread AS (
    SELECT c.id, c.article_id, c.status, c.author_id, ARRAY[c.body_text] AS texts FROM comment c WHERE parent_id IS NULL
    UNION ALL SELECT c.id, c.article_id, c.status, c.author_id, t.texts || c.body_text FROM comment c JOIN thread t ON t.id = c.parent_id
  ) SELECT a.slug, t.texts, coalesce(p.name, '') AS name, CASE t.status WHEN 'REJECTED' THEN 'REMOVED' ELSE t.status::text END AS status
      FROM thread t JOIN article a ON a.id = t.article_id LEFT JOIN author p ON p.id = t.author_id ORDER BY 1, 2, 3`;

it('imported into an empty installation, the file gives the same articles, topics and threads', async () => {
  const { articles, comments } = await exportWxr({ url: source.url, path: file, site: 'https://old.example' });
  const [counted] = await source.rows(
    'SELECT (SELECT count(*)::int FROM article) AS articles, (SELECT count(*)::int FROM comment) AS comments',
  );
  expect({ articles, comments }).toEqual(counted);
  const report = await target.importFiles(file);
  expect(report.source).toBe('wordpress:https://old.example');
  expect(countsOf(report, 'articles')).toMatchObject({ read: articles, created: articles });
  expect(countsOf(report, 'comments')).toMatchObject({ read: comments, created: comments });
  expect(await target.rows(ARTICLES)).toEqual(await source.rows(ARTICLES));
  expect(await target.rows(COMMENTS)).toEqual(await source.rows(COMMENTS));
  const topics =
    'SELECT t.slug, t.name, p.slug AS above FROM topic t LEFT JOIN topic p ON p.id = t.parent_id ORDER BY 1';
  expect(await target.rows(topics)).toEqual(await source.rows(topics));
});

// The importer of WordPress reads the whole file by SimpleXML, then people, categories and posts in their order.
it('keeps to what the importer of WordPress requires', async () => {
  const xml = await readFile(file, 'utf8');
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  // Without a version in this form it refuses the file: "/rss/channel/wp:wxr_version", as \d+.\d+.
  expect(xml).toMatch(/<channel>[\s\S]*<wp:wxr_version>\d+\.\d+<\/wp:wxr_version>/);
  const values = (name: string, text = xml) =>
    [...text.matchAll(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([\\s\\S]*?)(?:\\]\\]>)?</${name}>`, 'g'))].map(
      (match) => match[1]!,
    );
  // A post whose person the file does not list goes to the person who imports.
  const logins = values('wp:author_login');
  expect(values('dc:creator').filter((login) => !logins.includes(login))).toEqual([]);
  // A category is put below its parent only if that exists.
  const made = new Set<string>();
  for (const category of values('wp:category')) {
    const [parent] = values('wp:category_parent', category);
    if (parent) expect(made).toContain(parent);
    made.add(values('wp:category_nicename', category)[0]!);
  }
  const items = values('item');
  const ids = items.map((item) => values('wp:post_id', item)[0]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const item of items) {
    expect(values('wp:post_type', item)[0]).toMatch(/^(post|attachment)$/);
    expect(values('wp:status', item)[0]).toMatch(/^(publish|future|draft|private|inherit)$/);
    for (const date of ['wp:post_date', 'wp:post_date_gmt'])
      expect(values(date, item)[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    // It inserts the comments of a post by rising number, and needs the number of a parent by then.
    for (const comment of values('wp:comment', item)) {
      expect(Number(values('wp:comment_parent', comment)[0])).toBeLessThan(Number(values('wp:comment_id', comment)[0]));
      expect(values('wp:comment_approved', comment)[0]).toMatch(/^(0|1|spam|trash)$/);
    }
  }
});

it('has plain texts as WordPress has them in HTML, and whole addresses of links and pictures', async () => {
  const plain = 'Tom & "J" <b> &amp; ]]>';
  const name = `${'0a'.repeat(16)}-8x8.png`;
  const html = `<p><a href="/articles/b">b</a> <img src="/media/${name}" alt="" /> <a href="#x">x</a></p>`;
  await source.client.query(
    `WITH a AS (
      UPDATE article SET title = $1, excerpt = $1, cover_alt = $1, cover_caption = $1, cover_url = '/media/' || $2::text, body_html = $3
      WHERE slug = 'let-the-grass-grow-late' RETURNING id, author_id
    ), p AS (UPDATE author SET name = $1 WHERE id = (SELECT author_id FROM a) OR kind = 'GUEST'),
    t AS (UPDATE topic SET name = $1, description = $1 WHERE id IN (SELECT topic_id FROM article_topic JOIN a ON a.id = article_id))
    UPDATE comment SET body_html = $3 WHERE article_id = (SELECT id FROM a)`,
    [plain, name, html],
  );
  await exportWxr({
    ...{ url: source.url, path: file, site: 'https://old.example/blog' },
    ...{ mediaUrl: 'https://cdn.example/', commentPolicy: 'CLOSED' },
  });
  const again = await openFormatTrial();
  try {
    await again.importFiles(file);
    const texts = `SELECT a.title, a.excerpt, a.cover_alt, a.cover_caption, p.name, array_agg(DISTINCT t.name) AS topics, array_agg(DISTINCT t.description) AS descriptions
      FROM article a JOIN author p ON p.id = a.author_id JOIN article_topic ON article_id = a.id JOIN topic t ON t.id = topic_id
      WHERE a.slug = 'let-the-grass-grow-late' GROUP BY a.id, p.id`;
    expect((await again.rows(texts))[0]).toMatchObject({
      ...{ title: plain, excerpt: plain, cover_alt: plain, cover_caption: plain, name: plain },
      ...{ topics: [plain], descriptions: [plain] },
    });
    const policies = 'SELECT slug FROM article WHERE comment_policy IS DISTINCT FROM $1 ORDER BY slug';
    const open = await source.rows(policies.replace('comment_policy', `coalesce(comment_policy, 'CLOSED')`), [
      'CLOSED',
    ]);
    expect(await again.rows(policies, ['CLOSED'])).toEqual(open);
    const guests = await again.rows<{ name: string }>(`SELECT DISTINCT name FROM author WHERE kind = 'GUEST'`);
    expect(guests.map((guest) => guest.name)).toContain(plain);
    const shown = await again.rows<{ html: string }>(
      `SELECT body_html AS html FROM article WHERE slug = 'let-the-grass-grow-late'
       UNION ALL SELECT c.body_html FROM comment c JOIN article a ON a.id = article_id WHERE a.slug = 'let-the-grass-grow-late'`,
    );
    expect(shown.length).toBeGreaterThan(1);
    for (const { html: text } of shown) {
      expect(text).toContain('href="https://old.example/articles/b"');
      expect(text).toMatch(new RegExp(`="https://cdn.example/${name}"`));
    }
    expect(await again.rows(`SELECT cover_url FROM article WHERE slug = 'let-the-grass-grow-late'`)).toEqual([
      { cover_url: `https://cdn.example/${name}` },
    ]);
  } finally {
    await again.close();
  }
});

it('has topics that somebody has placed above themselves in the database', async () => {
  const { client } = source;
  await client.query(`INSERT INTO topic (id, slug, name) VALUES (901, 'hen', 'Hen'), (902, 'egg', 'Egg');
    UPDATE topic SET parent_id = 1803 - id WHERE id > 900`);
  const path = join(folder, 'circle.xml');
  await exportWxr({ url: source.url, path, site: 'https://a.example' });
  const text = await readFile(path, 'utf8');
  for (const slug of ['hen', 'egg'])
    expect(text).toContain(`<wp:category_nicename><![CDATA[${slug}]]></wp:category_nicename>`);
  await client.query('DELETE FROM topic WHERE id > 900');
});
