import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangeTracker, ResponseCache } from '../src/response-cache/index.ts';
import { codedBody, codingsOf } from '../src/transport/http/coded-body.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }, { id: 2 }],
        topics: [{ id: 1 }],
        articles: [{ id: 1, author: 1, topics: [1] }, { id: 2 }, { id: 3 }],
        comments: [{ id: 1, article: 1, author: 2 }],
      }),
    { CACHE_SIZE: '1000000', CACHE_TAG_HEADER: 'Cache-Tag' },
  );
});

afterAll(() => gateway.stop());

const PAGE =
  '{ article(slug: "article-1") { title commentCount author { name } comments { nodes { body { text } } } } }';

const get = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${gateway.url}?${new URLSearchParams({ query })}`, { headers });

describe('a response that is the same for all readers', () => {
  it('is executed once, and afterwards costs one statement at most, which all that wait share', async () => {
    await gateway.ask(PAGE);
    const statements = await gateway.statementsDuring(() =>
      Promise.all(Array.from({ length: 20 }, () => gateway.ask(PAGE))),
    );
    expect(statements.length).toBeLessThanOrEqual(20);
    expect(new Set(statements).size).toBe(1);
    expect(statements[0]).toContain('content_change');
  });

  it.each([
    ["an article's title", "UPDATE article SET title = 'New' WHERE id = 1"],
    ['a comment', "UPDATE comment SET body_text = 'New' WHERE id = 1"],
    ["an author's name", "UPDATE author SET name = 'New' WHERE id = 1"],
    ['a counter', 'UPDATE article SET comment_count = 7 WHERE id = 1'],
  ])('is made anew after %s was changed by hand', async (_, change) => {
    const { data: before } = await gateway.ask(PAGE);
    expect((await gateway.ask(PAGE)).data).toEqual(before);
    await gateway.sql.query(change);
    expect((await gateway.ask(PAGE)).data).not.toEqual(before);
  });

  it.each([
    [
      'an address that led to nothing, when somebody new takes it',
      '{ resolvePath(path: "/authors/new") { __typename } }',
      "INSERT INTO author (slug, name, kind) VALUES ('new', 'New', 'STAFF')",
    ],
    [
      'a search for a mistyped word, when the words of texts change',
      '{ search(query: "titel") { totalCount } }',
      'DELETE FROM search_word',
    ],
  ])('is made anew: %s', async (_, query, change) => {
    const { data: before } = await gateway.ask(query);
    expect((await gateway.ask(query)).data).toEqual(before);
    await gateway.sql.query(change);
    expect((await gateway.ask(query)).data).not.toEqual(before);
  });

  describe('by its variables', () => {
    const QUERY = 'query ($n: Int) { articles(first: $n) { nodes { id } } }';
    const ask = async (n: string): Promise<unknown> => {
      const body = `{ "query": ${JSON.stringify(QUERY)}, "variables": { "n": ${n} } }`;
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(gateway.url, { method: 'POST', headers, body });
      return { status: response.status, ...((await response.json()) as object) };
    };

    it('is not sent for one that is refused and would be written like another', async () => {
      expect(await ask('null')).toHaveProperty('data');
      expect(await ask('1e400')).toHaveProperty('errors');
    });

    it('is not looked for when they are nested too deeply to be written', async () => {
      const refused = { status: 200, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] };
      expect(await ask(`${'['.repeat(20_000)}null${']'.repeat(20_000)}`)).toMatchObject(refused);
    });
  });

  it.each([
    ['a search', '{ search(query: "title") { totalCount } }', 'content,search,any'],
    ['an order by comments', '{ articles(first: 0, orderBy: MOST_DISCUSSED) { totalCount } }', 'content,any'],
    ['an author', '{ author(slug: "author-2") { name } }', 'content,people'],
    ['something that is not found', '{ article(slug: "none") { id } }', 'content,any'],
  ])('has the tags of what %s depends on', async (_, query, tags) => {
    expect((await get(query)).headers.get('cache-tag')).toBe(tags);
  });

  it('has a tag by which clients ask for it, and is not sent when they have it', async () => {
    const first = await get(PAGE);
    const etag = first.headers.get('etag')!;
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect(first.headers.get('cache-tag')).toBe('content,article-1');
    const second = await get(PAGE, { 'if-none-match': etag });
    expect(second.status).toBe(304);
    await gateway.sql.query("UPDATE article SET title = 'Newer' WHERE id = 1");
    expect((await get(PAGE, { 'if-none-match': etag })).status).toBe(200);
  });
});

describe('a kept body', () => {
  it('keeps no more in memory than its length, in each coding', async () => {
    const unchanged = { age: 0, position: 0, catchUp: async () => {}, hasChangedSince: () => false };
    const cache = new ResponseCache({
      tracker: unchanged as unknown as ChangeTracker,
      maxSize: 1_000_000,
      staleOnError: 0,
    });
    // A short one is a part of a larger buffer, which Node shares out.
    const body = Buffer.from(JSON.stringify({ data: 'word '.repeat(300) }));
    expect(body.buffer.byteLength).toBeGreaterThan(body.length);
    const entry = await cache.make('key', async () => ({ body, cost: 1 }));
    if (typeof entry === 'string') throw new Error(entry);
    const codings = codingsOf(body);
    expect(codings).toEqual(expect.arrayContaining(['br', 'gzip']));
    for (const coding of ['identity', ...codings] as const) {
      const made = await codedBody(cache, { key: 'key', entry, coding });
      expect([coding, made.buffer.byteLength]).toEqual([coding, made.length]);
      expect(await codedBody(cache, { key: 'key', entry, coding })).toBe(made);
    }
  });
});
