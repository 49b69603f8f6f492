import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_PATH_LEVELS, sortKeyOf } from '../schema/content/comment/comment-path.ts';
import { encodeId } from '../schema/content/ids.ts';
import type { Answer } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { type NewComment, pick, random, write } from './seed.ts';

let gateway: TestGateway;
const next = random(7);
const id = (comment: number) => encodeId('Comment', comment);

/** Comments in threads of any shape. A later batch has earlier dates, and replies to comments of the first. */
function batch(from: number, to: number): NewComment[] {
  return Array.from({ length: to - from }, (_, i) => {
    const parent = next() < 0.7 && from + i > 3 ? 1 + Math.floor(next() * (Math.min(from + i, 200) - 1)) : undefined;
    const status = pick(['VISIBLE', 'VISIBLE', 'VISIBLE', 'REMOVED'] as const, next);
    return { id: from + i, article: 1, ...(parent && { parent }), status, at: 1000 - from + (i % 40) };
  });
}

const DEEP = MAX_PATH_LEVELS + 4;
const deep: NewComment[] = Array.from({ length: DEEP }, (_, level) => ({
  id: 2000 + level,
  article: 2,
  at: level,
  ...(level > 0 && { parent: 1999 + level }),
}));

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      articles: [{ id: 1 }, { id: 2 }, { id: 3 }],
      comments: [
        ...batch(1, 200),
        ...deep,
        { id: 3000, article: 3, status: 'REJECTED' },
        { id: 3001, article: 3, parent: 3000 },
        { id: 3002, article: 3, parent: 3001 },
      ],
    }),
  );
});

afterAll(() => gateway.stop());

interface Row {
  depth: number;
  comment: { id: string; sortKey: string; parent: { id: string } | null; root: { id: string; depth: number } };
}

async function readThread(article: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after: string | null = null; ; ) {
    const answer: Answer<{
      article: { thread: { rows: Row[]; pageInfo: { hasNextPage: boolean; endCursor: string } } };
    }> = await gateway.ask(
      `query ($slug: String!, $after: String) { article(slug: $slug) { thread(first: 100, after: $after) {
        rows { depth comment { id sortKey parent { id } root { id depth } } } pageInfo { hasNextPage endCursor } } } }`,
      { slug: `article-${article}`, after },
    );
    const { thread } = answer.data.article;
    rows.push(...thread.rows);
    if (!thread.pageInfo.hasNextPage) return rows;
    after = thread.pageInfo.endCursor;
  }
}

/** The order of strings in JavaScript is that of their code units. */
function expectInOrder(rows: Row[]): void {
  const keys = rows.map(({ comment }) => comment.sortKey);
  expect(keys).toEqual([...keys].sort());
  expect(new Set(keys).size).toBe(keys.length);
}

/** Each comment's root, found by its parents. */
function expectRoots(rows: Row[]): void {
  const parents = new Map(rows.map(({ comment }) => [comment.id, comment.parent?.id]));
  for (const { comment } of rows) {
    let top = comment.id;
    for (let above = parents.get(top); above !== undefined; above = parents.get(top)) top = above;
    expect(comment.root).toEqual({ id: top, depth: 0 });
  }
}

describe('Comment.sortKey', () => {
  it('puts comments in the order of the thread, also those that are added and imported later', async () => {
    const before = await readThread(1);
    expect(before.length).toBeGreaterThan(100);
    expectInOrder(before);
    const parentId = before.find(({ depth }) => depth === 1)!.comment.id;
    for (const parent of [parentId, null, parentId])
      await gateway.ask(`mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }`, {
        input: {
          articleId: encodeId('Article', 1),
          parentId: parent,
          body: `Later ${next()}`,
          guest: { name: 'Ann', email: 'ann@example.com' },
        },
      });
    await write(gateway.sql, { comments: batch(300, 450) });
    const after = await readThread(1);
    expect(after.length).toBeGreaterThan(before.length + 50);
    expectInOrder(after);
    expectRoots(after);
  });

  it('and root hold below the deepest level of paths', async () => {
    const rows = await readThread(2);
    expect(rows).toHaveLength(DEEP);
    expectInOrder(rows);
    expectRoots(rows);
  });

  it('orders ordinals of any number of digits, and parents before replies', () => {
    const paths = [[1], [1, 1], [1, 15], [1, 16], [1, 16, 9], [1, 255], [9], [15], [16], [4095], [4096], [2 ** 31 - 1]];
    const keys = paths.map(sortKeyOf);
    expect([...keys].sort()).toEqual(keys);
  });
});

describe('Comment.root', () => {
  it('takes as many statements for a page of ten comments as of fifty, nested lists included', async () => {
    const ask = (first: number) =>
      gateway.ask(
        `query ($first: Int!) { article(slug: "article-1") { comments(first: $first) { nodes {
          sortKey root { id sortKey } replies(first: 5) { nodes { sortKey root { id sortKey replyCount } } } } } } }`,
        { first },
      );
    const [one, many] = [await ask(10), await ask(50)];
    expect(many.errors).toBeUndefined();
    expect(many.statements.length).toBe(one.statements.length);
    expect(many.statements.length).toBeLessThanOrEqual(3);
  });

  it('of a hidden comment is a placeholder for readers, and the comment for moderators, parents too', async () => {
    const moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
    const { data } = await moderator.ask<{ moderationQueue: { nodes: { id: string }[] } }>(
      `{ moderationQueue(status: VISIBLE, articleId: "${encodeId('Article', 3)}") {
        nodes { id parent { id status } root { id status body { text } } } } }`,
    );
    const root = { id: id(3000), status: 'REJECTED', body: { text: 'Comment 3000' } };
    expect(data.moderationQueue.nodes).toEqual([
      { id: id(3001), parent: { id: id(3000), status: 'REJECTED' }, root },
      { id: id(3002), parent: { id: id(3001), status: 'VISIBLE' }, root },
    ]);
    const cursor = (
      await gateway.ask<{ article: { liveCursor: string } }>('{ article(slug: "article-3") { liveCursor } }')
    ).data.article.liveCursor;
    await gateway.sql.query(`INSERT INTO comment_event (article_id, sequence, kind, comment_id) VALUES (3, 1, 'REMOVED', 3002);
      UPDATE article SET event_sequence = 1 WHERE id = 3`);
    const events = await gateway.ask(
      `{ article(slug: "article-3") { events(after: "${cursor}") { events {
        ... on CommentRemoved { comment { parent { id } root { id status body { text } author { name } } } } } } } }`,
    );
    expect(events.data).toEqual({
      article: {
        events: {
          events: [{ comment: { parent: null, root: { id: id(3000), status: 'REMOVED', body: null, author: null } } }],
        },
      },
    });
  });
});
