import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import type { TestSubscription } from './client.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], articles: Array.from({ length: 8 }, (_, i) => ({ id: i + 1 })) }),
  );
});

afterAll(() => gateway.stop());

const EVENTS = `subscription ($id: ID!, $after: EventCursor) { commentEvents(articleId: $id, after: $after) {
  __typename cursor ... on CommentAdded { comment { id depth body { html } author { name avatarUrl } createdAt } } } }`;

type Received = { commentEvents: { __typename: string; cursor: string } };

async function say(article: number, body: string): Promise<string> {
  const { data } = await gateway.ask<{ addComment: { comment: { id: string } } }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { id } } } }`,
    { input: { articleId: encodeId('Article', article), body, guest: { name: 'Ann', email: 'ann@example.com' } } },
  );
  return data.addComment.comment.id;
}

async function liveCursor(article: number): Promise<string> {
  const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
    `{ article(slug: "article-${article}") { liveCursor } }`,
  );
  return data.article.liveCursor;
}

async function stopAll(subscriptions: TestSubscription<unknown>[]): Promise<void> {
  await Promise.all(subscriptions.map((subscription) => subscription.stop()));
  await until('nobody follows', () => gateway.watched === 0);
}

describe('subscribers who see the same', () => {
  it('share reading, execution and serialisation: one more of them costs a send', async () => {
    const here = await liveCursor(1);
    const crowd = Array.from({ length: 100 }, () =>
      gateway.subscribe<Received>(EVENTS, { id: encodeId('Article', 1), after: here }),
    );
    await Promise.all(crowd.map((one) => one.arrived(1)));
    const before = await gateway.metrics();
    expect(before).toMatchObject({ sockets: 100, subscription_groups: 1, followed_logs: 1, waiting_characters: 0 });

    const statements = await gateway.statementsDuring(async () => {
      await say(1, 'for all');
      await Promise.all(crowd.map((one) => one.arrived(2)));
    });
    const after = await gateway.metrics();
    expect(after.results_rendered_total! - before.results_rendered_total!).toBe(1);
    expect(after.results_sent_total! - before.results_sent_total!).toBe(100);
    // Beyond those of the mutation: the log, and the comment.
    const alone = await gateway.statementsDuring(() => say(2, 'for nobody'));
    expect(statements.length - alone.length).toBe(2);
    await stopAll(crowd);
  });

  it('share what they missed, too, when they come back at once', async () => {
    const here = await liveCursor(3);
    for (let n = 0; n < 20; n++) await say(3, `missed ${n}`);
    const before = await gateway.metrics();
    const crowd: TestSubscription<Received>[] = [];
    const statements = await gateway.statementsDuring(async () => {
      for (let n = 0; n < 100; n++)
        crowd.push(gateway.subscribe<Received>(EVENTS, { id: encodeId('Article', 3), after: here }));
      for (const one of crowd) expect((await one.arrived(21)).at(-1)!.commentEvents.__typename).toBe('CaughtUp');
    });
    const after = await gateway.metrics();
    expect(after.results_sent_total! - before.results_sent_total!).toBe(2_100);
    // The page and the word that this was all, perhaps more than once on a slow machine.
    expect(after.results_rendered_total! - before.results_rendered_total!).toBeLessThan(5 * 21);
    // Whether the log has moved is asked for all who come while it is asked.
    expect(statements.length).toBeLessThan(100);
    await stopAll(crowd);
  });

  it('are members and guests alike, and one group per role of those who see more', async () => {
    const id = encodeId('Article', 4);
    const ask = (asking: Pick<TestGateway, 'subscribe'>) => asking.subscribe<Received>(EVENTS, { id });
    const crowd = [
      ask(gateway),
      ask(gateway.as({ name: 'Bea' })),
      ask(gateway.as({ name: 'Cem' })),
      ask(gateway.as({ name: 'Mona', role: 'MODERATOR' })),
    ];
    await until('all are live', async () => (await gateway.metrics()).live_subscriptions === 4);
    expect(await gateway.metrics()).toMatchObject({ sockets: 4, subscription_groups: 2, followed_logs: 1 });
    await say(4, 'hello');
    await Promise.all(crowd.map((one) => one.arrived(1)));
    await stopAll(crowd);
  });

  it('are alone where they ask what they themselves may do', async () => {
    const own = `subscription ($id: ID!) { commentEvents(articleId: $id) {
      ... on CommentAdded { comment { viewer { canEdit reactions } } }
      ... on CommentChanged { comment { viewer { reactions } } } } }`;
    const bea = gateway.as({ name: 'Bea' });
    const cem = gateway.as({ name: 'Cem' });
    const id = encodeId('Article', 5);
    const crowd = [gateway, bea, cem].map((one) =>
      one.subscribe<{ commentEvents: { comment: { viewer: { canEdit?: boolean; reactions: string[] } } } }>(own, {
        id,
      }),
    );
    await until('all are live', async () => (await gateway.metrics()).live_subscriptions === 3);
    expect((await gateway.metrics()).subscription_groups).toBe(3);
    const { data } = await bea.ask<{ addComment: { comment: { id: string } } }>(
      `mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { id } } } }`,
      { input: { articleId: id, body: 'by Bea' } },
    );
    const commentId = data.addComment.comment.id;
    await cem.ask(`mutation { react(input: { commentId: "${commentId}", kind: LIKE }) { __typename } }`);
    const seen = async (n: number) =>
      (await crowd[n]!.arrived(2)).map(({ commentEvents }) => commentEvents.comment.viewer);
    expect(await seen(0)).toEqual([{ canEdit: false, reactions: [] }, { reactions: [] }]);
    expect(await seen(1)).toEqual([{ canEdit: true, reactions: [] }, { reactions: [] }]);
    expect((await seen(2))[1]).toEqual({ reactions: ['LIKE'] });
    await stopAll(crowd);
  });

  it('are not those who ask for something else', async () => {
    const other = EVENTS.replace('depth', 'pinned');
    const crowd = [
      gateway.subscribe(EVENTS, { id: encodeId('Article', 6) }),
      gateway.subscribe(other, { id: encodeId('Article', 6) }),
      gateway.subscribe(EVENTS, { id: encodeId('Article', 7) }),
    ];
    await until('all are live', async () => (await gateway.metrics()).live_subscriptions === 3);
    expect((await gateway.metrics()).subscription_groups).toBe(3);
    await say(6, 'six');
    await Promise.all([crowd[0]!.arrived(1), crowd[1]!.arrived(1)]);
    expect(crowd[2]!.received).toEqual([]);
    await stopAll(crowd);
  });

  it('share also where the cursor stands in the document, or fills another place as well', async () => {
    const here = await liveCursor(8);
    await say(8, 'missed');
    const literal = `subscription ($id: ID!) { commentEvents(articleId: $id, after: "${here}") { __typename cursor } }`;
    const twice = `subscription ($id: ID!, $after: EventCursor!) { commentEvents(articleId: $id, after: $after) {
      __typename ... on CommentAdded { comment { article { events(after: $after) { events { __typename } } } } } } }`;
    const crowd = [
      gateway.subscribe<Received>(literal, { id: encodeId('Article', 8) }),
      gateway.subscribe<Received>(literal, { id: encodeId('Article', 8) }),
      gateway.subscribe<Received>(twice, { id: encodeId('Article', 8), after: here }),
    ];
    for (const one of crowd)
      expect((await one.arrived(2)).map(({ commentEvents }) => commentEvents.__typename)).toEqual([
        'CommentAdded',
        'CaughtUp',
      ]);
    expect(crowd[2]!.received[0]).toMatchObject({
      commentEvents: { comment: { article: { events: { events: [{ __typename: 'CommentAdded' }] } } } },
    });
    expect((await gateway.metrics()).subscription_groups).toBe(2);
    await stopAll(crowd);
  });
});
