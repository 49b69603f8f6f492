import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { importWordPress } from '../src/import/wordpress/import-wordpress.ts';
import { exportOf } from './fixtures/wordpress/export.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { runCommand } from './program.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
let folder: string;

const SITE = exportOf({
  url: 'https://old.example/blog',
  authors: [{ id: 7, login: 'Jo Smith', name: 'Jo' }],
  categories: [
    { slug: 'birds', name: 'Birds' },
    { slug: 'swifts', name: 'Swifts', parent: 'birds' },
  ],
  tags: [{ slug: 'night', name: 'Night' }],
  posts: [
    {
      id: 123,
      slug: 'tea-time',
      creator: 'Jo Smith',
      guid: 'http://older.example/?p=99',
      meta: [['_wp_old_slug', 'tea']],
      categories: [
        ['category', 'swifts', 'Swifts'],
        ['post_tag', 'night', 'Night'],
      ],
    },
    { id: 124, slug: 'secret', status: 'draft', creator: 'Jo Smith', title: 'Secret plan' },
    { id: 125, slug: '%e6%9d%b1%e4%ba%ac', creator: 'Jo Smith', title: 'Tokyo' },
  ],
})
  .replace(
    '<guid isPermaLink="false">http',
    '<link>https://old.example/blog/2020/01/tea-time/</link><guid isPermaLink="false">http',
  )
  .replace('<title><![CDATA[Secret', '<link>https://old.example/blog/secret/</link><title><![CDATA[Secret')
  .replace(
    '<title><![CDATA[Tokyo',
    '<link>https://old.example/blog/2020/01/%e6%9d%b1%e4%ba%ac/</link><title><![CDATA[Tokyo',
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet redirects '));
  const file = join(folder, 'export.xml');
  await writeFile(file, SITE);
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        topics: [{ id: 1 }],
        articles: [{ id: 1, topics: [1], formerSlugs: ['was-one'] }, { id: 2 }, { id: 3, status: 'DRAFT', at: null }],
      }),
    { PUBLIC_URL: 'https://new.example/' },
  );
  const out = new Writable({ write: (_chunk, _encoding, done) => done() });
  await importWordPress({ file, url: gateway.databaseUrl, out });
  await rm(file);
});

afterAll(async () => {
  await gateway.stop();
  await rm(folder, { recursive: true });
});

const FIELDS = `{ __typename ... on Article { slug } ... on Topic { slug } ... on Author { slug }
  ... on Redirect { status path to { __typename ... on Article { slug title author { name } } } } }`;

async function resolved(path: string, client: Pick<TestGateway, 'ask'> = gateway): Promise<unknown> {
  const { data, errors } = await client.ask<{ resolvePath: unknown }>(
    `query ($path: String!) { resolvePath(path: $path) ${FIELDS} }`,
    { path },
  );
  expect(errors).toBeUndefined();
  return data.resolvePath;
}

const redirect = (path: string, type = 'Article') => ({
  __typename: 'Redirect',
  status: 301,
  path,
  to: expect.objectContaining({ __typename: type }),
});

describe('resolvePath', () => {
  it.each([
    ['/articles/article-1', 'Article', 'article-1'],
    ['/articles/article-1/', 'Article', 'article-1'],
    ['https://new.example/articles/article-1?utm_source=x#top', 'Article', 'article-1'],
    ['/topics/topic-1', 'Topic', 'topic-1'],
    ['/authors/author-1', 'Author', 'author-1'],
  ])('gives what stands at %s', async (path, type, slug) => {
    expect(await resolved(path)).toEqual({ __typename: type, slug });
  });

  it.each([
    ['/articles/was-one', '/articles/article-1'],
    ['/blog/2020/01/tea-time/', '/articles/tea-time'],
    ['/blog/2020/01/tea-time.html?utm_source=x', '/articles/tea-time'],
    ['/blog/2020/01/tea', '/articles/tea-time'],
    ['https://www.old.example/blog/?p=123', '/articles/tea-time'],
    ['/blog/index.php?foo=1&page_id=123', '/articles/tea-time'],
    ['/?p=99', '/articles/tea-time'],
    ['/blog/2020/01/%E6%9D%B1%E4%BA%AC', '/articles/dong-jing'],
    ['/blog/2020/01/東京/', '/articles/dong-jing'],
    ['/blog/category/birds/swifts/', '/topics/swifts', 'Topic'],
    ['/blog/tag/night', '/topics/night', 'Topic'],
    ['/blog/?tag=night', '/topics/night', 'Topic'],
    ['/blog/author/jo-smith/', '/authors/jo-smith', 'Author'],
    ['/blog/?author=7', '/authors/jo-smith', 'Author'],
  ])('redirects %s to %s', async (path, to, type?: string) => {
    expect(await resolved(path)).toEqual(redirect(to, type));
  });

  it.each([
    ['a draft of this site', '/articles/article-3'],
    ['an imported draft', '/blog/secret'],
    ['an imported draft by its number', '/blog/?p=124'],
    ['a topic without a public article', '/blog/category/birds/none'],
    ['nothing', '/articles/none'],
    ['the front page', '/'],
    ['an empty text', ''],
    ['no path', 'article-1'],
    ['broken encoding', '/%E0%A4%A/%00'],
    ['a lone surrogate', '/articles/\ud800'],
    ['a very long path', `/${'a'.repeat(5_000)}`],
    ['SQL and wildcards', `/articles/%' OR 1=1 --`],
  ])('reveals nothing of %s', async (_, path) => {
    expect(await resolved(path)).toBeNull();
  });

  it('shows drafts to those who may read them', async () => {
    const staff = gateway.as({ name: 'Mo', role: 'MODERATOR' });
    expect(await resolved('/articles/article-3', staff)).toEqual({ __typename: 'Article', slug: 'article-3' });
    expect(await resolved('/blog/?p=124', staff)).toEqual(redirect('/articles/secret'));
  });

  it('follows changes: a slug given away and taken back is no circle', async () => {
    const author = gateway.as({ name: 'Ad', role: 'ADMIN' });
    const { data } = await author.ask<{ article: { id: string; version: number } }>(
      '{ article(slug: "article-2") { id version } }',
    );
    const rename = async (slug: string, expectedVersion: number): Promise<void> => {
      const { errors } = await author.ask(
        `mutation ($input: UpdateArticleInput!) { updateArticle(input: $input) { __typename } }`,
        { input: { id: data.article.id, expectedVersion, slug } },
      );
      expect(errors).toBeUndefined();
    };
    const { version } = data.article;
    await rename('second', version);
    expect(await resolved('/articles/article-2')).toEqual(redirect('/articles/second'));
    await rename('article-2', version + 1);
    expect(await resolved('/articles/second')).toEqual(redirect('/articles/article-2'));
    expect(await resolved('/articles/article-2')).toEqual({ __typename: 'Article', slug: 'article-2' });
  });

  it('follows a topic into the one that it is merged into', async () => {
    await gateway.sql.query(`INSERT INTO topic (id, slug, name) VALUES (900, 'gone', 'Gone');
      INSERT INTO topic_address (path, topic_id) VALUES ('/tag/gone', 900), ('/?tag=gone', 900)`);
    const { errors } = await gateway
      .as({ name: 'Mo', role: 'MODERATOR' })
      .ask(`mutation ($input: MergeTopicsInput!) { mergeTopics(input: $input) { __typename } }`, {
        input: { from: encodeId('Topic', 900), into: encodeId('Topic', 1) },
      });
    expect(errors).toBeUndefined();
    for (const path of ['/tag/gone', '/?tag=gone', '/topics/gone'])
      expect(await resolved(path)).toEqual(redirect('/topics/topic-1', 'Topic'));
  });

  it('takes as many statements for 20 paths as for one, and a former address that is added by hand is found at once', async () => {
    const statements = async (count: number): Promise<number> => {
      const aliases = Array.from(
        { length: count },
        (_, i) => `a${i}: resolvePath(path: "/blog/?p=123&x=${i}") ${FIELDS}`,
      );
      return (await gateway.statementsDuring(() => gateway.ask(`{ ${aliases.join(' ')} }`))).length;
    };
    expect(await statements(20)).toBe(await statements(1));
    expect(await resolved('/by/hand')).toBeNull();
    await gateway.sql.query(`INSERT INTO article_address (path, article_id) VALUES ('/by/hand', 1)`);
    expect(await resolved('/by/hand')).toEqual(redirect('/articles/article-1'));
    await gateway.sql.query(`DELETE FROM article_address WHERE path = '/by/hand'`);
  });
});

describe('export --redirects', () => {
  async function rulesFor(server: string): Promise<string> {
    const path = join(folder, `rules of ${server}`);
    const { code, errors } = await runCommand(['export', '--redirects', server, path], {
      environment: { DATABASE_URL: gateway.databaseUrl, PUBLIC_URL: 'https://new.example/' },
    });
    expect({ code, errors }).toEqual({ code: 0, errors: expect.any(String) });
    const text = await readFile(path, 'utf8');
    await rm(path);
    return text;
  }

  it('writes a map for nginx whose entries stand once, and none hides a page', async () => {
    await gateway.sql.query(`
      INSERT INTO article_address (path, article_id) VALUES ('/Case', 1), ('/case', 2), ('/articles/article-2', 1), ('/quote"\\', 1)`);
    const text = await rulesFor('nginx');
    await gateway.sql.query(
      `DELETE FROM article_address WHERE path IN ('/Case', '/case', '/articles/article-2', '/quote"\\')`,
    );
    expect(text).toContain('  "/blog/2020/01/tea-time" /articles/tea-time;\n');
    expect(text).toContain('  "/blog/2020/01/東京" /articles/dong-jing;\n');
    expect(text).toContain('  "/quote\\"\\\\" /articles/article-1;\n');
    expect(text).toMatch(
      /map "\$broadsheet_uri\?\$arg_p" \$broadsheet_p \{\n {2}default \$broadsheet_path;[^}]*"\/blog\?123" \/articles\/tea-time;/,
    );
    expect(text).not.toContain('secret');
    expect(text).not.toContain('"/articles/article-2"');
    for (const [, map] of text.matchAll(/^map [^{]*\{([^}]*)\}/gm)) {
      const keys = [...map!.matchAll(/^ {2}"((?:[^"\\]|\\.)*)" /gm)].map(([, key]) => key!.toLowerCase());
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('writes _redirects for Netlify, parameters first', async () => {
    const lines = (await rulesFor('netlify')).trim().split('\n');
    expect(lines).toContain('/blog/ p=123 /articles/tea-time 301!');
    expect(lines).toContain('/blog/ page_id=123 /articles/tea-time 301!');
    expect(lines).toContain('/blog/2020/01/%E6%9D%B1%E4%BA%AC /articles/dong-jing 301');
    expect(lines).toContain('/blog/2020/01/%E6%9D%B1%E4%BA%AC.html /articles/dong-jing 301');
    expect(lines).toContain('/articles/was-one /articles/article-1 301');
    const first = lines.findIndex((line) => line.endsWith('301'));
    expect(lines.slice(first).some((line) => line.endsWith('!'))).toBe(false);
  });

  it('writes a list for Cloudflare, with whole addresses', async () => {
    const lines = (await rulesFor('cloudflare')).trim().split('\n');
    expect(lines).toContain('new.example/blog/2020/01/tea-time,https://new.example/articles/tea-time,301');
    expect(lines.join()).not.toContain('?');
    expect(new Set(lines.map((line) => line.split(',')[0])).size).toBe(lines.length);
  });

  it('refuses an unknown server, and Cloudflare without PUBLIC_URL, and leaves no file', async () => {
    const environment = { DATABASE_URL: gateway.databaseUrl };
    const path = join(folder, 'none');
    const unknown = await runCommand(['export', '--redirects', 'iis', path], { environment });
    expect([unknown.code, unknown.errors]).toEqual([1, expect.stringContaining('nginx, netlify, cloudflare')]);
    const homeless = await runCommand(['export', '--redirects', 'cloudflare', path], { environment });
    expect([homeless.code, homeless.errors]).toEqual([1, expect.stringContaining('PUBLIC_URL')]);
    expect(await readdir(folder)).toEqual([]);
  });
});
