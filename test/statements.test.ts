import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { NO_COST_LIMIT, startGateway, type TestGateway } from './gateway.ts';
import { type NewComment, write } from './seed.ts';

const ARTICLES = 60;
let gateway: TestGateway;

beforeAll(async () => {
  // 120 top-level comments, and replies at five levels; every other author has a bio, every other article a cover.
  const comments: NewComment[] = [];
  for (let id = 1; id <= 900; id++)
    comments.push({
      id,
      article: id <= 120 ? 1 + (id % 2) : 1 + ((id - 1) % 2),
      author: 1 + (id % 9),
      ...(id > 120 && { parent: ((id * 7) % Math.min(id - 60, 200)) * 2 + (id % 2 ? 2 : 1) }),
    });
  const known = new Map(comments.map((comment) => [comment.id, comment]));
  for (const comment of comments) if (comment.parent) comment.article = known.get(comment.parent)!.article;
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: Array.from({ length: 40 }, (_, i) => ({ id: i + 1, ...(i % 2 && { bio: 'Some lines' }) })),
        topics: Array.from({ length: 40 }, (_, i) => ({ id: i + 1, ...(i > 2 && { parent: 1 + (i % 3) }) })),
        articles: Array.from({ length: ARTICLES }, (_, i) => ({
          id: i + 1,
          author: 1 + (i % 40),
          topics: [1 + (i % 40), 1 + ((i + 3) % 40)],
          cover: i % 2 === 0,
        })),
        comments,
      }),
    NO_COST_LIMIT,
  );
});

afterAll(() => gateway.stop());

/** The statements of one operation over few rows and over many. */
async function statementsOf(query: string): Promise<{ few: string[]; many: string[] }> {
  const few = await gateway.ask(query, { n: 2 });
  const many = await gateway.ask(query, { n: 40 });
  expect(few.errors ?? many.errors).toBeUndefined();
  // A document that reads nothing would take few statements, too.
  expect(JSON.stringify(many.data).length).toBeGreaterThan(4 * JSON.stringify(few.data).length);
  return { few: few.statements, many: many.statements };
}

describe('the article page', () => {
  const page = (totalCount: '' | 'totalCount') => `{
    article(slug: "article-1") {
      title publishedAt body { html } cover { url alt caption } commentCount liveCursor
      author { name avatarUrl bio { html } }
      topics { slug name }
      comments(first: 20) {
        ${totalCount} pageInfo { hasNextPage endCursor }
        nodes {
          id createdAt body { html } author { name avatarUrl } isByArticleAuthor replyCount reactions { kind count }
          replies(first: 3) { pageInfo { hasNextPage } nodes { id createdAt body { html } author { name avatarUrl } replyCount } }
        }
      }
    }
  }`;
  const PAGE = /json_agg.*FROM comment c WHERE .*c\.parent_id IS NULL.*FROM .*slug.*JOIN article a/s;
  const COUNT = /count\(\*\).*FROM comment c/s;

  it('takes one statement for the article with author, topics, and comments with authors and replies', async () => {
    const { data, errors, statements } = await gateway.ask<{
      article: { comments: { nodes: { replies: { nodes: object[] } }[] } };
    }>(page(''));
    expect(errors).toBeUndefined();
    expect(data.article.comments.nodes).toHaveLength(20);
    expect(data.article.comments.nodes.some(({ replies }) => replies.nodes.length === 3)).toBe(true);
    // In one transaction, because the page has a liveCursor and therefore needs one snapshot.
    expect(statements).toEqual([/^BEGIN/, PAGE, /^COMMIT/].map((text) => expect.stringMatching(text)));
  });

  it('takes a second statement when it selects the number of top-level comments', async () => {
    const { statements } = await gateway.ask(page('totalCount'));
    expect(statements).toHaveLength(4);
    for (const statement of [PAGE, COUNT]) expect(statements).toContainEqual(expect.stringMatching(statement));
  });
});

const bodies = 'body { html text markdown }';
const author = 'author { name bio { html text } }';

const operations: [statements: number, what: string, query: string][] = [
  [
    1,
    'articles with authors, topics and covers',
    `articles(first: $n) { nodes { title ${bodies} ${author} topics { name } cover { alt } } }`,
  ],
  [1, 'authors with bios', 'authors(first: $n) { nodes { name bio { markdown html text } } }'],
  [
    2,
    'articles with their number',
    'articles(first: $n, where: {publishedAfter: "2000-01-01T00:00:00Z"}) { totalCount nodes { title } }',
  ],
  [
    1,
    "authors' articles",
    `authors(first: $n) { nodes { name articles(first: 3) { totalCount nodes { title topics { name } } } } }`,
  ],
  [
    1,
    "topics' articles",
    `topics(first: $n) { nodes { name articles(first: 3) { totalCount nodes { title ${author} } } } }`,
  ],
  [2, 'related articles', `articles(first: $n) { nodes { related { title ${author} topics { name } } } }`],
  [2, 'topics with their parents', 'topics(first: $n) { nodes { name parent { name articleCount } } }'],
  [
    3,
    'topics with their grandparents and the articles of their parents',
    'topics(first: $n) { nodes { parent { parent { slug } articles(first: 2) { nodes { title } } } } }',
  ],
  [
    1,
    'threads of articles',
    `articles(first: $n, orderBy: OLDEST) { nodes { title thread(first: $n) { rows { comment { ${bodies} ${author} } } } } }`,
  ],
  [
    1,
    'the thread of an article',
    `article(slug: "article-1") { thread(first: $n) { rows { depth comment { ${bodies} ${author} reactions { count } isByArticleAuthor } } } }`,
  ],
  [
    3,
    'comments with parent and article',
    `article(slug: "article-1") { thread(first: $n) { rows { comment { parent { ${bodies} ${author} } article { title ${author} topics { name } } viewer { canReply } } } } }`,
  ],
  [
    4,
    'replies at four levels',
    `article(slug: "article-1") { comments(first: $n) { nodes { id ${author} replies(first: $n) { nodes { id ${author}
      replies(first: $n) { nodes { id ${author} replies(first: $n) { nodes { id ${author} } } } } } } } } }`,
  ],
  [
    8,
    'replies at four levels with their numbers',
    `article(slug: "article-1") { comments(first: $n) { totalCount nodes { replies(first: $n) { totalCount nodes {
      replies(first: $n) { totalCount nodes { replies(first: $n) { totalCount nodes { id } } } } } } } } }`,
  ],
  [
    3,
    'replies under aliases, with other orders, directions and selections',
    `article(slug: "article-1") { comments(first: $n) { nodes { a: replies(first: 2) { nodes { id } }
      b: replies(last: 2, orderBy: TOP) { nodes { ${author} } } c: replies(first: 1, orderBy: NEWEST) { totalCount nodes { ${bodies} } }
      d: replies(first: 3) { totalCount edges { cursor node { reactions { kind } } } } } } }`,
  ],
  [
    2,
    'articles under aliases, with other orders, filters and slugs',
    `a: articles(first: $n) { nodes { title ...More } } b: articles(first: $n, orderBy: MOST_DISCUSSED) { nodes { ...More ${author} } }
     c: articles(last: $n, where: {author: "author-1"}) { totalCount nodes { ${bodies} } } d: article(slug: "article-2") { ...More }
     e: article(slug: "article-3") { slug comments(first: $n) { nodes { id } } }`,
  ],
];

describe('the number of statements', () => {
  it.each(operations)('is %i for %s, for few rows and for many', async (expected, _, fields) => {
    const fragment = fields.includes('...More')
      ? 'fragment More on Article { slug topics { name } cover { alt } }'
      : '';
    const { few, many } = await statementsOf(`query ($n: Int!) { ${fields} } ${fragment}`);
    expect(many).toHaveLength(expected);
    // A list that is read before the others are may need a statement of its own.
    expect(few.length).toBeLessThanOrEqual(expected + 1);
  });

  it('is four for a search that finds all types, with their articles and parent topics', async () => {
    const { data, statements } = await gateway.ask<{
      search: { totalCount: number; edges: { node: { kind: string } }[] };
    }>(`{
      search(query: "author OR topic OR 60", first: 100) { totalCount edges { headline node { kind: __typename
        ... on Article { title ${bodies} writtenBy: author { bio { html } } topics { name } comments(first: 1) { nodes { id } } }
        ... on Author { name bio { html } articles(first: 1) { nodes { title } } }
        ... on Topic { name parent { name } } } } } }`);
    expect(data.search.totalCount).toBe(82);
    expect(new Set(data.search.edges.map(({ node }) => node.kind)).size).toBe(4);
    // Hits with comments and articles, hits among comments, their number, and parent topics.
    expect(statements).toHaveLength(4);
  });

  it('is one for each type among the ids of `nodes`', async () => {
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Article { title by: author { name } } ... on Author { name }
      ... on Topic { name } ... on Comment { ${bodies} ${author} } } }`;
    const ids = (count: number) =>
      (['Article', 'Author', 'Topic', 'Comment'] as const).flatMap((type) =>
        Array.from({ length: count }, (_, i) => encodeId(type, i + 1)),
      );
    for (const count of [1, 25]) {
      const { data, statements } = await gateway.ask<{ nodes: object[] }>(query, { ids: ids(count) });
      expect(data.nodes.filter(Boolean)).toHaveLength(4 * count);
      expect(statements).toHaveLength(4);
    }
  });

  it('is zero for invalid arguments and for introspection', async () => {
    for (const query of [
      '{ __typename __schema { types { name } } }',
      '{ articles(first: 101) { totalCount } }',
      '{ articles(after: "x") { nodes { id } } }',
      '{ node(id: "x") { id } }',
      '{ search(query: "") { nodes { __typename } } }',
    ])
      expect((await gateway.ask(query)).statements, query).toEqual([]);
  });

  it('does not grow when a fragment that is used twice selects less than the fields around it', async () => {
    const { few, many } = await statementsOf(`query ($n: Int!) {
      a: articles(first: $n) { nodes { ...F } }
      b: articles(first: $n, orderBy: OLDEST) { nodes { ...F author { bio { html } } cover { alt } comments(first: $n) { nodes { reactions { kind } author { bio { text } } } } } }
    } fragment F on Article { id author { name } cover { url } comments(first: $n) { nodes { id ${bodies} author { id } replies(first: 1) { nodes { id body { text } } } } } }`);
    expect(many.length).toBe(few.length);
    expect(many.length).toBeLessThanOrEqual(6);
  });
});
