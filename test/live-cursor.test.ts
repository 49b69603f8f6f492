import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2 }, { id: 3 }] }),
    { HOLD_LENGTH: '0' },
  );
});

afterAll(() => gateway.stop());

interface Discussion {
  liveCursor: string;
  commentCount: number;
  comments: { nodes: { id: string }[] };
  thread: { liveCursor: string };
}

const DISCUSSION = `article { liveCursor commentCount comments(first: 100, orderBy: OLDEST) { nodes { id } }
  thread(first: 1) { liveCursor } }`;

const ADD =
  'mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { id % } } } }';

const inputOf = (article: number, body: string) => ({
  articleId: encodeId('Article', article),
  body,
  guest: { name: 'Ann', email: 'ann@example.com' },
});

/** Four clients write at once. @returns the discussions of the answers, and the ids of all comments */
async function writeAtOnce(article: number): Promise<{ discussions: Discussion[]; ids: string[] }> {
  const discussions: Discussion[] = [];
  const ids: string[] = [];
  await Promise.all(
    Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; n < 12; n++) {
        const { data } = await gateway.ask<{ addComment: { comment: { id: string; article: Discussion } } }>(
          ADD.replace('%', DISCUSSION),
          { input: inputOf(article, `${writer}.${n}`) },
        );
        const { comment } = data.addComment;
        expect(comment.article.comments.nodes.map(({ id }) => id)).toContain(comment.id);
        discussions.push(comment.article);
        ids.push(comment.id);
      }
    }),
  );
  return { discussions, ids };
}

/** The discussion and the events after its cursor are all comments, each once. */
async function isOfOneMoment(article: number, discussion: Discussion, ids: readonly string[]): Promise<void> {
  const shown = discussion.comments.nodes.map(({ id }) => id);
  expect(shown).toHaveLength(discussion.commentCount);
  expect(discussion.thread.liveCursor).toBe(discussion.liveCursor);
  const { data } = await gateway.ask<{ article: { events: { events: { comment: { id: string } }[] } } }>(
    `query ($after: EventCursor!) { article(slug: "article-${article}") { events(after: $after, first: 100) {
      events { ... on CommentAdded { comment { id } } } } } }`,
    { after: discussion.liveCursor },
  );
  const followed = data.article.events.events.map(({ comment }) => comment.id);
  expect([...shown, ...followed].sort()).toEqual([...ids].sort());
}

describe('a liveCursor while others write', () => {
  it('is of the same moment as the rest of the payload of a mutation', async () => {
    const { discussions, ids } = await writeAtOnce(1);
    for (const discussion of discussions) await isOfOneMoment(1, discussion, ids);
  });

  it('is of the same moment as the rest of an event', async () => {
    const stream = gateway.subscribe<{ commentEvents: { comment?: { article: Discussion } } }>(
      `subscription { commentEvents(articleId: "${encodeId('Article', 2)}") {
        ... on CommentAdded { comment { ${DISCUSSION} } } } }`,
    );
    await until('it is live', async () => (await gateway.metrics()).live_subscriptions === 1);
    const { ids } = await writeAtOnce(2);
    const events = await stream.arrived(1 + ids.length);
    for (const { commentEvents } of events.slice(1)) await isOfOneMoment(2, commentEvents.comment!.article, ids);
    await stream.stop();
  });

  it('of each field of a mutation is later than the changes before it', async () => {
    const { data } = await gateway.ask<Record<string, { comment: { id: string; article: Discussion } }>>(
      `mutation ($one: AddCommentInput!, $two: AddCommentInput!) {
        one: addComment(input: $one) { ... on AddCommentSuccess { comment { id ${DISCUSSION} } } }
        two: addComment(input: $two) { ... on AddCommentSuccess { comment { id ${DISCUSSION} } } } }`,
      { one: inputOf(3, 'One'), two: inputOf(3, 'Two') },
    );
    const { one, two } = data as { one: { comment: { id: string; article: Discussion } }; two: typeof one };
    const ids = [one!.comment.id, two!.comment.id];
    expect([one!.comment.article.commentCount, two!.comment.article.commentCount]).toEqual([1, 2]);
    await isOfOneMoment(3, one!.comment.article, ids);
    await isOfOneMoment(3, two!.comment.article, ids);
  });
});
