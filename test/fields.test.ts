import { type GraphQLCompositeType, getNamedType, isCompositeType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeEventCursor } from '../schema/content/event-cursor.ts';
import { encodeId } from '../schema/content/ids.ts';
import { schema } from '../schema/index.ts';
import { isSoak } from './chaos/size.ts';
import { ARGUMENTS, ARTICLE, AUTHOR, COMMENT, everything, fieldsOf, type Json, TOPIC } from './full-documents.ts';
import { NO_COST_LIMIT, startGateway, type TestGateway } from './gateway.ts';
import { Documents } from './random-documents.ts';
import { random, write } from './seed.ts';

/** One field in so many is asked for alone on a route, another one on the next; all of them in a soak. */
const SHARE = 5;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(async (sql) => {
    await write(sql, {
      authors: [
        { id: 1, bio: 'Some *lines*' },
        { id: 2, bio: 'Others' },
        { id: 3, kind: 'GUEST' },
      ],
      topics: [
        { id: 1, description: 'All' },
        { id: 2, parent: 1 },
        { id: 3, parent: 2 },
      ],
      articles: [
        { id: 1, author: 2, topics: [2, 1], cover: true, formerSlugs: ['once-article-1'] },
        { id: 2, topics: [1, 2] },
        { id: 3, topics: [2, 3], cover: true },
      ],
      comments: [
        { id: 1, article: 1, author: 3, reactions: [1, 0, 2, 0, 0] },
        { id: 2, article: 1, author: 2, parent: 1, reactions: [0, 3, 0, 0, 0] },
        { id: 3, article: 1, author: 1, parent: 2 },
        { id: 4, article: 1, author: 1, parent: 1, status: 'REMOVED' },
        { id: 5, article: 1, author: 3, parent: 4 },
        { id: 6, article: 2, author: 2 },
      ],
    });
    await sql.query(`
      INSERT INTO comment_event (article_id, sequence, kind, comment_id, at)
      VALUES (1, 1, 'ADDED', 1, '2026-01-02Z'), (1, 2, 'ADDED', 2, '2026-01-02Z'), (1, 3, 'CHANGED', 2, '2026-01-02Z'), (1, 4, 'REMOVED', 4, '2026-01-02Z');
      UPDATE comment SET edited_at = '2026-01-03Z' WHERE id = 2;
      UPDATE article SET event_epoch = 5, event_sequence = CASE id WHEN 1 THEN 4 ELSE 0 END`);
  }, NO_COST_LIMIT);
});

afterAll(() => gateway.stop());

/** The response as it is transferred. */
async function bytes(payload: { query: string; variables?: object; operationName?: string }): Promise<string> {
  return (await gateway.post(payload)).body;
}

async function ask(query: string): Promise<Json> {
  const { data, errors } = await gateway.ask<{ [key: string]: Json }>(query);
  expect(errors, query.slice(0, 2000)).toBeUndefined();
  return data;
}

/** The first object that has this under `mark`, wherever it is in a response. */
function marked(value: Json, id: string): { [key: string]: Json } | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (!Array.isArray(value) && value.mark === id) return value;
  for (const item of Object.values(value)) {
    const found = marked(item, id);
    if (found) return found;
  }
  return undefined;
}

const events = `events${ARGUMENTS['Article.events']}`;

// Each leads to the same object; `*` is replaced by the fields that a test selects.
const ROUTES: Record<string, [id: string, routes: string[]]> = {
  Article: [
    ARTICLE,
    [
      `node(id: "${ARTICLE}") { * }`,
      `nodes(ids: ["${ARTICLE}"]) { * }`,
      'article(slug: "article-1") { * }',
      'article(slug: "once-article-1") { * }',
      'articles { nodes { * } }',
      'articles { edges { node { * } } }',
      'articles(where: {topic: "topic-1"}) { nodes { * } }',
      'articles(where: {author: "author-2"}, orderBy: MOST_DISCUSSED) { nodes { * } }',
      'author(slug: "author-2") { articles { nodes { * } } }',
      'author(slug: "author-2") { articles { edges { node { * } } } }',
      'authors { nodes { articles { nodes { * } } } }',
      'topic(slug: "topic-1") { articles { nodes { * } } }',
      'topics { edges { node { articles { edges { node { * } } } } } }',
      'article(slug: "article-2") { related { * } }',
      'search(query: "title") { nodes { * } }',
      'search(query: "title") { edges { node { * } } }',
      `comment(id: "${COMMENT}") { article { * } }`,
      `comment(id: "${COMMENT}") { parent { article { * } } }`,
      `node(id: "${COMMENT}") { ... on Comment { article { * } } }`,
      'article(slug: "article-1") { comments { nodes { replies { nodes { article { * } } } } } }',
      'article(slug: "article-1") { thread { rows { comment { article { * } } } } }',
      `article(slug: "article-1") { ${events} { events { ... on CommentAdded { comment { article { * } } } } } }`,
    ],
  ],
  Author: [
    AUTHOR,
    [
      `node(id: "${AUTHOR}") { * }`,
      `nodes(ids: ["${AUTHOR}"]) { * }`,
      'author(slug: "author-2") { * }',
      'authors { nodes { * } }',
      'authors { edges { node { * } } }',
      'search(query: "author") { nodes { * } }',
      'search(query: "author") { edges { node { * } } }',
      'article(slug: "article-1") { author { * } }',
      'articles { nodes { author { * } } }',
      `node(id: "${ARTICLE}") { ... on Article { author { * } } }`,
      'search(query: "title") { nodes { ... on Article { author { * } } } }',
      'article(slug: "article-2") { related { author { * } } }',
      'topics { nodes { articles { nodes { author { * } } } } }',
      `comment(id: "${COMMENT}") { author { * } }`,
      `comment(id: "${COMMENT}") { article { author { * } } }`,
      `comment(id: "${encodeId('Comment', 3)}") { parent { author { * } } }`,
      'article(slug: "article-2") { comments { nodes { author { * } } } }',
      'article(slug: "article-1") { comments { edges { node { replies { edges { node { author { * } } } } } } } }',
      'article(slug: "article-1") { thread { rows { comment { author { * } } } } }',
      `article(slug: "article-1") { ${events} { events { ... on CommentChanged { comment { author { * } } } } } }`,
    ],
  ],
  Topic: [
    TOPIC,
    [
      `node(id: "${TOPIC}") { * }`,
      `nodes(ids: ["${TOPIC}"]) { * }`,
      'topic(slug: "topic-2") { * }',
      'topics { nodes { * } }',
      'topics { edges { node { * } } }',
      'topic(slug: "topic-3") { parent { * } }',
      'topic(slug: "topic-1") { children { * } }',
      'search(query: "topic") { nodes { * } }',
      'article(slug: "article-1") { topics { * } }',
      'articles { nodes { topics { * } } }',
      'article(slug: "article-2") { related { topics { * } } }',
      'author(slug: "author-2") { articles { nodes { topics { * } } } }',
      `comment(id: "${COMMENT}") { article { topics { * } } }`,
    ],
  ],
  Comment: [
    COMMENT,
    [
      `node(id: "${COMMENT}") { * }`,
      `nodes(ids: ["${COMMENT}"]) { * }`,
      `comment(id: "${COMMENT}") { * }`,
      `comment(id: "${encodeId('Comment', 1)}") { replies { nodes { * } } }`,
      'article(slug: "article-1") { comments { nodes { replies { nodes { * } } } } }',
      'article(slug: "article-1") { comments(orderBy: TOP) { edges { node { replies(last: 5, orderBy: TOP) { edges { node { * } } } } } } }',
      `comment(id: "${encodeId('Comment', 3)}") { parent { * } }`,
      'article(slug: "article-1") { thread { rows { comment { * } } } }',
      `article(slug: "article-1") { thread(under: "${encodeId('Comment', 1)}") { rows { comment { * } } } }`,
      `article(slug: "article-1") { thread(around: "${COMMENT}", first: 1) { rows { comment { * } } } }`,
      `article(slug: "article-1") { ${events} { events { ... on CommentAdded { comment { * } } } } }`,
      `article(slug: "article-1") { ${events} { events { ... on CommentChanged { comment { * } } } } }`,
    ],
  ],
};

describe.each(Object.entries(ROUTES))('every field of %s', (name, [id, routes]) => {
  const type = schema.getType(name) as GraphQLCompositeType;

  it('has the same value on every route that leads to it', async () => {
    const all = everything(type, 2);
    const [canonical, ...others] = routes.map(
      (route) => `{ ${route.replace('*', `... on ${name} { mark: id } ${all.spread}`)} } ${all.fragments}`,
    );
    const expected = marked(await ask(canonical!), id)!;
    for (const { field } of fieldsOf(type)) expect(expected).toHaveProperty(`${name}_${field.name}`);
    for (const [i, query] of others.entries()) expect(marked(await ask(query), id), routes[i + 1]).toEqual(expected);
  });

  it('resolves when the same fragment selects less in another operation of the document', async () => {
    const all = everything(type, 1);
    const expected = marked(
      await ask(`{ ${routes[0]!.replace('*', `... on ${name} { mark: id } ${all.spread}`)} } ${all.fragments}`),
      id,
    )!;
    for (const route of routes) {
      const query = `query Less { ...F } query More { ...F ${route.replace('*', all.spread)} }
        fragment F on Query { ${route.replace('*', `... on ${name} { mark: id }`)} } ${all.fragments}`;
      for (const operationName of ['Less', 'More', 'Less', 'More', 'Less', 'More']) {
        const { data } = JSON.parse(await bytes({ query, operationName })) as { data: Json };
        expect(marked(data, id), route).toEqual(operationName === 'Less' ? { mark: id } : expected);
      }
    }
  });

  it('has the same value alone and among other fields, on routes of all kinds', async () => {
    const all = everything(type, 2);
    const expected = marked(
      await ask(`{ ${routes[0]!.replace('*', `... on ${name} { mark: id } ${all.spread}`)} } ${all.fragments}`),
      id,
    )!;
    for (const [r, route] of routes.entries()) {
      // The one field under its own alias of the route, and beside it the same route without it.
      const fields = fieldsOf(type).filter((_, f) => isSoak || (r + f) % SHARE === 0);
      const documents = fields.map(({ field, args }) => {
        const below = getNamedType(field.type);
        const key = `${name}_${field.name}`;
        const one = isCompositeType(below) ? everything(below, 1) : null;
        return {
          key,
          query: `{ a: ${route.replace('*', `... on ${name} { mark: id ${key}: ${field.name}${args} ${one ? `{ ${one.spread} }` : ''} }`)}
            b: ${route.replace('*', '__typename')} } ${one?.fragments ?? ''}`,
        };
      });
      for (const { key, query } of documents)
        expect(marked(await ask(query), id), `${route} ${key}`).toEqual({ mark: id, [key]: expected[key]! });
    }
  });
});

describe('a result', () => {
  it('does not depend on the other fields, fragments, aliases and directives of the document', async () => {
    const DEPTH = 4;
    const all = everything(schema.getQueryType()!, DEPTH);
    const full = (await ask(`{ ${all.spread} } ${all.fragments}`)) as { [key: string]: Json };
    const next = random(11);
    let asked = 0;
    for (let i = 0; i < 40; i++) {
      const { text, of } = new Documents(next).document(DEPTH);
      // Longer ones are refused for their length.
      if (text.length > 12_000) continue;
      const expected = of(full);
      // What is asked often may be executed in another way.
      const first = await bytes({ query: text });
      expect(JSON.parse(first), text).toEqual({ data: expected });
      for (let again = 0; again < 3; again++) expect(await bytes({ query: text }), text).toBe(first);
      asked += Object.keys(expected).length;
    }
    expect(asked).toBeGreaterThan(40);
  });
});

describe('the result of a compiled operation', () => {
  const article = (rest: string) => `article(slug: "article-1") { ${rest} }`;
  const often: [what: string, asked: { query: string; variables?: object; operationName?: string }][] = [
    ['an error in a list', { query: `{ articles { nodes { slug comments(first: 101) { totalCount } } } }` }],
    [
      'errors beside data',
      { query: `{ __typename a: node(id: "x") { id } b: nodes(ids: ["x"]) { id } viewer { role } }` },
    ],
    [
      'an error that takes all',
      { query: `{ __typename ${article('title thread(around: "x") { rows { cursor } }')} }` },
    ],
    ['an error for moderators', { query: '{ __typename moderationQueue { totalCount } }' }],
    [
      'variables with defaults',
      {
        query: `query ($n: Int = 1, $order: CommentOrder = TOP) { ${article('comments(first: $n, orderBy: $order) { nodes { id } }')} }`,
      },
    ],
    [
      'variables that are null',
      {
        query: `query ($n: Int, $where: ArticleFilter) { articles(first: $n, where: $where) { nodes { slug } } }`,
        variables: { n: null, where: null },
      },
    ],
    [
      'variables that are left out',
      { query: `query ($n: Int, $where: ArticleFilter) { articles(first: $n, where: $where) { nodes { slug } } }` },
    ],
    [
      'parts of an input',
      {
        query: `query ($topic: String, $at: DateTime) { articles(where: {topic: $topic, publishedAfter: $at}) { nodes { slug publishedAt } } }`,
        variables: { at: '2026-01-01T01:01:00+01:00' },
      },
    ],
    [
      'an input as a variable',
      {
        query: `query ($where: ArticleFilter) { articles(where: $where) { nodes { slug status } } }`,
        variables: { where: { status: 'PUBLISHED', author: 'author-1', publishedBefore: '2026-01-02T00:00:00Z' } },
      },
    ],
    [
      'one id where a list is asked for',
      { query: `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`, variables: { ids: ARTICLE } },
    ],
    ['a number for an id', { query: `query ($id: ID!) { node(id: $id) { id } }`, variables: { id: 5 } }],
    [
      'a variable of another type',
      { query: `query ($n: Int) { articles(first: $n) { totalCount } }`, variables: { n: '1' } },
    ],
    ['a variable that is missing', { query: `query ($id: ID!) { node(id: $id) { id } }` }],
    [
      'an unknown field of an input',
      {
        query: `query ($where: ArticleFilter) { articles(where: $where) { totalCount } }`,
        variables: { where: { nothing: 1 } },
      },
    ],
    [
      'an enum that is none',
      {
        query: `query ($order: ArticleOrder) { articles(orderBy: $order) { totalCount } }`,
        variables: { order: 'UP' },
      },
    ],
    [
      'conditions by variables',
      {
        query: `query ($yes: Boolean!, $no: Boolean! = false) { ${article('title @include(if: $yes) slug @include(if: $no) author @skip(if: $no) { name @skip(if: $yes) kind } ... @include(if: $no) { excerpt } ...F @skip(if: $yes) version @include(if: $yes) @skip(if: $yes)')} } fragment F on Article { id }`,
        variables: { yes: true },
      },
    ],
    [
      'one key asked for in parts',
      {
        query: `{ ${article('author { name } ...F comments { nodes { id } } comments { totalCount nodes { depth } } author { kind }')} } fragment F on Article { author { slug bio { html } } comments { nodes { author { name } } } }`,
      },
    ],
    [
      'one key in another order',
      {
        query: `{ ${article('z: title a: slug ...F m: version')} } fragment F on Article { y: excerpt z: title b: id }`,
      },
    ],
    [
      'types of a union and an interface',
      {
        query: `{ search(query: "title OR author OR topic") { nodes { __typename ... on Node { id } ... on Article { name: title } ... on Author { name } ... on Topic { name } } }
      ${article(`events(after: "${encodeEventCursor({ articleId: 1, epoch: 5, sequence: 0 })}") { events { cursor __typename ... on CommentAdded { comment { id } } ... on CommentEvent { at } ... on CommentRemoved { comment { body { text } id } } } }`)} }`,
      },
    ],
    [
      'what the schema says',
      {
        query:
          '{ __schema { queryType { name fields { name args { name defaultValue } } } } __type(name: "Article") { name fields { name type { kind ofType { name } } } } }',
      },
    ],
    ['an operation by name', { query: 'query A { a: __typename } query B { b: __typename }', operationName: 'B' }],
    ['an operation that is not there', { query: 'query A { a: __typename }', operationName: 'C' }],
    ['no operation named of two', { query: 'query A { a: __typename } query B { b: __typename }' }],
    [
      'fields in the order asked for',
      {
        query:
          '{ z: __typename topics { totalCount } a: __typename articles { totalCount } node(id: "x") { id } m: __typename }',
      },
    ],
  ];

  it.each(often)('is the same to the byte: %s', async (_, asked) => {
    const first = await bytes(asked);
    expect(first).toMatch(/^\{"(data|errors)"/);
    expect(first).not.toContain('INTERNAL_SERVER_ERROR');
    for (let again = 0; again < 5; again++) expect(await bytes(asked)).toBe(first);
  });

  it('depends on its variables', async () => {
    const query = `query ($slug: String!, $n: Int, $yes: Boolean!) { article(slug: $slug) { slug title @include(if: $yes) comments(first: $n) { nodes { id } } } }`;
    for (let round = 0; round < 3; round++)
      for (const [slug, n, yes] of [
        ['article-1', 1, true],
        ['article-2', 0, false],
        ['article-1', null, false],
        ['none', 1, true],
      ] as const) {
        const { data } = JSON.parse(await bytes({ query, variables: { slug, n, yes } })) as {
          data: { article: { slug: string; title?: string; comments: { nodes: [] } } | null };
        };
        expect(data.article?.slug).toBe(slug === 'none' ? undefined : slug);
        expect(data.article?.title !== undefined).toBe(yes && slug !== 'none');
        expect(data.article?.comments.nodes.length).toBe(slug === 'none' ? undefined : n === 0 ? 0 : 1);
      }
  });
});
