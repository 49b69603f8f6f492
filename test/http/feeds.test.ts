import { SaxesParser } from 'saxes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { write } from '../seed.ts';
import { send } from './requests.ts';

const SITE = 'https://news.example/blog/';

let gateway: TestGateway;
let unnamed: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    async (sql) => {
      await write(sql, {
        authors: [
          { id: 1, name: 'Jo & "Co"' },
          { id: 2, kind: 'GUEST', name: '<b>Ann</b>' },
          { id: 3, name: 'Nobody' },
        ],
        topics: [
          { id: 1, name: 'Tea', parent: 3 },
          { id: 2, name: 'Secret plans' },
          { id: 3, name: 'Drinks' },
        ],
        articles: [
          { id: 1, title: 'First & <last>', topics: [1], formerSlugs: ['older'], at: 10 },
          { id: 2, at: 20 },
          { id: 3, status: 'DRAFT', at: null, topics: [2], title: 'Not yet' },
          { id: 4, status: 'SCHEDULED', title: 'Later' },
          { id: 5, status: 'ARCHIVED', title: 'Gone', at: 5 },
        ],
        comments: [
          { id: 1, article: 1, author: 2 },
          { id: 2, article: 1, author: 2, parent: 1, status: 'REMOVED' },
          { id: 3, article: 1, author: 2, parent: 2 },
          { id: 4, article: 1, author: 2, status: 'SPAM' },
          { id: 5, article: 1, author: 2, status: 'PENDING' },
          { id: 6, article: 1, author: 2, parent: 4 },
          { id: 7, article: 2, author: 2 },
          { id: 8, article: 5, author: 2 },
        ],
      });
      await sql.query(
        `UPDATE article SET body_html = '<p><a href="/x">\u0007]]></a> &amp; <img src="a.png" alt="" /></p>' WHERE id = 1`,
      );
    },
    { PUBLIC_URL: SITE },
  );
  unnamed = await startGateway();
});

afterAll(async () => {
  await gateway.stop();
  await unnamed.stop();
});

/** The texts of the elements of a name. @throws when it is not well-formed */
function textsOf(xml: string, wanted: string): string[] {
  const texts: string[] = [];
  let text = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', () => {
    text = '';
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.on('closetag', ({ name }) => {
    if (name === wanted) texts.push(text);
  });
  parser.write(xml).close();
  return texts;
}

const get = async (path: string) => (await send(gateway, path)).body.toString();

const titlesOf = async (path: string) =>
  (JSON.parse(await get(path)) as { items: { title: string }[] }).items.map(({ title }) => title);

describe('feeds', () => {
  it('have the public articles alone, newest first, of the site, of a topic and of an author', async () => {
    expect(await titlesOf('/feed.json')).toEqual(['Title 2', 'First & <last>']);
    expect(await titlesOf('/topics/topic-1/feed.json')).toEqual(['First & <last>']);
    // It is public for the sake of a topic below it.
    expect(await titlesOf('/topics/topic-3/feed.json')).toEqual([]);
    expect(await titlesOf('/authors/author-1/feed.json')).toEqual(['Title 2', 'First & <last>']);
    const xml = await get('/feed.xml');
    expect(textsOf(xml, 'title')).toEqual(['news.example', 'Title 2', 'First & <last>']);
    expect(textsOf(xml, 'name')).toEqual(['Jo & "Co"', 'Jo & "Co"']);
  });

  it('have absolute addresses, well-formed whatever texts contain', async () => {
    const content = textsOf(await get('/feed.xml'), 'content').at(-1);
    expect(content).toBe(
      '<p><a href="https://news.example/x">]]></a> &amp; <img src="https://news.example/blog/a.png" alt="" /></p>',
    );
    const feed = JSON.parse(await get('/topics/topic-1/feed.json'));
    expect(feed).toMatchObject({
      home_page_url: `${SITE}topics/topic-1`,
      feed_url: `${SITE}topics/topic-1/feed.json`,
      items: [{ id: 'tag:news.example,2000:article/1', url: `${SITE}articles/article-1`, tags: ['Tea'] }],
    });
  });

  it('have the comments that everybody can read, of an article and of the site', async () => {
    const ids = async (path: string) =>
      (JSON.parse(await get(path)) as { items: { id: string }[] }).items.map(({ id }) => Number(id.split('/').at(-1)));
    expect(await ids('/articles/article-1/comments/feed.json')).toEqual([3, 1]);
    expect(await ids('/articles/older/comments/feed.json')).toEqual([3, 1]);
    expect(await ids('/comments/feed.json')).toEqual([7, 3, 1]);
    expect(textsOf(await get('/comments/feed.xml'), 'title')[1]).toBe('<b>Ann</b> on Title 2');
  });

  it.each([
    '/topics/topic-2/feed.xml',
    '/topics/none/feed.xml',
    '/authors/author-3/feed.json',
    '/articles/article-3/comments/feed.xml',
    '/articles/article-5/comments/feed.xml',
    '/articles/%00/comments/feed.xml',
    '/articles/%ff/comments/feed.xml',
    '/sitemap-2.xml',
  ])('%s is not found', async (path) => {
    expect((await send(gateway, path)).status).toBe(404);
  });

  it('are sent again only when they have changed', async () => {
    const { status, headers } = await send(gateway, '/feed.xml');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'application/atom+xml; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': "default-src 'none'",
    });
    const since = { 'if-modified-since': headers['last-modified']! };
    const known = { 'if-none-match': headers.etag! };
    expect((await send(gateway, '/feed.xml', { headers: known })).status).toBe(304);
    expect((await send(gateway, '/feed.xml', { headers: since })).status).toBe(304);
    // A tag decides where both are sent.
    const other = { ...since, 'if-none-match': '"other"' };
    expect((await send(gateway, '/feed.xml', { headers: other })).status).toBe(200);
    await gateway.sql.query(`UPDATE article SET title = 'Changed' WHERE id = 2`);
    expect((await send(gateway, '/feed.xml', { headers: known })).status).toBe(200);
    await gateway.sql.query(`UPDATE article SET title = 'Title 2' WHERE id = 2`);
  });

  it.each(['newest', 'oldest'])(
    'are sent again after the %s comment is removed, to a client that names a time alone',
    async (which) => {
      const path = '/comments/feed.xml';
      let known = await send(gateway, path);
      // Not in a second in which it was another one.
      await until('it has a time', async () => {
        known = await send(gateway, path);
        return known.headers['last-modified'] !== undefined;
      });
      const since = { 'if-modified-since': known.headers['last-modified']! };
      expect((await send(gateway, path, { headers: since })).status).toBe(304);
      const shown = `(SELECT ${which === 'newest' ? 'max' : 'min'}(id) FROM comment WHERE visible AND status = 'VISIBLE' AND article_id IN (1, 2))`;
      const { rows } = await gateway.sql.query<{ id: number }>(
        `UPDATE comment SET visible = false WHERE id = ${shown} RETURNING id`,
      );
      const again = await send(gateway, path, { headers: since });
      expect(again.status).toBe(200);
      expect(again.body).not.toBe(known.body);
      await gateway.sql.query('UPDATE comment SET visible = true WHERE id = $1', [rows[0]!.id]);
    },
  );

  it('answer HEAD without a body and refuse other methods', async () => {
    const head = await send(gateway, '/feed.json', { method: 'HEAD' });
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect((await send(gateway, '/feed.json', { method: 'POST', body: '{}' })).status).toBe(405);
  });

  it('need the address of the site', async () => {
    const { status, body } = await send(unnamed, '/feed.xml');
    expect([status, body.toString()]).toEqual([404, 'There are no feeds: PUBLIC_URL is not configured.\n']);
  });
});

describe('/sitemap.xml', () => {
  it('has the addresses of public articles, topics and authors, with the last change of articles', async () => {
    const xml = await get('/sitemap.xml');
    expect(textsOf(xml, 'loc')).toEqual(
      ['articles/article-1', 'articles/article-2', 'topics/topic-1', 'topics/topic-3', 'authors/author-1'].map(
        (path) => SITE + path,
      ),
    );
    expect(textsOf(xml, 'lastmod')).toHaveLength(2);
    expect(await get('/sitemap-1.xml')).toBe(xml);
  });

  it('is read in batches, between which others are served, and has each page once', async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const long = await startGateway(
      (sql) => write(sql, { authors: [{ id: 1 }], articles: ids.map((id) => ({ id, at: 1 })) }),
      { PUBLIC_URL: SITE },
    );
    let xml = '';
    const statements = await long.statementsDuring(async () => {
      xml = String((await send(long, '/sitemap.xml')).body);
    });
    expect(textsOf(xml, 'loc')).toEqual([
      ...ids.map((id) => `${SITE}articles/article-${id}`),
      `${SITE}authors/author-1`,
    ]);
    expect(statements.filter((text) => text.includes('article a') && text.includes('LIMIT 500'))).toHaveLength(3);
    await long.stop();
  });

  it('of a site without pages is empty, and has no parts', async () => {
    const empty = await startGateway(undefined, { PUBLIC_URL: SITE });
    expect(textsOf(String((await send(empty, '/sitemap.xml')).body), 'loc')).toEqual([]);
    expect((await send(empty, '/sitemap-1.xml')).status).toBe(404);
    await empty.stop();
  });
});
