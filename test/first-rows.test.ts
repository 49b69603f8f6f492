import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }, { id: 2 }],
      topics: [{ id: 1 }, { id: 2, parent: 1 }],
      articles: Array.from({ length: 5 }, (_, i) => ({ id: i + 1, author: 1, topics: [1 + (i % 2)] })),
      comments: [
        ...Array.from({ length: 40 }, (_, i) => ({
          id: i + 1,
          article: 1,
          author: 1 + (i % 2),
          ...(i >= 10 && { parent: 1 + (i % 3) }),
        })),
        // A removed reply keeps its place above a visible one.
        { id: 41, article: 1, parent: 9, status: 'REMOVED' as const },
        { id: 42, article: 1, parent: 41 },
      ],
    }),
  );
});

afterAll(() => gateway.stop());

interface Page {
  nodes: { id: string; replies?: Page }[];
  pageInfo?: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

/** The same pages, read with what they belong to and by statements of their own: a condition keeps them apart. */
async function bothWays(fields: string, variables: Record<string, unknown> = {}) {
  const ask = (selected: string) => {
    const types = { yes: 'Boolean! = true', first: 'Int', order: 'CommentOrder', after: 'String', id: 'ID' };
    const used = Object.entries(types).filter(([name]) => selected.includes(`$${name}`));
    const declared = used.length > 0 ? `(${used.map(([name, type]) => `$${name}: ${type}`)})` : '';
    return gateway.ask<Record<string, never>>(`query ${declared} { ${selected} }`, variables);
  };
  const together = await ask(fields.replaceAll('@?', ''));
  const apart = await ask(fields.replaceAll('@?', '@include(if: $yes)'));
  return { together, apart };
}

describe('the first rows of a list', () => {
  const cases: [what: string, fields: string, variables?: Record<string, unknown>][] = [
    ['comments', `article(slug: "article-1") { comments(first: 3) @? { nodes { id } ${PAGE_INFO} } }`],
    ['all comments', `article(slug: "article-1") { comments(first: 10) @? { nodes { id } ${PAGE_INFO} } }`],
    ['comments by default', `article(slug: "article-1") { comments @? { edges { cursor node { id } } ${PAGE_INFO} } }`],
    ['no comments', `article(slug: "article-1") { comments(first: 0) @? { nodes { id } ${PAGE_INFO} } }`],
    ['of an article without comments', `article(slug: "article-2") { comments @? { nodes { id } ${PAGE_INFO} } }`],
    [
      'oldest comments',
      `article(slug: "article-1") { comments(orderBy: OLDEST, first: 4) @? { nodes { id createdAt } ${PAGE_INFO} } }`,
    ],
    [
      'top comments',
      `article(slug: "article-1") { comments(orderBy: TOP, first: 4) @? { nodes { id } ${PAGE_INFO} } }`,
    ],
    [
      'replies',
      `article(slug: "article-1") { comments @? { nodes { id replies(first: 2, orderBy: NEWEST) @? { nodes { id body { text } parent { id } } ${PAGE_INFO} } } } }`,
    ],
    [
      'the thread',
      `article(slug: "article-1") { thread(first: 7) @? { rows { cursor depth comment { id } } ${PAGE_INFO} } }`,
    ],
    [
      'the thread by default',
      `article(slug: "article-1") { thread @? { rows { cursor comment { id parent { id } root { id } } } ${PAGE_INFO} liveCursor } }`,
    ],
    [
      "an author's articles",
      `author(slug: "author-1") { articles(first: 2) @? { totalCount nodes { id } ${PAGE_INFO} } }`,
    ],
    [
      'articles about a topic',
      `topic(slug: "topic-1") { articles(first: 2) @? { totalCount nodes { id } ${PAGE_INFO} } }`,
    ],
    ['articles about topics', `topics { nodes { articles @? { nodes { id } ${PAGE_INFO} } } }`],
    [
      'pages of variables',
      `article(slug: "article-1") { comments(first: $first, orderBy: $order, after: $after) @? { nodes { id } ${PAGE_INFO} } }`,
      { first: 4, order: 'OLDEST' },
    ],
    [
      'pages of variables without values',
      `article(slug: "article-1") { comments(first: $first, orderBy: $order, after: $after) @? { nodes { id } ${PAGE_INFO} } }`,
    ],
    [
      'a part of the thread',
      `article(slug: "article-1") { thread(under: $id, first: 3) @? { rows { comment { id } } ${PAGE_INFO} } }`,
      { id: 'Q29tbWVudDox' },
    ],
  ];

  it.each(cases)('are the same with their row as alone: %s', async (_, fields, variables) => {
    const { together, apart } = await bothWays(fields, variables);
    expect(together.errors).toBeUndefined();
    expect(together.data).toEqual(apart.data);
    expect(together.statements.length).toBeLessThanOrEqual(apart.statements.length);
  });

  it('are those that each alias asks for, and each value of a variable', async () => {
    const { data } = await gateway.ask<Record<string, { a: Page; b: Page }>>(`{
      one: article(slug: "article-1") { a: comments(first: 2) { nodes { id } } b: comments(first: 3, orderBy: OLDEST) { nodes { id } } }
      two: article(slug: "article-1") { a: comments(first: 1) { nodes { id } } b: comments(last: 1) { nodes { id } } }
    }`);
    expect([data.one!.a, data.one!.b, data.two!.a, data.two!.b].map(({ nodes }) => nodes.length)).toEqual([2, 3, 1, 1]);
    expect(data.two!.a.nodes[0]).toEqual(data.one!.a.nodes[0]);
    expect(data.two!.b.nodes[0]).toEqual(data.one!.b.nodes[0]);
    const query =
      'query ($n: Int) { article(slug: "article-1") { comments(first: $n) { nodes { id replies(first: $n) { nodes { id } } } } } }';
    for (const n of [1, 5, 2]) {
      const { nodes } = (await gateway.ask<{ article: { comments: Page } }>(query, { n })).data.article.comments;
      expect(nodes).toHaveLength(n);
      for (const { replies } of nodes) expect(replies!.nodes.length).toBeLessThanOrEqual(n);
    }
  });

  it('are those of each type of a union, which may differ', async () => {
    const { data } = await gateway.ask<{ nodes: { comments?: Page; replies?: Page; articles?: Page }[] }>(
      `query ($ids: [ID!]!) { nodes(ids: $ids) {
        ... on Article { comments(first: 1) { nodes { id } } }
        ... on Comment { replies(first: 2) { nodes { id } } article { comments(first: 3) { nodes { id } } } }
        ... on Author { articles(first: 2) { nodes { id comments(first: 4) { nodes { id } } } } }
      } }`,
      { ids: ['QXJ0aWNsZTox', 'Q29tbWVudDox', 'QXV0aG9yOjE'] },
    );
    const [article, comment, author] = data.nodes;
    expect(article!.comments!.nodes).toHaveLength(1);
    expect(comment!.replies!.nodes).toHaveLength(2);
    expect(author!.articles!.nodes).toHaveLength(2);
  });

  it('have a removed reply that keeps its place', async () => {
    const { data } = await gateway.ask<{ node: { replyCount: number; replies: { nodes: { status: string }[] } } }>(
      `{ node(id: "Q29tbWVudDo5") { ... on Comment { replyCount replies { nodes { status replies { nodes { id } } } } } } }`,
    );
    expect(data.node).toEqual({
      replyCount: 0,
      replies: { nodes: [{ status: 'REMOVED', replies: { nodes: [{ id: 'Q29tbWVudDo0Mg' }] } }] },
    });
  });

  it('are not read when a condition leaves them out', async () => {
    const query =
      'query ($more: Boolean!) { article(slug: "article-1") { title ... @include(if: $more) { comments { nodes { id } } } } }';
    const { statements } = await gateway.ask(query, { more: false });
    expect(statements).toHaveLength(1);
    expect(statements[0]).not.toContain('FROM comment');
  });

  it('cannot be of a size out of range, and the error is that of every page', async () => {
    for (const field of [
      'comments(first: -1) { nodes { id } }',
      'comments(first: 101) { nodes { id } }',
      'thread(first: 101) { rows { depth } }',
    ]) {
      const { errors } = await gateway.ask(`{ article(slug: "article-1") { ${field} } }`);
      expect(errors?.[0]?.extensions?.code, field).toBe('BAD_USER_INPUT');
    }
  });
});

describe('an object of which only the id is selected', () => {
  it('is not read', async () => {
    const { data, statements } = await gateway.ask<{
      article: {
        thread: { rows: { comment: { depth: number; parent: { id: string } | null; root: { id: string } } }[] };
      };
    }>(`{ article(slug: "article-1") { author { id __typename } thread { rows { comment {
      depth parent { id } root { id } article { id } author { id } replies(first: 1) { nodes { parent { id } } } } } } } }`);
    expect(statements).toHaveLength(1);
    const { rows } = data.article.thread;
    expect(new Set(rows.map(({ comment }) => comment.parent?.id ?? null)).size).toBe(6);
    for (const { comment } of rows) if (comment.depth === 1) expect(comment.root.id).toBe(comment.parent!.id);
  });
});
