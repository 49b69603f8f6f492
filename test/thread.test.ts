import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_PATH_LEVELS } from '../schema/content/comment/comment-path.ts';
import { encodeId } from '../schema/content/ids.ts';
import { createCursorEncoder } from '../schema/content/list/cursor.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { type NewComment, pick, random, write } from './seed.ts';

interface Thread {
  rows: { depth: number; cursor: string; comment: { id: string; parent: { id: string } | null } }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}
interface Arguments {
  first?: number;
  after?: string;
  under?: string;
  around?: string;
}

const THREAD = `{ rows { depth cursor comment { id parent { id } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }`;

const DEEP = MAX_PATH_LEVELS + 18;
const next = random(3);
let gateway: TestGateway;

/** A wide discussion with hidden and removed ones in it, on article 1. */
const wide: NewComment[] = [];
for (let id = 1; id <= 250; id++) {
  const parent = id > 5 && next() < 0.75 ? 1 + Math.floor(next() * (id - 1)) : undefined;
  const status = pick(['VISIBLE', 'VISIBLE', 'VISIBLE', 'VISIBLE', 'PENDING', 'REMOVED'] as const, next);
  // Three at a time at the same minute.
  wide.push({ id, article: 1, ...(parent && { parent }), status, at: Math.floor(id / 3) });
}
/** A discussion that goes deeper than paths do, on article 2, with a second reply at every level near its end. */
const deep: NewComment[] = [];
for (let level = 0; level < DEEP; level++)
  deep.push({ id: 1000 + level, article: 2, at: level, ...(level > 0 && { parent: 999 + level }) });
for (let level = MAX_PATH_LEVELS - 6; level < DEEP; level++)
  deep.push({ id: 2000 + level, article: 2, at: 5000 - level, parent: 1000 + level });

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      articles: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }],
      comments: [...wide, ...deep, { id: 5000, article: 3 }],
    }),
  );
});

afterAll(() => gateway.stop());

async function threads(article: number, asked: Arguments[]): Promise<Thread[]> {
  const fields = asked.map((args, i) => {
    const list = Object.entries(args).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
    return `t${i}: thread${list.length > 0 ? `(${list.join(', ')})` : ''} ${THREAD}`;
  });
  const { data, errors } = await gateway.ask<{ article: Record<string, Thread> }>(
    `{ article(slug: "article-${article}") { ${fields.join('\n')} } }`,
  );
  expect(errors).toBeUndefined();
  return asked.map((_, i) => data.article[`t${i}`]!);
}

interface Line {
  id: number;
  parent: number | null;
  depth: number;
}

const comment = (id: number): string => encodeId('Comment', id);

/** Reading order by walking the tree, as a person would: parents are the truth, and places are not looked at. */
async function readingOrder(article: number): Promise<Line[]> {
  const { rows } = await gateway.sql.query<{ id: number; parent: number | null; at: Date; visible: boolean }>(
    'SELECT id, parent_id AS parent, created_at AS at, visible FROM comment WHERE article_id = $1 ORDER BY created_at, id',
    [article],
  );
  const children = new Map<number | null, typeof rows>();
  for (const row of rows) children.set(row.parent, [...(children.get(row.parent) ?? []), row]);
  const lines: (Line & { visible: boolean })[] = [];
  const collect = (parent: number | null, depth: number): typeof lines =>
    (children.get(parent) ?? []).flatMap((row) => [{ ...row, depth }, ...collect(row.id, depth + 1)]);
  const visit = (parent: number | null, depth: number): void => {
    if (depth === MAX_PATH_LEVELS - 1) {
      // Where paths end, everything below one comment is in order of time.
      const rank = new Map(rows.map(({ id }, i) => [id, i]));
      lines.push(...collect(parent, depth).sort((a, b) => rank.get(a.id)! - rank.get(b.id)!));
      return;
    }
    for (const row of children.get(parent) ?? []) {
      lines.push({ ...row, depth });
      visit(row.id, depth + 1);
    }
  };
  visit(null, 0);
  return lines.filter(({ visible }) => visible).map(({ id, parent, depth }) => ({ id, parent, depth }));
}

/** The comments below a comment, by following parents. */
function below(lines: readonly Line[], under: number): Line[] {
  const inside = new Set([under]);
  for (let size = 0; size < inside.size; ) {
    size = inside.size;
    for (const { id, parent } of lines) if (parent !== null && inside.has(parent)) inside.add(id);
  }
  inside.delete(under);
  return lines.filter(({ id }) => inside.has(id));
}

function shown({ rows }: Thread) {
  return rows.map(({ depth, comment: { id, parent } }) => ({ id, depth, parent: parent?.id ?? null }));
}

function written(lines: readonly Line[]) {
  return lines.map(({ id, parent, depth }) => ({
    id: comment(id),
    depth,
    parent: parent === null ? null : comment(parent),
  }));
}

/** Every row, page by page. */
async function walk(article: number, { first, under }: { first: number; under?: string }): Promise<Thread['rows']> {
  const rows: Thread['rows'] = [];
  for (let after: string | null = null; ; ) {
    const [page]: Thread[] = await threads(article, [{ first, ...(under && { under }), ...(after && { after }) }]);
    expect(page!.pageInfo.hasPreviousPage).toBe(rows.length > 0);
    rows.push(...page!.rows);
    after = page!.pageInfo.endCursor;
    if (!page!.pageInfo.hasNextPage) return rows;
  }
}

describe.each([
  ['a wide discussion', 1, 9],
  ['one deeper than paths', 2, 97],
])('the thread of %s', (_, article, size) => {
  it('is read in order from top to bottom, each comment followed by its replies', async () => {
    const lines = await readingOrder(article);
    const rows = await walk(article, { first: size });
    expect(shown({ rows } as Thread)).toEqual(written(lines));
    const { data } = await gateway.ask<{ article: { commentCount: number } }>(
      `{ article(slug: "article-${article}") { commentCount } }`,
    );
    expect(data.article.commentCount).toBeLessThanOrEqual(lines.length);
  });

  it('pages forward from any row', async () => {
    const lines = await readingOrder(article);
    const { rows } = (await threads(article, [{ first: 100 }]))[0]!;
    const asked = Array.from({ length: 15 }, () => ({
      at: Math.floor(next() * rows.length),
      first: Math.floor(next() * 12),
    }));
    asked.push({ at: 0, first: 100 }, { at: rows.length - 1, first: 3 });
    const pages = await threads(
      article,
      asked.map(({ at, first }) => ({ first, after: rows[at]!.cursor })),
    );
    for (const [i, { at, first }] of asked.entries()) {
      const expected = lines.slice(at + 1, at + 1 + first);
      expect(shown(pages[i]!)).toEqual(written(expected));
      expect(pages[i]!.pageInfo).toEqual({
        hasNextPage: at + 1 + first < lines.length,
        hasPreviousPage: true,
        startCursor: pages[i]!.rows[0]?.cursor ?? null,
        endCursor: pages[i]!.rows.at(-1)?.cursor ?? null,
      });
    }
  });

  it('starts below a comment and stays there', async () => {
    const lines = await readingOrder(article);
    const unders = [...Array.from({ length: 12 }, () => pick(lines, next)), lines[0]!, lines.at(-1)!];
    const pages = await threads(
      article,
      unders.map(({ id }) => ({ first: 100, under: comment(id) })),
    );
    for (const [i, { id }] of unders.entries()) {
      const expected = below(lines, id);
      expect(shown(pages[i]!), `under ${id}`).toEqual(written(expected.slice(0, 100)));
      expect(pages[i]!.pageInfo).toMatchObject({ hasNextPage: expected.length > 100, hasPreviousPage: false });
    }
    const { id } = unders.toSorted((a, b) => below(lines, b.id).length - below(lines, a.id).length)[0]!;
    const rows = await walk(article, { first: 11, under: comment(id) });
    expect(shown({ rows } as Thread)).toEqual(written(below(lines, id)));
  });

  it('opens around a comment, with what is read before and after', async () => {
    const lines = await readingOrder(article);
    const middle = Array.from({ length: 12 }, () => Math.floor(next() * lines.length));
    const asked = [0, 1, lines.length - 1, ...middle].map((at) => ({ at, first: 1 + Math.floor(next() * 20) }));
    asked.push({ at: 3, first: 1 }, { at: 3, first: 2 }, { at: 3, first: 100 });
    const pages = await threads(
      article,
      asked.map(({ at, first }) => ({ first, around: comment(lines[at]!.id) })),
    );
    for (const [i, { at, first }] of asked.entries()) expectAround(pages[i]!, { lines, at, first });
  });

  it('opens around a comment below another', async () => {
    const lines = await readingOrder(article);
    const inside = lines.slice(-40).flatMap((line) => {
      const parent = lines.find(({ id }) => id === line.parent);
      const above = lines.find(({ id }) => id === (parent?.parent ?? parent?.id));
      return above ? [{ line, under: above.id }] : [];
    });
    const asked = Array.from({ length: 8 }, () => ({ ...pick(inside, next), first: 1 + Math.floor(next() * 8) }));
    const pages = await threads(
      article,
      asked.map(({ line, under, first }) => ({ first, under: comment(under), around: comment(line.id) })),
    );
    for (const [i, { line, under, first }] of asked.entries()) {
      const within = below(lines, under);
      expectAround(pages[i]!, { lines: within, at: within.findIndex(({ id }) => id === line.id), first });
    }
  });

  it('takes up where it was opened around a comment', async () => {
    const lines = await readingOrder(article);
    const at = Math.floor(lines.length / 2);
    const [opened] = await threads(article, [{ first: 6, around: comment(lines[at]!.id) }]);
    const [following] = await threads(article, [{ first: 5, after: opened!.pageInfo.endCursor! }]);
    const end = lines.findIndex(({ id }) => comment(id) === opened!.rows.at(-1)!.comment.id);
    expect(shown(following!)).toEqual(written(lines.slice(end + 1, end + 6)));
  });
});

function expectAround(page: Thread, { lines, at, first }: { lines: readonly Line[]; at: number; first: number }): void {
  const ids = page.rows.map((row) => row.comment.id);
  const start = lines.findIndex(({ id }) => comment(id) === ids[0]);
  expect(shown(page)).toEqual(written(lines.slice(start, start + ids.length)));
  expect(ids).toHaveLength(Math.min(first, lines.length));
  expect(ids).toContain(comment(lines[at]!.id));
  const before = at - start;
  const after = ids.length - before - 1;
  const isFull = { before: start === 0, after: start + ids.length === lines.length };
  // Half on either side, unless one side has not that much.
  if (!isFull.before) expect(before).toBeGreaterThanOrEqual(Math.min(after, Math.floor(first / 2)));
  if (!isFull.after) expect(after).toBeGreaterThanOrEqual(Math.ceil(first / 2) - 1);
  expect(page.pageInfo).toMatchObject({ hasPreviousPage: !isFull.before, hasNextPage: !isFull.after });
}

describe('a thread', () => {
  it('has 50 rows unless it is asked for more, and never more than 100', async () => {
    const [page] = await threads(2, [{}]);
    expect(page!.rows).toHaveLength(50);
    for (const first of [101, -1, 2147483647]) expect(await refusal(1, { first })).toBe('BAD_USER_INPUT');
  });

  it('of an article without comments is empty', async () => {
    await gateway.sql.query(
      'INSERT INTO article SELECT (json_populate_record(a, \'{"id": 9, "slug": "article-9"}\')).* FROM article a WHERE id = 3',
    );
    const { data } = await gateway.ask(`{ article(slug: "article-9") { thread ${THREAD} } }`);
    expect(data).toEqual({
      article: {
        thread: {
          rows: [],
          pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
        },
      },
    });
  });

  it('cannot be read from a comment that does not stand in it', async () => {
    const hidden = wide.find(({ status }) => status === 'PENDING')!.id;
    for (const id of ['', 'x', '\0', encodeId('Article', 1), comment(hidden), comment(5000), comment(99_999)])
      for (const argument of ['under', 'around'] as const)
        expect(await refusal(1, { [argument]: id }), `${argument} ${id}`).toBe('BAD_USER_INPUT');
    const [page] = await threads(1, [{ first: 9 }]);
    const [first, second] = page!.rows;
    // No comment is below itself, and no cursor fits another thread or part of one.
    expect(await refusal(1, { under: first!.comment.id, around: first!.comment.id })).toBe('BAD_USER_INPUT');
    const outside = page!.rows.find(({ depth, comment: { id } }) => depth === 0 && id !== first!.comment.id);
    expect(await refusal(1, { under: first!.comment.id, around: (outside ?? first!).comment.id })).toBe(
      'BAD_USER_INPUT',
    );
    expect(await refusal(1, { after: second!.cursor, around: first!.comment.id })).toBe('BAD_USER_INPUT');
    expect(await refusal(1, { after: second!.cursor, under: first!.comment.id })).toBe('BAD_USER_INPUT');
    expect(await refusal(2, { after: second!.cursor })).toBe('BAD_USER_INPUT');
    for (const after of ['', 'x', '\0', second!.cursor.slice(1), second!.cursor.slice(0, -1), `${second!.cursor}=`])
      expect(await refusal(1, { after }), after).toBe('BAD_USER_INPUT');
    for (const id of [hidden, 5000, 99_999, 2 ** 31, -1, 1.5])
      expect(await refusal(1, { after: createCursorEncoder('Article:1.thread ')([id]) }), String(id)).toBe(
        'BAD_USER_INPUT',
      );
    const list = await gateway.ask<{ article: { comments: { pageInfo: { endCursor: string } } } }>(
      '{ article(slug: "article-1") { comments(first: 1) { pageInfo { endCursor } } } }',
    );
    expect(await refusal(1, { after: list.data.article.comments.pageInfo.endCursor })).toBe('BAD_USER_INPUT');
  });

  it('continues from a row that was hidden after its cursor was issued', async () => {
    const lines = await readingOrder(3);
    expect(lines).toHaveLength(1);
    const guest = { name: 'Ann', email: 'ann@example.com' };
    const ids: string[] = [];
    for (const body of ['one', 'two', 'three']) {
      const { data } = await gateway.ask<{ addComment: { comment: { id: string } } }>(
        'mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { id } } } }',
        { input: { articleId: encodeId('Article', 3), body, guest } },
      );
      ids.push(data.addComment.comment.id);
    }
    const [page] = await threads(3, [{ first: 3 }]);
    expect(page!.rows.map((row) => row.comment.id)).toEqual([comment(5000), ids[0], ids[1]]);
    await gateway.sql.query("UPDATE comment SET status = 'SPAM', visible = false WHERE body_source = 'two'");
    const [following] = await threads(3, [{ first: 3, after: page!.pageInfo.endCursor! }]);
    expect(following!.rows.map((row) => row.comment.id)).toEqual([ids[2]]);
  });

  it('takes a reply at any depth, where it belongs', async () => {
    const reply = async (parent: number) => {
      const { data } = await gateway.ask<{ addComment: { comment: { id: string; depth: number } } }>(
        'mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { id depth } } } }',
        {
          input: {
            articleId: encodeId('Article', 2),
            parentId: comment(parent),
            body: 'Deep',
            guest: { name: 'Ann', email: 'ann@example.com' },
          },
        },
      );
      return data.addComment.comment;
    };
    for (const level of [0, MAX_PATH_LEVELS - 3, MAX_PATH_LEVELS - 2, MAX_PATH_LEVELS - 1, MAX_PATH_LEVELS, DEEP - 1]) {
      const before = await readingOrder(2);
      const added = await reply(1000 + level);
      expect(added.depth).toBe(level + 1);
      expect(await readingOrder(2)).toHaveLength(before.length + 1);
      const [under] = await threads(2, [{ first: 100, under: comment(1000 + level), around: added.id }]);
      expect(shown(under!).find(({ id }) => id === added.id)).toEqual({ ...added, parent: comment(1000 + level) });
    }
    const rows = await walk(2, { first: 100 });
    expect(shown({ rows } as Thread)).toEqual(written(await readingOrder(2)));
    const { data } = await gateway.ask(`{ comment(id: "${comment(1000)}") { descendantCount } }`);
    expect(data).toEqual({ comment: { descendantCount: rows.length - 1 } });
  });
});

interface EventPage {
  cursor: string;
  hasMore: boolean;
  events: { kind: string; cursor: string; reason?: string; comment?: { id: string; status: string } }[];
}

describe('what happened since a cursor', () => {
  const EVENTS = `{ cursor hasMore events { kind: __typename cursor ... on CommentAdded { comment { id status } }
    ... on CommentChanged { comment { id status } } ... on CommentRemoved { comment { id status } } ... on ResyncRequired { reason } } }`;

  async function since(after: string, first?: number): Promise<EventPage> {
    const { data, errors } = await gateway.ask<{ article: { events: EventPage } }>(
      `query ($after: EventCursor!, $first: Int) { article(slug: "article-4") { events(after: $after, first: $first) ${EVENTS} } }`,
      { after, ...(first !== undefined && { first }) },
    );
    expect(errors, after).toBeUndefined();
    return data.article.events;
  }

  async function liveCursor(): Promise<string> {
    const { data } = await gateway.ask<{ article: { liveCursor: string; thread: { liveCursor: string } } }>(
      '{ article(slug: "article-4") { liveCursor thread { liveCursor } } }',
    );
    expect(data.article.thread.liveCursor).toBe(data.article.liveCursor);
    return data.article.liveCursor;
  }

  async function reply(): Promise<string> {
    const { data } = await gateway.ask<{ addComment: { comment: { id: string } } }>(
      'mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { id } } } }',
      { input: { articleId: encodeId('Article', 4), body: 'More', guest: { name: 'Ann', email: 'ann@example.com' } } },
    );
    return data.addComment.comment.id;
  }

  it('comes in order, page by page, each once, and nothing when nothing did', async () => {
    const start = await liveCursor();
    expect(await since(start)).toEqual({ cursor: start, hasMore: false, events: [] });
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.push(await reply());
    const seen: string[] = [];
    let at = start;
    for (let pages = 1; ; pages++) {
      const page = await since(at, 3);
      seen.push(...page.events.map(({ comment: about }) => about!.id));
      expect(page.events.at(-1)!.cursor).toBe(page.cursor);
      at = page.cursor;
      if (!page.hasMore) {
        expect(pages).toBe(3);
        break;
      }
    }
    expect(seen).toEqual(ids);
    expect(at).toBe(await liveCursor());
    // From any event in the middle, what follows it.
    const all = await since(start);
    for (const [i, { cursor }] of all.events.entries())
      expect((await since(cursor)).events.map(({ comment: about }) => about!.id)).toEqual(ids.slice(i + 1));
    expect(await since(start, 0)).toMatchObject({ cursor: start, hasMore: true, events: [] });
  });

  it('leaves out what was hidden since, and says that it was', async () => {
    const start = await liveCursor();
    const id = await reply();
    const other = await reply();
    await gateway.sql.query(
      "UPDATE comment SET status = 'SPAM', visible = false WHERE id = (SELECT max(id) - 1 FROM comment)",
    );
    await gateway.sql.query(`
      INSERT INTO comment_event (article_id, sequence, kind, comment_id)
      SELECT id, event_sequence + 1, 'REMOVED', (SELECT max(id) - 1 FROM comment) FROM article WHERE id = 4;
      UPDATE article SET event_sequence = event_sequence + 1 WHERE id = 4`);
    const { events, cursor } = await since(start);
    expect(events.map(({ kind, comment: about }) => [kind, about])).toEqual([
      ['CommentAdded', { id: other, status: 'VISIBLE' }],
      ['CommentRemoved', { id, status: 'REMOVED' }],
    ]);
    expect(cursor).toBe(await liveCursor());
  });

  it('asks for a reload when the cursor belongs to another log', async () => {
    const now = await liveCursor();
    const [, article, epoch, sequence] = Buffer.from(now, 'base64url').toString().split(':').map(Number) as [
      number,
      number,
      number,
      number,
    ];
    const forged = [
      [3, epoch, 0],
      [article, epoch + 1, sequence],
      [article, epoch, sequence + 1],
      [article, epoch, 2 ** 31 - 1],
      [article, epoch, 2 ** 31],
      [article, epoch, 9_999_999_999],
      [article, epoch, -1],
      [99, epoch, 0],
    ].map((values) => Buffer.from(['e1', ...values].join(':')).toString('base64url'));
    for (const after of [...forged, '', ' ', 'x', '\0', '\ud800', now.slice(2), now.slice(0, -3), 'x'.repeat(10_000)]) {
      const { events, cursor, hasMore } = await since(after);
      expect(events, after.slice(0, 40)).toEqual([
        { kind: 'ResyncRequired', cursor: now, reason: expect.stringMatching(/\w+/) },
      ]);
      expect({ cursor, hasMore }).toEqual({ cursor: now, hasMore: false });
    }
  });

  it('asks for a reload when events after the cursor are deleted', async () => {
    const start = await liveCursor();
    await reply();
    const middle = await liveCursor();
    const id = await reply();
    await gateway.sql.query(
      'DELETE FROM comment_event WHERE article_id = 4 AND sequence < (SELECT event_sequence FROM article WHERE id = 4)',
    );
    expect((await since(start)).events.map(({ kind }) => kind)).toEqual(['ResyncRequired']);
    expect((await since(middle)).events.map(({ comment: about }) => about!.id)).toEqual([id]);
    await gateway.sql.query('DELETE FROM comment_event WHERE article_id = 4');
    expect((await since(middle)).events.map(({ kind }) => kind)).toEqual(['ResyncRequired']);
    expect((await since(await liveCursor())).events).toEqual([]);
  });

  it('has at most 100 events a page', async () => {
    const after = await liveCursor();
    for (const first of [101, -1]) {
      const { errors } = await gateway.ask(
        `{ article(slug: "article-4") { events(after: "${after}", first: ${first}) { cursor } } }`,
      );
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

/** The code of the error that a thread is refused with. */
async function refusal(article: number, args: Arguments): Promise<unknown> {
  const { status, errors } = await gateway.ask(
    `query ($first: Int, $after: String, $under: ID, $around: ID) {
      article(slug: "article-${article}") { thread(first: $first, after: $after, under: $under, around: $around) ${THREAD} } }`,
    args as Record<string, unknown>,
  );
  expect(status).toBe(200);
  return errors?.[0]?.extensions.code ?? 'no error';
}
