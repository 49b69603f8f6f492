import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { minute, write } from './seed.ts';

const ARTICLE = `id slug title excerpt status version publishedAt updatedAt readingMinutes commentPolicy body { markdown html }
  cover { url alt caption width height } author { name } topics { slug name articleCount }
  revisions { totalCount nodes { version title slug markdown editor { name } } }`;

interface ArticleData {
  id: string;
  slug: string;
  title: string;
  excerpt: string;
  status: string;
  version: number;
  publishedAt: string | null;
  updatedAt: string;
  commentPolicy: string;
  body: { markdown: string; html: string };
  cover: object | null;
  author: { name: string };
  topics: { slug: string; name: string; articleCount: number }[];
  revisions: {
    totalCount: number;
    nodes: { version: number; title: string; editor: { name: string } | null }[];
  } | null;
}

interface Result {
  __typename: string;
  article: ArticleData;
  code: string;
  message: string;
  path: string[];
}

let gateway: TestGateway;
let writer: Client;
let otherWriter: Client;
let moderator: Client;
let admin: Client;
let reader: Client;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      topics: [{ id: 1, name: 'Birds' }],
      articles: [
        { id: 1, topics: [1], formerSlugs: ['long-gone'] },
        { id: 2, status: 'DRAFT', at: null },
      ],
    }),
  );
  writer = gateway.as({ name: 'Wren', role: 'WRITER' });
  otherWriter = gateway.as({ name: 'Otto', role: 'WRITER' });
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  admin = gateway.as({ name: 'Ada', role: 'ADMIN' });
  reader = gateway.as({ name: 'Rea', role: 'READER' });
});

afterAll(() => gateway.stop());

type MutationName = 'createArticle' | 'updateArticle' | 'publishArticle' | 'unpublishArticle';

async function run(as: Client, name: MutationName, input: object): Promise<Result> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await as.ask<Record<string, Result>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on ArticleSuccess { article { ${ARTICLE} } }
      ... on Error { code message } ... on InvalidInputError { path } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[name]!;
}

let made = 0;

async function draft(input: object = {}, as = writer): Promise<ArticleData> {
  made += 1;
  const { __typename, article, message } = await run(as, 'createArticle', {
    title: `Draft number ${made}`,
    markdown: 'Some *words*.',
    ...input,
  });
  expect(__typename, message).toBe('ArticleSuccess');
  return article;
}

async function publish(id: string, as = writer, at?: string): Promise<ArticleData> {
  const { __typename, article, message } = await run(as, 'publishArticle', { id, ...(at && { at }) });
  expect(__typename, message).toBe('ArticleSuccess');
  return article;
}

async function found(as: Client, slug: string): Promise<string | null> {
  const { data } = await as.ask<{ article: { id: string } | null }>(
    'query ($slug: String!) { article(slug: $slug) { id } }',
    { slug },
  );
  return data.article?.id ?? null;
}

describe('createArticle', () => {
  it('writes a draft with all that it is given, rendered, with topics that are made when they are first named', async () => {
    const article = await draft({
      title: 'Über Vögel, 東京',
      markdown: '# Hello\n\n<script>alert(1)</script>\n\nSome *words*.',
      topics: ['birds', 'Night flight', 'Night Flight'],
      cover: { url: '/swift.jpg', alt: 'A swift', caption: 'High up', width: 640, height: 480 },
      commentPolicy: 'MODERATED',
    });
    expect(article).toMatchObject({
      title: 'Über Vögel, 東京',
      slug: expect.stringMatching(/^uber-vogel-[a-z-]+$/),
      status: 'DRAFT',
      version: 1,
      publishedAt: null,
      commentPolicy: 'MODERATED',
      cover: { url: '/swift.jpg', alt: 'A swift', caption: 'High up', width: 640, height: 480 },
      author: { name: 'Wren' },
      topics: [
        { slug: 'topic-1', name: 'Birds', articleCount: 1 },
        { slug: 'night-flight', name: 'Night flight', articleCount: 0 },
      ],
    });
    expect(article.body.html).toContain('<em>words</em>');
    expect(article.body.html).not.toContain('script');
    expect(article.excerpt).toContain('Some words.');
  });

  it('gives each of equal titles a slug of its own, also when they come at once', async () => {
    const articles = await Promise.all(
      Array.from({ length: 12 }, () => draft({ title: 'Twins', topics: ['Siblings'] })),
    );
    expect(articles.map(({ slug }) => slug).sort()).toEqual(
      ['twins', ...Array.from({ length: 11 }, (_, i) => `twins-${i + 2}`)].sort(),
    );
    expect(new Set(articles.map(({ topics }) => topics[0]?.slug))).toEqual(new Set(['siblings']));
  });

  it('gives topics whose names make the same slug different slugs', async () => {
    const { topics } = await draft({ topics: ['C', 'C++', 'C#', 'c'] });
    expect(topics.map(({ slug, name }) => [slug, name])).toEqual([
      ['c', 'C'],
      ['c-2', 'C++'],
      ['c-3', 'C#'],
    ]);
  });

  it('finds a topic by its slug in any case, but takes no name with other symbols for its slug', async () => {
    const { topics } = await draft({ topics: ['F#', 'Web & design', 'night watch'] });
    expect(topics.map(({ slug }) => slug)).toEqual(['f', 'web-design', 'night-watch']);
    const other = await draft({ topics: ['F', 'f', 'web-design', 'Night-Watch'] });
    expect(other.topics.map(({ name }) => name)).toEqual(['F', 'F#', 'Web & design', 'night watch']);
  });

  it('refuses a slug that leads elsewhere, now or from before, and avoids it when it makes one itself', async () => {
    for (const slug of ['article-1', 'article-2', 'long-gone'])
      expect(await run(writer, 'createArticle', { title: 'T', markdown: 'm', slug }), slug).toMatchObject({
        __typename: 'ConflictError',
        message: expect.stringContaining(slug),
      });
    expect((await draft({ title: 'Long gone' })).slug).toBe('long-gone-2');
  });

  it('takes an article of the longest kind', async () => {
    const markdown = `${'Some "words" – and more.\n\n'.repeat(17_800)}End`;
    expect(Buffer.byteLength(markdown)).toBeGreaterThan(490_000);
    expect((await draft({ markdown })).body.markdown).toBe(markdown);
  });

  it('names the field that breaks its rule, and leaves nothing behind', async () => {
    const count = async () => (await gateway.sql.query('SELECT count(*)::int AS n FROM article')).rows[0].n;
    const before = await count();
    expect(
      await run(writer, 'createArticle', { title: 'T', markdown: 'm', cover: { url: 'javascript:1', alt: 'a' } }),
    ).toMatchObject({ __typename: 'InvalidInputError', code: 'INVALID_INPUT', path: ['input', 'cover', 'url'] });
    expect(await count()).toBe(before);
  });
});

describe('updateArticle', () => {
  it('changes what is said, leaves the rest, and keeps what was there as a revision', async () => {
    const before = await draft({ excerpt: 'By hand', topics: ['Birds'], cover: { url: '/a.jpg', alt: 'A' } });
    const { article } = await run(moderator, 'updateArticle', { id: before.id, expectedVersion: 1, title: 'Renamed' });
    expect(article).toMatchObject({
      ...before,
      title: 'Renamed',
      version: 2,
      updatedAt: article.updatedAt,
      revisions: {},
    });
    expect(Date.parse(article.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
    expect(article.revisions).toMatchObject({
      totalCount: 2,
      nodes: [
        { version: 2, title: 'Renamed', markdown: 'Some *words*.', editor: { name: 'Mo' } },
        { version: 1, title: before.title, editor: { name: 'Wren' } },
      ],
    });
  });

  it('removes a cover and topics that are set to null or empty', async () => {
    const { id } = await draft({ topics: ['Birds', 'Towers'], cover: { url: '/a.jpg', alt: 'A' } });
    const { article } = await run(writer, 'updateArticle', { id, expectedVersion: 1, cover: null, topics: [] });
    expect(article).toMatchObject({ cover: null, topics: [] });
  });

  it('lets an excerpt that was made of the text follow it, and one written by hand stay', async () => {
    const own = await draft();
    const byHand = await draft({ excerpt: 'By hand' });
    const markdown = 'Other words.';
    const save = (id: string, input: object) => run(writer, 'updateArticle', { id, expectedVersion: 1, ...input });
    expect((await save(own.id, { markdown })).article.excerpt).toBe('Other words.');
    expect((await save(byHand.id, { markdown })).article.excerpt).toBe('By hand');
    const again = await run(writer, 'updateArticle', { id: byHand.id, expectedVersion: 2, excerpt: '' });
    expect(again.article.excerpt).toBe('Other words.');
  });

  it('lets one of two editors of the same version save, and returns the current version to the other', async () => {
    const { id } = await draft();
    const results = await Promise.all(
      ['A', 'B', 'C', 'D'].map((title) => run(writer, 'updateArticle', { id, expectedVersion: 1, title })),
    );
    expect(results.filter(({ __typename }) => __typename === 'ArticleSuccess')).toHaveLength(1);
    const refused = results.filter(({ __typename }) => __typename === 'ConflictError');
    expect(refused).toHaveLength(3);
    for (const { message } of refused) expect(message).toContain('version 2, not 1');
  });

  it('keeps former slugs finding the article, and lets it take one back', async () => {
    const { id } = await draft({ slug: 'first-name' });
    await publish(id);
    const rename = async (slug: string, expectedVersion: number, as = writer) =>
      run(as, 'updateArticle', { id, expectedVersion, slug });
    expect((await rename('second-name', 1)).article.slug).toBe('second-name');
    expect((await rename('third-name', 2)).article.slug).toBe('third-name');
    for (const slug of ['first-name', 'second-name', 'third-name']) expect(await found(gateway, slug), slug).toBe(id);
    const taking = await run(otherWriter, 'createArticle', { title: 'T', markdown: 'm', slug: 'first-name' });
    expect(taking.__typename).toBe('ConflictError');
    expect((await rename('first-name', 3)).article.slug).toBe('first-name');
    for (const slug of ['first-name', 'second-name', 'third-name']) expect(await found(gateway, slug), slug).toBe(id);
    const former = await gateway.sql.query("SELECT slug FROM former_slug WHERE slug LIKE '%-name' ORDER BY slug");
    expect(former.rows).toEqual([{ slug: 'second-name' }, { slug: 'third-name' }]);
  });

  it('keeps what an imported article said, by whom is not known', async () => {
    const id = encodeId('Article', 2);
    const { article } = await run(admin, 'updateArticle', { id, expectedVersion: 1, markdown: 'New' });
    expect(article.revisions).toMatchObject({
      nodes: [
        { version: 2, markdown: 'New', editor: { name: 'Ada' } },
        { version: 1, markdown: 'Text 2', editor: null },
      ],
    });
  });
});

describe('publishArticle and unpublishArticle', () => {
  const public_ = `query ($slug: String!, $words: String!) { article(slug: $slug) { slug } topic(slug: "owls") { articleCount articles { totalCount nodes { slug } } }
    author(slug: "wren") { articleCount } search(query: $words) { totalCount } }`;

  it('bring an article with its search, topics and counts to readers, and away from them, and back', async () => {
    const { id, slug } = await draft({ title: 'Quokkas', topics: ['Owls'] });
    const seen = async () =>
      (
        await gateway.ask<{ topic: object; author: { articleCount: number } | null }>(public_, {
          slug,
          words: 'quokkas',
        })
      ).data;
    const none = { article: null, topic: null, search: { totalCount: 0 } };
    const before = await seen();
    expect(before).toMatchObject(none);
    const count = before.author?.articleCount ?? 0;

    expect(await publish(id)).toMatchObject({ status: 'PUBLISHED', publishedAt: expect.any(String), version: 1 });
    const shown = {
      article: { slug },
      topic: { articleCount: 1, articles: { totalCount: 1, nodes: [{ slug }] } },
      author: { articleCount: count + 1 },
      search: { totalCount: 1 },
    };
    expect(await seen()).toEqual(shown);
    const { article } = await run(writer, 'unpublishArticle', { id });
    expect(article).toMatchObject({ status: 'ARCHIVED', publishedAt: expect.any(String) });
    expect(await seen()).toMatchObject(none);
    await run(writer, 'updateArticle', { id, expectedVersion: 1, topics: ['Birds', 'Owls'] });
    expect(await seen()).toMatchObject(none);
    await publish(id);
    expect(await seen()).toEqual(shown);
    await run(writer, 'updateArticle', { id, expectedVersion: 2, topics: ['Birds'] });
    expect(await seen()).toMatchObject({ ...none, article: { slug }, search: { totalCount: 1 } });
  });

  it('publish under a past date, schedule for one to come, and make a draft of what was scheduled', async () => {
    const { id, slug } = await draft();
    const future = '2199-01-01T00:00:00.000Z';
    expect(await publish(id, writer, future)).toMatchObject({ status: 'SCHEDULED', publishedAt: future });
    expect(await found(gateway, slug)).toBeNull();
    expect((await run(writer, 'unpublishArticle', { id })).article).toMatchObject({
      status: 'DRAFT',
      publishedAt: null,
    });
    const past = '2020-02-03T04:05:06.000Z';
    expect(await publish(id, writer, past)).toMatchObject({ status: 'PUBLISHED', publishedAt: past });
    expect(await publish(id)).toMatchObject({ status: 'PUBLISHED', publishedAt: past });
    expect(await run(writer, 'publishArticle', { id, at: future })).toMatchObject({ __typename: 'ConflictError' });
    expect(await found(gateway, slug)).toBe(id);
  });

  it('change nothing the second time', async () => {
    const { id } = await draft();
    const first = await publish(id);
    expect(await publish(id)).toEqual(first);
    const { article } = await run(writer, 'unpublishArticle', { id });
    expect((await run(writer, 'unpublishArticle', { id })).article).toEqual(article);
  });
});

describe('who may', () => {
  const inputs = (id: string): [MutationName, object][] => [
    ['updateArticle', { id, expectedVersion: 1, title: 'Taken' }],
    ['updateArticle', { id, expectedVersion: 99, title: '' }],
    ['publishArticle', { id }],
    ['unpublishArticle', { id }],
  ];

  it('write: writers their own, moderators and admins all, others nothing', async () => {
    for (const as of [gateway, reader])
      expect(await run(as, 'createArticle', { title: 'T', markdown: 'm' })).toMatchObject({ code: 'FORBIDDEN' });
    for (const as of [moderator, admin]) {
      const { id } = await draft();
      expect((await run(as, 'updateArticle', { id, expectedVersion: 1, title: 'Mended' })).article.author.name).toBe(
        'Wren',
      );
      await publish(id, as);
      expect((await run(as, 'unpublishArticle', { id })).article.status).toBe('ARCHIVED');
    }
    const { id } = await draft();
    await publish(id);
    for (const [name, input] of inputs(id))
      if (!('title' in input && input.title === ''))
        expect(await run(otherWriter, name, input), name).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('not know of an article gets the answer that one which does not exist gets, to the byte', async () => {
    const { id } = await draft();
    await run(writer, 'publishArticle', { id, at: '2199-01-01T00:00:00Z' });
    const missing = encodeId('Article', 1_000_000);
    for (const as of [gateway, reader, otherWriter])
      for (const [i, [name, input]] of inputs(id).entries()) {
        const nothing = JSON.stringify(await run(as, name, inputs(missing)[i]![1]));
        expect(JSON.stringify(await run(as, name, input)), name).toBe(nothing);
      }
    expect(await run(otherWriter, 'publishArticle', { id })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('see what is not published: its writer, moderators and admins, by slug, id and status', async () => {
    const { id, slug } = await draft({ title: 'Hidden away' });
    const query = `query ($slug: String!, $id: ID!) { article(slug: $slug) { id } node(id: $id) { id }
      articles(first: 100, where: {status: DRAFT}) { totalCount nodes { id status } } }`;
    const look = async (as: Client) => {
      const { data } = await as.ask<{
        article: object | null;
        node: object | null;
        articles: { totalCount: number; nodes: { id: string; status: string }[] };
      }>(query, { slug, id });
      expect(data.articles.totalCount).toBe(data.articles.nodes.length);
      for (const { status } of data.articles.nodes) expect(status).toBe('DRAFT');
      return [data.article !== null, data.node !== null, data.articles.nodes.some((node) => node.id === id)];
    };
    for (const as of [writer, moderator, admin]) expect(await look(as)).toEqual([true, true, true]);
    for (const as of [otherWriter, reader, gateway]) expect(await look(as)).toEqual([false, false, false]);
  });

  it('read revisions: who may edit', async () => {
    const { id } = await draft();
    const { slug } = await publish(id);
    const query = 'query ($slug: String!) { article(slug: $slug) { revisions { totalCount } } }';
    for (const as of [writer, moderator, admin])
      expect((await as.ask(query, { slug })).data).toEqual({ article: { revisions: { totalCount: 1 } } });
    for (const as of [otherWriter, reader, gateway])
      expect((await as.ask(query, { slug })).data).toEqual({ article: { revisions: null } });
  });
});

describe('lists of what is not published', () => {
  it('are paged in order of their date, or of their making where they have none', async () => {
    await gateway.sql.query(`
      INSERT INTO author (id, slug, name, kind) VALUES (500, 'lister', 'Lister', 'STAFF');
      INSERT INTO article (slug, title, excerpt, body_source, body_html, body_text, status, published_at, created_at, author_id)
      SELECT 'archived-' || n, 'T', '', '', '', '', 'ARCHIVED',
        CASE WHEN n % 2 = 0 THEN timestamptz '2026-01-01Z' + make_interval(mins => n) END,
        timestamptz '2026-01-01Z' + make_interval(mins => n), 500
      FROM generate_series(1, 9) n`);
    const query = `query ($after: String) { articles(first: 4, after: $after, where: {status: ARCHIVED, author: "lister"}) {
      nodes { slug publishedAt } pageInfo { hasNextPage endCursor } } }`;
    interface Page {
      articles: {
        nodes: { slug: string; publishedAt: string | null }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    }
    const nodes: Page['articles']['nodes'] = [];
    let after: string | null = null;
    do {
      const page: { data: Page } = await moderator.ask<Page>(query, { after });
      nodes.push(...page.data.articles.nodes);
      after = page.data.articles.pageInfo.hasNextPage ? page.data.articles.pageInfo.endCursor : null;
    } while (after);
    expect(nodes).toEqual(
      [9, 8, 7, 6, 5, 4, 3, 2, 1].map((n) => ({ slug: `archived-${n}`, publishedAt: n % 2 ? null : minute(n) })),
    );
  });

  it('take as many statements for one row as for many, revisions and their editors included', async () => {
    const query = (n: number) =>
      `{ articles(first: ${n}, where: {status: DRAFT}) { nodes { title author { name } topics { name } revisions { totalCount nodes { markdown editor { name } } } } } }`;
    const few = await moderator.ask<{ articles: { nodes: object[] } }>(query(2));
    const many = await moderator.ask<{ articles: { nodes: object[] } }>(query(15));
    expect(many.errors).toBeUndefined();
    expect([few.data.articles.nodes.length, many.data.articles.nodes.length]).toEqual([2, 15]);
    expect(many.statements).toHaveLength(few.statements.length);
    expect(few.statements.length).toBeLessThanOrEqual(5);
  });
});
