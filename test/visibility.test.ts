import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeEventCursor } from '../schema/content/event-cursor.ts';
import { encodeId, NODE_TYPES } from '../schema/content/ids.ts';
import { createCursorEncoder } from '../schema/content/list/cursor.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { type Content, type NewComment, write } from './seed.ts';

/** In every title, text and name of what is hidden. */
const SECRET = 'zebra';

const shown: Content = {
  authors: [
    { id: 1, bio: 'Writes about horses' },
    { id: 2, kind: 'MEMBER' },
    { id: 3, kind: 'GUEST' },
    { id: 4, name: 'Staff without articles' },
  ],
  topics: [{ id: 1 }, { id: 2, parent: 1 }, { id: 3 }],
  articles: [
    { id: 1, at: 10, topics: [1, 2], title: 'Horses and donkeys' },
    { id: 2, at: 20, author: 2, topics: [1], formerSlugs: ['horses'] },
    // Somebody hidden has this slug now: the one that had it before is found.
    { id: 3, at: 20, topics: [2, 1], formerSlugs: ['article-21'] },
    { id: 4, at: 40, policy: 'CLOSED' },
  ],
  comments: [
    { id: 1, article: 1, author: 3, at: 100 },
    { id: 2, article: 1, author: 2, parent: 1, at: 110 },
    { id: 3, article: 1, author: 3, parent: 2, at: 120 },
    { id: 4, article: 1, author: 3, at: 130 },
    // Removed, and its place stays for the reply below.
    { id: 5, article: 1, author: 2, status: 'REMOVED', at: 140 },
    { id: 6, article: 1, author: 3, parent: 5, at: 150 },
    { id: 7, article: 2, author: 3, at: 100, reactions: [2, 0, 0, 0, 1] },
    { id: 8, article: 3, author: 3, at: 100 },
  ],
};

const AWAY = ['PENDING', 'REJECTED', 'SPAM'] as const;

function hiddenComments(): NewComment[] {
  const hidden: NewComment[] = [];
  const add = (comment: Omit<NewComment, 'id'>): number => hidden.push({ id: 100 + hidden.length, ...comment });
  for (const status of AWAY)
    for (const parent of [undefined, 1, 2, 6]) {
      const above = 100 + hidden.length;
      add({ article: 1, author: 11, status, at: 105 + hidden.length, ...(parent && { parent }) });
      // The comments below a hidden one are hidden too.
      for (const below of ['VISIBLE', 'REMOVED', 'PENDING'] as const)
        add({ article: 1, author: 11, status: below, at: 300 + hidden.length, parent: above });
      add({ article: 1, author: 11, at: 400 + hidden.length, parent: above + 1 });
    }
  // Removed with nothing to read below.
  add({ article: 2, author: 11, status: 'REMOVED', at: 500 });
  add({ article: 2, author: 11, status: 'PENDING', at: 501, parent: 100 + hidden.length - 1 });
  return hidden;
}

const hidden: Content = {
  authors: [
    { id: 10, kind: 'MEMBER', name: `Writer ${SECRET}` },
    { id: 11, kind: 'GUEST', name: `Guest ${SECRET}` },
  ],
  articles: (['DRAFT', 'SCHEDULED', 'ARCHIVED'] as const).flatMap((status, i) =>
    [0, 1].map((n) => ({
      id: 20 + 2 * i + n,
      author: n ? 10 : 1,
      status,
      at: status === 'DRAFT' ? null : 15 + i * 10,
      topics: [1, 2, 3],
      title: `Horses and ${SECRET}`,
      text: `Horses ${SECRET} horses`,
      formerSlugs: [`horses-${SECRET}-${i}-${n}`],
    })),
  ),
  comments: hiddenComments(),
};

const ARTICLE = `id slug title body { html } status publishedAt commentCount liveCursor author { id name articleCount }
  topics { slug articleCount } related(first: 10) { slug }`;
const COMMENT = `id status depth body { text } author { slug name } replyCount descendantCount reactions { kind count }
  parent { id } createdAt viewer { canReply }`;

function battery(): { query: string; variables?: object }[] {
  const ids = Object.fromEntries(
    NODE_TYPES.map((type) => [type, Array.from({ length: 190 }, (_, i) => encodeId(type, i + 1))]),
  ) as Record<(typeof NODE_TYPES)[number], string[]>;
  const slugs = [
    ...Array.from({ length: 30 }, (_, i) => i + 1),
    'none',
    `horses-${SECRET}-0-0`,
    `horses-${SECRET}-2-1`,
  ];
  const asked: { query: string; variables?: object }[] = [];
  for (const all of Object.values(ids))
    for (const some of [all.slice(0, 95), all.slice(95)])
      asked.push({
        query: `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Article { ${ARTICLE} }
          ... on Author { name articleCount } ... on Comment { ${COMMENT} } } }`,
        variables: { ids: some },
      });
  asked.push(
    {
      query: `{ ${ids.Comment.map((id, i) => `c${i}: comment(id: "${id}") { id } n${i}: node(id: "${id}") { id }`).join(' ')} }`,
    },
    {
      query: `{ ${ids.Article.slice(0, 40)
        .map((id, i) => `n${i}: node(id: "${id}") { id }`)
        .join(' ')} }`,
    },
    {
      query: `{ ${slugs.map((slug, i) => `s${i}: article(slug: "${typeof slug === 'number' ? `article-${slug}` : slug}") { ${ARTICLE} }`).join(' ')} }`,
    },
    {
      query: `{ ${slugs.map((slug, i) => `s${i}: author(slug: "author-${slug}") { id name articles { totalCount nodes { slug } } }`).join(' ')} }`,
    },
    { query: '{ authors { totalCount nodes { name articleCount articles { totalCount nodes { slug } } } } }' },
    {
      query:
        '{ topics { totalCount nodes { slug articleCount articles { totalCount nodes { slug } } parent { slug } } } }',
    },
  );
  for (const order of ['NEWEST', 'OLDEST', 'MOST_DISCUSSED', 'RECENTLY_DISCUSSED'])
    for (const where of [
      '',
      ...['DRAFT', 'SCHEDULED', 'PUBLISHED', 'ARCHIVED'].map((status) => `status: ${status}`),
      'topic: "topic-1"',
      'author: "author-10"',
      'author: "author-1"',
      'publishedAfter: "2026-01-01T00:11:00Z"',
    ])
      asked.push({
        query: `{ articles(orderBy: ${order}, where: {${where}}, first: 2) { totalCount edges { cursor node { ${ARTICLE} } } pageInfo { hasNextPage hasPreviousPage } } }`,
      });
  for (const order of ['NEWEST', 'OLDEST', 'TOP'])
    asked.push({
      query: `query { article(slug: "article-1") { comments(orderBy: ${order}, first: 2) { totalCount pageInfo { hasNextPage endCursor } nodes { ${COMMENT}
        replies(orderBy: ${order}) { totalCount pageInfo { hasNextPage } nodes { ${COMMENT} replies { totalCount nodes { id } } } } } } } }`,
    });
  for (const words of [
    SECRET,
    'horses',
    `horses ${SECRET}`,
    `-${SECRET} horses`,
    `"horses and ${SECRET}"`,
    'zeb*',
    'guest',
    'writer',
    'comment',
  ])
    asked.push({
      query:
        'query ($words: String!) { search(query: $words) { totalCount pageInfo { hasNextPage } edges { headline node { __typename ... on Node { id } } } } }',
      variables: { words },
    });
  const thread = (args: string) =>
    `{ article(slug: "article-1") { thread${args} { liveCursor pageInfo { hasNextPage hasPreviousPage } rows { depth comment { ${COMMENT} } } } } }`;
  asked.push({ query: thread('') }, { query: thread('(first: 3)') });
  for (const id of [1, 2, 5, 6, 7, 100, 101, 104, 115, 130, 158, 160, 161, 199])
    for (const argument of ['under', 'around'])
      asked.push({ query: thread(`(${argument}: "${encodeId('Comment', id)}")`) });
  for (const id of [100, 101, 105, 160, 199])
    asked.push({ query: thread(`(after: "${createCursorEncoder('Article:1.thread ')([id])}")`) });
  asked.push({
    query: `{ article(slug: "article-1") { events(after: "${encodeEventCursor({ articleId: 1, epoch: 5, sequence: 0 })}") { hasMore cursor events { __typename } } } }`,
  });
  return asked;
}

let without: TestGateway;
let having: TestGateway;

beforeAll(async () => {
  const seed = (content: Content) =>
    startGateway(async (sql) => {
      await write(sql, content);
      await sql.query('UPDATE article SET event_epoch = 5');
    });
  without = await seed(shown);
  having = await seed({
    ...shown,
    authors: [...shown.authors!, ...hidden.authors!],
    articles: [...hidden.articles!, ...shown.articles!],
    comments: [...shown.comments!, ...hidden.comments!],
  });
});

afterAll(async () => {
  await without.stop();
  await having.stop();
});

async function bytes(gateway: TestGateway, asked: object): Promise<string> {
  const { status, body } = await gateway.post(asked);
  return `${status} ${body}`;
}

describe('what is not public', () => {
  it('is as if it did not exist, to the byte, whatever is asked', async () => {
    for (const asked of battery()) {
      const answer = await bytes(having, asked);
      expect(answer, JSON.stringify(asked)).toBe(await bytes(without, asked));
      expect(answer, JSON.stringify(asked)).not.toContain('INTERNAL_SERVER_ERROR');
      expect(answer.toLowerCase()).not.toContain(SECRET);
    }
  }, 60_000);

  it('takes no comments, and every response equals that for an absent article', async () => {
    const add = (articleId: string, parentId?: string) => ({
      query: `mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename ... on Error { code message } } }`,
      variables: { input: { articleId, parentId, body: 'Hello', guest: { name: 'Ann', email: 'ann@example.com' } } },
    });
    const nowhere = await bytes(having, add(encodeId('Article', 999)));
    expect(nowhere).toContain('NOT_FOUND');
    for (const { id } of hidden.articles!) expect(await bytes(having, add(encodeId('Article', id)))).toBe(nowhere);
    const article = encodeId('Article', 1);
    const noParent = await bytes(having, add(article, encodeId('Comment', 999)));
    expect(noParent).toContain('NOT_FOUND');
    for (const id of [100, 101, 102, 103, 104, 5])
      expect(await bytes(having, add(article, encodeId('Comment', id)))).toBe(noParent);
  });

  it('can be seen as soon as it is published, under its former slug too', async () => {
    const look =
      '{ article(slug: "horses-zebra-0-0") { slug } author(slug: "author-1") { articleCount } search(query: "zebra") { totalCount } }';
    expect((await having.ask(look)).data).toMatchObject({ article: null, search: { totalCount: 0 } });
    await having.sql.query("UPDATE article SET status = 'PUBLISHED', published_at = now() WHERE id = 20");
    expect((await having.ask(look)).data).toEqual({
      article: { slug: 'article-20' },
      author: { articleCount: 3 + 1 },
      search: { totalCount: 1 },
    });
    await having.sql.query("UPDATE article SET status = 'ARCHIVED' WHERE id = 20");
    expect((await having.ask(look)).data).toEqual({
      article: null,
      author: { articleCount: 3 },
      search: { totalCount: 0 },
    });
  });
});

describe('a slug', () => {
  it('finds the article that has it before one that had it', async () => {
    await without.sql.query("INSERT INTO former_slug (slug, article_id) VALUES ('article-4', 1), ('article-4-old', 4)");
    const { data } = await without.ask(
      '{ a: article(slug: "article-4") { slug } b: article(slug: "article-4-old") { slug } c: article(slug: "horses") { slug } }',
    );
    expect(data).toEqual({ a: { slug: 'article-4' }, b: { slug: 'article-4' }, c: { slug: 'article-2' } });
  });

  it('that no text can hold finds nothing', async () => {
    for (const slug of ['', '\0', 'article-1\0', '\ud800', "' OR true --", 'x'.repeat(50_000)]) {
      const { data, errors } = await without.ask(
        `query ($slug: String!) { article(slug: $slug) { id } author(slug: $slug) { id } topic(slug: $slug) { id }
          a: articles(where: {author: $slug}) { totalCount nodes { id } } b: articles(where: {topic: $slug}) { totalCount nodes { id } } }`,
        { slug },
      );
      expect(errors).toBeUndefined();
      const none = { totalCount: 0, nodes: [] };
      expect(data).toEqual({ article: null, author: null, topic: null, a: none, b: none });
    }
  });
});

describe('an id', () => {
  it('that is none of ours finds nothing', async () => {
    const forged = [
      'Article:0',
      'Article:-1',
      'Article:01',
      'Article:1.0',
      'Article:2147483648',
      'Article:1 ',
      'article:1',
      'Query:1',
      'Article',
      ':1',
      '__proto__:1',
      'constructor:1',
      'Article:1\n',
    ].map((text) => Buffer.from(text).toString('base64url'));
    for (const id of [
      '',
      ' ',
      'x',
      '\0',
      '\ud800',
      '1',
      'null',
      'Article:1',
      `${encodeId('Article', 1)}=`,
      `${encodeId('Article', 1)}A`,
      'x'.repeat(10_000),
      ...forged,
    ]) {
      const { data, errors } = await without.ask(
        'query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id, $id]) { id } comment(id: $id) { id } }',
        { id },
      );
      expect({ data, errors }, id.slice(0, 40)).toEqual({
        data: { node: null, nodes: [null, null], comment: null },
        errors: undefined,
      });
    }
  });

  it('of another type is no comment', async () => {
    const id = encodeId('Article', 1);
    const { data } = await without.ask(`{ comment(id: "${id}") { id } node(id: "${id}") { __typename id } }`);
    expect(data).toEqual({ comment: null, node: { __typename: 'Article', id } });
  });

  it('is answered in the order asked, twice for those asked twice, and for at most 100', async () => {
    const ids = [encodeId('Comment', 1), encodeId('Article', 1), encodeId('Comment', 999), encodeId('Comment', 1)];
    const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const { data } = await without.ask(query, { ids });
    expect(data).toEqual({ nodes: [{ id: ids[0] }, { id: ids[1] }, null, { id: ids[0] }] });
    const { errors } = await without.ask(query, { ids: Array.from({ length: 101 }, () => ids[0]) });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('a date', () => {
  it('that the calendar does not have is refused, and the farthest ones are not', async () => {
    const query = 'query ($at: DateTime!) { articles(where: {publishedAfter: $at}) { totalCount } }';
    for (const at of [
      '0000-01-01T00:00:00Z',
      '2026-02-30T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-01-01T25:00:00Z',
      '9999-12-31T23:59:59-10:00',
      '2026-01-01',
      '2026-01-01T00:00:00',
      'now',
      '',
      1,
    ])
      expect((await without.ask(query, { at })).errors?.[0]?.message, String(at)).toMatch(/DateTime/);
    for (const [at, totalCount] of [
      ['0001-01-01T00:00:00Z', 4],
      ['9999-12-31T23:59:59.999Z', 0],
      ['2026-01-01T00:20:00.000Z', 1],
      ['2026-01-01T01:19:59+01:00', 3],
    ])
      expect((await without.ask(query, { at })).data, String(at)).toEqual({ articles: { totalCount } });
  });
});

describe("a comment's removal, in the log", () => {
  it('does not return its own text or that of the comments above it', async () => {
    // 130 hangs below something rejected; both stood in public once.
    const { sql } = having;
    await sql.query(`
      INSERT INTO comment_event (article_id, sequence, kind, comment_id)
      SELECT 1, row_number() OVER (ORDER BY id, kind), kind::"CommentEventKind", id
      FROM unnest('{ADDED,CHANGED,REMOVED}'::text[]) AS kind, comment WHERE article_id = 1 AND NOT visible;
      UPDATE comment SET body_text = 'zebra', body_html = 'zebra', body_source = 'zebra' WHERE NOT visible;
      UPDATE article SET event_sequence = (SELECT max(sequence) FROM comment_event) WHERE id = 1`);
    const after = encodeEventCursor({ articleId: 1, epoch: 5, sequence: 0 });
    const answer = await bytes(having, {
      query: `{ article(slug: "article-1") { events(after: "${after}") { events { __typename ... on CommentAdded { comment { id } } ... on CommentChanged { comment { id } }
        ... on CommentRemoved { comment { id status body { html text markdown } author { name } isByArticleAuthor viewer { canReply }
          parent { id status body { text } author { name } parent { body { text } } } replies { totalCount nodes { body { text } } } } } } } } }`,
    });
    expect(answer).toContain('CommentRemoved');
    expect(answer).not.toContain('CommentAdded');
    expect(answer).not.toContain('CommentChanged');
    expect(answer.toLowerCase()).not.toContain(SECRET);
    expect(answer).not.toContain('errors');
  });
});
