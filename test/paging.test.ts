import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { createCursorEncoder } from '../schema/content/list/cursor.ts';
import { NO_COST_LIMIT, startGateway, type TestGateway } from './gateway.ts';
import { minute, type NewArticle, type NewComment, pick, random, write } from './seed.ts';

interface PageInfo {
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  startCursor: string | null;
  endCursor: string | null;
}
interface Page {
  edges: { cursor: string; node: { id: string } }[];
  nodes: { id: string }[];
  pageInfo: PageInfo;
  totalCount: number;
}
interface Arguments {
  first?: number;
  after?: string;
  last?: number;
  before?: string;
}

const PAGE = `{ edges { cursor node { ... on Node { id } } } nodes { ... on Node { id } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount }`;

let gateway: TestGateway;

// Few distinct times and numbers, so that most neighbours are equal in the column they are ordered by.
const next = random(7);
const STATUSES = ['VISIBLE', 'VISIBLE', 'VISIBLE', 'VISIBLE', 'PENDING', 'SPAM', 'REMOVED'] as const;
const articles: NewArticle[] = Array.from({ length: 60 }, (_, i) => ({
  id: i + 1,
  author: 1 + Math.floor(next() * 3),
  at: Math.floor(next() * 4),
  topics: [1, 2, 3].filter(() => next() < 0.5),
  status: i % 7 === 6 ? pick(['DRAFT', 'SCHEDULED', 'ARCHIVED'] as const, next) : 'PUBLISHED',
}));
const comments: NewComment[] = Array.from({ length: 400 }, (_, i) => {
  const article = i < 120 ? 1 : 1 + Math.floor(next() ** 2 * 30);
  return {
    id: i + 1,
    article,
    author: 1 + Math.floor(next() * 3),
    at: 100 + Math.floor(next() * 5),
    status: pick(STATUSES, next),
    reactions: [Math.floor(next() * 3), 0, 0, 0, 0],
  };
});
// The first discussion is a wide one: half of it replies to one comment.
comments[0]!.status = 'VISIBLE';
for (const comment of comments.slice(1, 120)) if (next() < 0.5) comment.parent = 1;
for (const comment of comments.slice(120)) {
  const above = comments.filter(({ id, article }) => id > 1 && id < comment.id && article === comment.article);
  if (above.length > 0 && next() < 0.7) comment.parent = pick(above, next).id;
}

/** A list of the graph: how it is asked for, and the rows that a person would put in it, in their order. */
interface List {
  name: string;
  field(args: string): string;
  read(data: never): Page;
  /** Ids of its rows, in order, by plain SQL over the whole tables. */
  sql: string;
}

const PUBLIC_ARTICLES = "FROM article a WHERE a.status = 'PUBLISHED'";
const PUBLISHED = `${PUBLIC_ARTICLES} ORDER BY`;
const ARTICLE_ORDERS = {
  NEWEST: 'a.published_at DESC, a.id DESC',
  OLDEST: 'a.published_at, a.id',
  MOST_DISCUSSED:
    "(SELECT count(*) FROM comment c WHERE c.article_id = a.id AND c.visible AND c.status = 'VISIBLE') DESC, a.id DESC",
  RECENTLY_DISCUSSED:
    "(SELECT coalesce(max(created_at), 'epoch') FROM comment c WHERE c.article_id = a.id AND c.visible AND c.status = 'VISIBLE') DESC, a.id DESC",
};
const COMMENT_ORDERS = {
  NEWEST: 'created_at DESC, id DESC',
  OLDEST: 'created_at, id',
  TOP: `(SELECT sum(n) FROM unnest(reaction_counts) n)
    + (SELECT count(*) FROM comment r WHERE r.parent_id = c.id AND r.visible AND r.status = 'VISIBLE') DESC, id DESC`,
};
const FILTERS: [filter: string, sql: string][] = [
  ['topic: "topic-1"', 'EXISTS (SELECT FROM article_topic WHERE article_id = a.id AND topic_id = 1)'],
  ['author: "author-2"', 'a.author_id = 2'],
  ['publishedAfter: "2026-01-01T00:01:00Z"', "a.published_at > '2026-01-01T00:01:00Z'"],
  [
    'publishedBefore: "2026-01-01T00:01:00Z", author: "author-1"',
    "a.published_at < '2026-01-01T00:01:00Z' AND a.author_id = 1",
  ],
  [
    'topic: "topic-2", status: PUBLISHED',
    'EXISTS (SELECT FROM article_topic WHERE article_id = a.id AND topic_id = 2)',
  ],
  ['topic: "topic-9"', 'false'],
];

const nested = (outer: string, inner: string) => (args: string) => `${outer} { list: ${inner}${args} ${PAGE} }`;
const readNested = (data: { list: Page }) => data.list;
const readRoot = (data: Page) => data;

const lists: List[] = [
  ...Object.entries(ARTICLE_ORDERS).map(([order, by]) => ({
    name: `articles ${order}`,
    field: (args: string) => `articles${args.replace('(', `(orderBy: ${order}, `)} ${PAGE}`,
    read: readRoot as List['read'],
    sql: `SELECT 'Article' AS type, a.id ${PUBLISHED} ${by}`,
  })),
  ...FILTERS.flatMap(([filter, where]) =>
    (['NEWEST', 'OLDEST', 'MOST_DISCUSSED'] as const).map((order) => ({
      name: `articles ${order} where ${filter}`,
      field: (args: string) => `articles${args.replace('(', `(orderBy: ${order}, where: {${filter}}, `)} ${PAGE}`,
      read: readRoot as List['read'],
      sql: `SELECT 'Article' AS type, a.id ${PUBLIC_ARTICLES} AND ${where} ORDER BY ${ARTICLE_ORDERS[order]}`,
    })),
  ),
  {
    name: 'authors',
    field: (args) => `authors${args} ${PAGE}`,
    read: readRoot as List['read'],
    sql: `SELECT 'Author' AS type, id FROM author u
      WHERE EXISTS (SELECT FROM article WHERE author_id = u.id AND status = 'PUBLISHED') ORDER BY name, id`,
  },
  {
    name: 'topics',
    field: (args) => `topics${args} ${PAGE}`,
    read: readRoot as List['read'],
    // Topic 30 alone has no published article below it.
    sql: "SELECT 'Topic' AS type, id FROM topic WHERE id < 30 ORDER BY name, id",
  },
  {
    name: 'author.articles',
    field: nested('author(slug: "author-1")', 'articles'),
    read: readNested as List['read'],
    sql: `SELECT 'Article' AS type, a.id ${PUBLIC_ARTICLES} AND a.author_id = 1 ORDER BY ${ARTICLE_ORDERS.NEWEST}`,
  },
  {
    name: 'topic.articles',
    field: nested('topic(slug: "topic-3")', 'articles'),
    read: readNested as List['read'],
    sql: `SELECT 'Article' AS type, a.id ${PUBLIC_ARTICLES}
      AND EXISTS (SELECT FROM article_topic WHERE article_id = a.id AND topic_id = 3) ORDER BY ${ARTICLE_ORDERS.NEWEST}`,
  },
  ...Object.entries(COMMENT_ORDERS).flatMap(([order, by]) => [
    {
      name: `article.comments ${order}`,
      field: (args: string) =>
        nested('article(slug: "article-1")', 'comments')(args.replace('(', `(orderBy: ${order}, `)),
      read: readNested as List['read'],
      sql: `SELECT 'Comment' AS type, id FROM comment c WHERE article_id = 1 AND parent_id IS NULL AND visible ORDER BY ${by}`,
    },
    {
      name: `comment.replies ${order}`,
      field: (args: string) =>
        nested(`comment(id: "${encodeId('Comment', 1)}")`, 'replies')(args.replace('(', `(orderBy: ${order}, `)),
      read: readNested as List['read'],
      sql: `SELECT 'Comment' AS type, id FROM comment c WHERE parent_id = 1 AND visible ORDER BY ${by}`,
    },
  ]),
];

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [1, 2, 3, 4].map((id) => ({ id, name: id < 3 ? 'Same name' : `Author ${id}` })),
        topics: Array.from({ length: 30 }, (_, i) => ({
          ...{ id: i + 1, name: `Topic ${i % 3}` },
          // Articles are about the first three. Topics 4 to 29 are above the first, one above the other.
          ...(i === 0 && { parent: 4 }),
          ...(i > 2 && i < 28 && { parent: i + 2 }),
        })),
        articles,
        comments,
      }),
    NO_COST_LIMIT,
  );
});

afterAll(() => gateway.stop());

function written(args: Arguments): string {
  return `(${Object.entries({ first: null, ...args })
    .filter(([name, value]) => !(name === 'first' && value === null && args.last !== undefined))
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ')})`;
}

/** Pages of a list, all in one operation under aliases. */
async function pages(list: List, asked: Arguments[]): Promise<Page[]> {
  const fields = asked.map((args, i) => `p${i}: ${list.field(written(args))}`);
  const { data, errors } = await gateway.ask<Record<string, never>>(`{ ${fields.join('\n')} }`);
  expect(errors, list.name).toBeUndefined();
  return asked.map((_, i) => list.read(data[`p${i}`]!));
}

async function rowsOf(list: List): Promise<string[]> {
  const { rows } = await gateway.sql.query<{ type: 'Article'; id: number }>(list.sql);
  return rows.map(({ type, id }) => encodeId(type, id));
}

/** Every row with its cursor, by walking forward. */
async function walk(list: List, size: number): Promise<Page['edges']> {
  const edges: Page['edges'] = [];
  for (let after: string | null = null; ; ) {
    const [page]: Page[] = await pages(list, [{ first: size, ...(after && { after }) }]);
    edges.push(...page!.edges);
    after = page!.pageInfo.endCursor;
    if (!page!.pageInfo.hasNextPage) return edges;
  }
}

/** A page by the words of the Relay specification, over the whole list. */
function modelPage(all: Page['edges'], { first, after, last, before }: Arguments) {
  const from = after === undefined ? 0 : all.findIndex(({ cursor }) => cursor === after) + 1;
  const to = before === undefined ? all.length : all.findIndex(({ cursor }) => cursor === before);
  const range = all.slice(from, Math.max(from, to));
  const edges = last === undefined ? range.slice(0, first ?? 20) : range.slice(Math.max(0, range.length - last));
  const isCut = edges.length < range.length;
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: to < all.length || (last === undefined && isCut),
      hasPreviousPage: from > 0 || (last !== undefined && isCut),
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: all.length,
  };
}

describe('every connection', () => {
  it.each(lists)('$name gives every row once and in order, however it is paged', async (list) => {
    const expected = await rowsOf(list);
    const all = await walk(list, 7);
    expect(all.map(({ node }) => node.id)).toEqual(expected);
    expect(new Set(all.map(({ cursor }) => cursor)).size).toBe(all.length);

    const asked: Arguments[] = [
      {},
      { first: 0 },
      { first: 1 },
      { last: 0 },
      { last: 1 },
      { first: 100 },
      { last: 100 },
    ];
    while (all.length > 0 && asked.length < 40) {
      const size = Math.floor(next() * 9);
      asked.push({
        ...(next() < 0.5 ? { first: size } : { last: size }),
        ...(next() < 0.6 && { after: pick(all, next).cursor }),
        ...(next() < 0.6 && { before: pick(all, next).cursor }),
      });
    }
    // The edges themselves, where an exclusive end meets the first and the last row.
    for (const edge of [all[0], all.at(-1)])
      if (edge)
        for (const size of [0, 1, 100])
          asked.push(
            { first: size, after: edge.cursor },
            { first: size, before: edge.cursor },
            { last: size, after: edge.cursor },
            { last: size, before: edge.cursor },
            { last: size, after: edge.cursor, before: edge.cursor },
          );
    const answers = await pages(list, asked);
    for (const [i, args] of asked.entries()) expect(answers[i], JSON.stringify(args)).toEqual(modelPage(all, args));
  });

  it('has 20 rows unless it is asked for more, and never more than 100', async () => {
    const replies = lists.find(({ name }) => name === 'comment.replies OLDEST')!;
    const [page] = await pages(replies, [{}]);
    expect(page!.nodes).toHaveLength(20);
    for (const args of ['first: 101', 'last: 101', 'first: -1', 'last: -1', 'first: 2, last: 2', 'first: 2147483647'])
      for (const { field } of lists) {
        const { status, data, errors } = await gateway.ask(`{ ${field(`(${args})`)} }`);
        expect({ status, code: errors?.[0]?.extensions.code, data: Object.values(data ?? {}) }).toMatchObject({
          status: 200,
          code: 'BAD_USER_INPUT',
        });
      }
  });
});

describe('comments and replies', () => {
  it('are paged for each parent, whatever its level and its neighbours, under every alias', async () => {
    const level = (below: string, args = '') =>
      `${below}: replies${args} { totalCount pageInfo { hasNextPage hasPreviousPage } nodes { id`;
    const { rows } = await gateway.sql.query<{
      id: number;
      article: number;
      parent: number | null;
      score: number;
      at: Date;
    }>(
      'SELECT id, article_id AS article, parent_id AS parent, score, created_at AS at FROM comment WHERE visible ORDER BY created_at, id',
    );
    const replies = (parent: string) =>
      rows.filter((row) => row.parent !== null && encodeId('Comment', row.parent) === parent);
    const ids = (some: typeof rows) => some.map(({ id }) => encodeId('Comment', id));
    type Node = { id: string } & { [alias in 'oldest' | 'last' | 'top']?: Page & { nodes: Node[] } };
    const deeper = (depth: number): string =>
      depth === 0
        ? ''
        : `${level('oldest', '(first: 2)')} ${deeper(depth - 1)} } } ${level('last', '(last: 2, orderBy: NEWEST)')} } } ${level('top', '(first: 3, orderBy: TOP)')} ${deeper(depth - 1)} } }`;
    const { data, errors } = await gateway.ask<{ articles: { nodes: { comments: { nodes: Node[] } }[] } }>(
      `{ articles(first: 100) { nodes { comments(first: 100) { nodes { id ${deeper(3)} } } } } }`,
    );
    expect(errors).toBeUndefined();
    let checked = 0;
    let deepest = 0;
    const check = (node: Node, depth: number): void => {
      deepest = Math.max(deepest, depth);
      const all = replies(node.id);
      const top = all.toSorted((a, b) => b.score - a.score || b.id - a.id);
      const expected: [Node['oldest'], typeof rows, object][] = [
        [node.oldest, all.slice(0, 2), { hasNextPage: all.length > 2, hasPreviousPage: false }],
        [node.last, all.slice(0, 2).reverse(), { hasNextPage: false, hasPreviousPage: all.length > 2 }],
        [node.top, top.slice(0, 3), { hasNextPage: all.length > 3, hasPreviousPage: false }],
      ];
      for (const [page, those, pageInfo] of expected) {
        if (!page) continue;
        expect(page.nodes.map(({ id }) => id)).toEqual(ids(those));
        expect(page).toMatchObject({ totalCount: all.length, pageInfo });
        checked += those.length;
        for (const below of page.nodes) check(below, depth + 1);
      }
    };
    for (const { comments: list } of data.articles.nodes) for (const node of list.nodes) check(node, 0);
    expect(checked).toBeGreaterThan(200);
    expect(deepest).toBe(3);
  });
});

/** What a list says to a cursor at either end: the codes of the errors, or that it gave a page. */
async function verdicts(list: List, cursor: string): Promise<unknown[]> {
  const codes: unknown[] = [];
  for (const args of ['(first: 2, after: $cursor)', '(last: 2, before: $cursor)']) {
    const { status, errors } = await gateway.ask(`query ($cursor: String) { ${list.field(args)} }`, { cursor });
    codes.push(status === 200 ? (errors?.[0]?.extensions.code ?? 'a page') : status);
  }
  return codes;
}

const REFUSED = ['BAD_USER_INPUT', 'BAD_USER_INPUT'];

describe('a cursor', () => {
  // One of each kind; the property above holds all of them to the same code.
  const some = lists.filter(({ name }) =>
    [
      'articles NEWEST',
      'articles MOST_DISCUSSED',
      'authors',
      'topics',
      'article.comments TOP',
      'comment.replies OLDEST',
    ].includes(name),
  );

  it('of another list, order, filter, parent or type is refused', async () => {
    const cursors = new Map<List, string>();
    for (const list of lists) {
      const [page] = await pages(list, [{ first: 1 }]);
      if (page!.pageInfo.endCursor) cursors.set(list, page!.pageInfo.endCursor);
    }
    expect(new Set(cursors.values()).size).toBe(cursors.size);
    for (const list of some)
      for (const [other, cursor] of cursors)
        if (other !== list) expect(await verdicts(list, cursor), `${list.name} of ${other.name}`).toEqual(REFUSED);
  });

  it('that was cut or changed is refused', async () => {
    for (const list of some) {
      const [page] = await pages(list, [{ first: 1 }]);
      const cursor = page!.pageInfo.endCursor!;
      const changed = Array.from({ length: cursor.length }, (_, i) => {
        const other = cursor[i] === 'A' ? 'B' : 'A';
        return cursor.slice(0, i) + other + cursor.slice(i + 1);
      });
      const cut = [
        cursor.slice(1),
        cursor.slice(0, -1),
        cursor.slice(0, cursor.length / 2),
        `${cursor}A`,
        ` ${cursor}`,
        `${cursor}=`,
      ];
      for (const broken of [...cut, ...changed.filter((_, i) => i % 7 === 0)])
        expect(await verdicts(list, broken), `${list.name} ${broken}`).toEqual(REFUSED);
    }
  });

  it('that is nonsense is refused', async () => {
    const nonsense = [
      '',
      ' ',
      'x',
      '\0',
      '\ud800',
      '💥',
      '*'.repeat(10_000),
      '[]',
      'null',
      "'; DROP TABLE article; --",
    ];
    const others = [null, 1, 'a', [], {}, [1, 2], ['x', 1, 2, 3]].map((value) =>
      Buffer.from(JSON.stringify(value)).toString('base64url'),
    );
    for (const list of some)
      for (const cursor of [...nonsense, ...others])
        expect(await verdicts(list, cursor), `${list.name} ${cursor.slice(0, 40)}`).toEqual(REFUSED);
  });

  it('with values that no column holds is refused, however well it is forged', async () => {
    const times = [
      '0000-01-01T00:00:00.000Z',
      '2026-02-30T00:00:00.000Z',
      '2026-01-01T24:00:00.000Z',
      '+020000-01-01T00:00:00.000Z',
    ];
    const numbers = [2 ** 31, -(2 ** 31) - 1, 1.5, 1e300, null, [1], '1', true];
    const forged: [list: string, name: string, places: unknown[][]][] = [
      [
        'articles NEWEST',
        'articles NEWEST [[],[]]',
        [...times.map((time) => [time, 1]), ...numbers.map((n) => [minute(1), n])],
      ],
      ['articles MOST_DISCUSSED', 'articles MOST_DISCUSSED [[],[]]', numbers.map((n) => [n, 1])],
      ['authors', 'authors', [['a\0', 1], ['\ud800', 1], [1, 1], ['a'], ['a', 1, 1]]],
    ];
    for (const [listName, name, places] of forged) {
      const list = lists.find((one) => one.name === listName)!;
      const [page] = await pages(list, [{ first: 1 }]);
      const real = page!.pageInfo.endCursor!;
      const [, ...place] = JSON.parse(Buffer.from(real, 'base64url').toString()) as [string, ...string[]];
      expect(createCursorEncoder(name)(place)).toBe(real);
      for (const values of places)
        expect(await verdicts(list, createCursorEncoder(name)(values as string[])), JSON.stringify(values)).toEqual(
          REFUSED,
        );
    }
  });
});

describe('a walk through a list that grows', () => {
  it('gives every row that was there once, in both directions, and none of them twice', async () => {
    for (const [order, forward] of [
      ['NEWEST', true],
      ['NEWEST', false],
      ['OLDEST', true],
      ['OLDEST', false],
    ] as const) {
      const list = lists.find(({ name }) => name === `articles ${order}`)!;
      const before = await rowsOf(list);
      const seen: string[] = [];
      let rounds = 0;
      for (let cursor: string | null = null; ; ) {
        const at = cursor && (forward ? { after: cursor } : { before: cursor });
        const [page]: Page[] = await pages(list, [{ ...(forward ? { first: 6 } : { last: 6 }), ...at }]);
        const ids = page!.nodes.map(({ id }) => id);
        if (forward) seen.push(...ids);
        else seen.unshift(...ids);
        cursor = forward ? page!.pageInfo.endCursor : page!.pageInfo.startCursor;
        if (!(forward ? page!.pageInfo.hasNextPage : page!.pageInfo.hasPreviousPage)) break;
        if (++rounds > 4) continue;
        // New ones before all, after all, and equal in time to some that are there.
        await gateway.sql.query(
          `INSERT INTO article (slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
           SELECT 'new-' || gen_random_uuid(), '', '', '', '', '', 'PUBLISHED', at, 3
           FROM unnest($1::timestamptz[]) AS at`,
          [[minute(-5), minute(0), minute(1), minute(2), minute(3), minute(9)]],
        );
      }
      const was = new Set(before);
      expect(seen.filter((id) => was.has(id))).toEqual(before);
      expect(new Set(seen).size).toBe(seen.length);
    }
  });
});
