import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { asSeen } from './as-seen.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
const id = (comment: number) => encodeId('Comment', comment);

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      articles: [{ id: 1 }],
      comments: [
        { id: 1, article: 1, status: 'REJECTED' },
        { id: 2, article: 1, parent: 1 },
        { id: 3, article: 1, parent: 2, status: 'PENDING' },
        { id: 4, article: 1, status: 'PENDING' },
        { id: 5, article: 1, parent: 4, status: 'SPAM' },
        { id: 6, article: 1, parent: 5, status: 'PENDING' },
        { id: 7, article: 1, status: 'PENDING' },
        ...Array.from({ length: 20 }, (_, n) => ({ id: 20 + n, article: 1, parent: 4, status: 'PENDING' as const })),
      ],
    }),
  );
});

afterAll(() => gateway.stop());

interface Moderated {
  comments: { id: string; status: string; parent: { id: string; status: string } | null }[];
  hidden: { id: string; moderation: { hiddenBy: { id: string; status: string } | null } }[];
}

async function moderate(action: string, ids: number[]) {
  const { data, errors, statements } = await gateway
    .as({ name: 'Mo', role: 'MODERATOR' })
    .ask<{ moderateComments: Moderated }>(
      `mutation ($input: ModerateCommentsInput!) { moderateComments(input: $input) { ... on ModerateCommentsSuccess {
        comments { id status parent { id status } } hidden { id moderation { hiddenBy { id status } } } } } }`,
      { input: { comments: await asSeen(gateway.sql, ids.map(id)), action } },
    );
  expect(errors).toBeUndefined();
  return { ...data.moderateComments, statements: statements.length };
}

const readable = async (...ids: number[]): Promise<boolean[]> =>
  (
    await gateway.ask<{ nodes: unknown[] }>('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ids.map(id) })
  ).data.nodes.map((node) => node !== null);

describe('a decision', () => {
  it('reports approved replies that stay hidden, and the nearest comment that hides each', async () => {
    const { comments, hidden } = await moderate('APPROVE', [3, 6, 7]);
    expect(comments).toEqual([
      { id: id(3), status: 'VISIBLE', parent: { id: id(2), status: 'VISIBLE' } },
      { id: id(6), status: 'VISIBLE', parent: { id: id(5), status: 'SPAM' } },
      { id: id(7), status: 'VISIBLE', parent: null },
    ]);
    expect(hidden).toEqual([
      { id: id(3), moderation: { hiddenBy: { id: id(1), status: 'REJECTED' } } },
      { id: id(6), moderation: { hiddenBy: { id: id(5), status: 'SPAM' } } },
    ]);
    expect(await readable(3, 6, 7)).toEqual([false, false, true]);

    // Approving comment 1 shows its approved replies; comment 4 still hides comment 5.
    expect((await moderate('APPROVE', [1, 5])).hidden).toEqual([
      { id: id(5), moderation: { hiddenBy: { id: id(4), status: 'PENDING' } } },
    ]);
    expect(await readable(1, 2, 3, 5, 6)).toEqual([true, true, true, false, false]);
    expect((await moderate('APPROVE', [4])).hidden).toEqual([]);
    expect(await readable(4, 5, 6)).toEqual([true, true, true]);
  });

  it('about many hidden replies takes as many statements as about two', async () => {
    await moderate('REJECT', [4]);
    const two = await moderate('APPROVE', [20, 21]);
    const many = await moderate(
      'APPROVE',
      Array.from({ length: 18 }, (_, n) => 22 + n),
    );
    expect(many.hidden).toHaveLength(18);
    expect(many.statements).toBe(two.statements);
  });
});

it('a circle of parents, which somebody has written into the database, keeps no statement busy', async () => {
  await write(gateway.sql, { articles: [{ id: 2 }], comments: [50, 51].map((id) => ({ id, article: 2 })) });
  await gateway.sql.query('UPDATE comment SET parent_id = 101 - id, visible = id = 51 WHERE article_id = 2');
  const moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  const { data } = await moderator.ask<{ moderationQueue: { nodes: unknown[] } }>(
    `query ($articleId: ID) { moderationQueue(status: VISIBLE, articleId: $articleId) {
      nodes { parent { id } moderation { hiddenBy { id } } } } }`,
    { articleId: encodeId('Article', 2) },
  );
  expect(data.moderationQueue.nodes).toEqual(
    [51, 50].map((parent) => ({ parent: { id: id(parent) }, moderation: { hiddenBy: null } })),
  );
  const added = await moderator.ask(
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { depth } } } }',
    { input: { articleId: encodeId('Article', 2), parentId: id(51), body: 'A reply' } },
  );
  expect(added.data).toEqual({ addComment: { comment: { depth: 1 } } });
});
