import { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { exchange, type TestSubscription } from './client.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { openAcknowledged } from './protocol/socket.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], articles: Array.from({ length: 8 }, (_, i) => ({ id: i + 1 })) }),
  );
  // The first comment of a gateway takes more statements: it reads the forbidden words.
  await addComment(8, 'first');
});

// Each test counts what is open.
afterEach(async () => {
  await gateway.endSubscriptions();
  await until('no log is followed', () => gateway.watched === 0);
});

afterAll(() => gateway.stop());

const EVENTS = `subscription ($id: ID!, $after: EventCursor) { commentEvents(articleId: $id, after: $after) {
  __typename cursor ... on CommentAdded { comment { id depth body { html } author { name avatarUrl } createdAt } } } }`;

type Received = { commentEvents: { __typename: string; cursor: string } };

async function addComment(article: number, body: string): Promise<string> {
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

/** Subscriptions over WebSockets that have begun so far. */
async function begunSubscriptions(): Promise<number> {
  const { body } = await exchange(new URL('/metrics', gateway.url), {});
  return Number(/^broadsheet_operations_total\{transport="websocket"\} (\d+)$/m.exec(body)?.[1] ?? 0);
}

/** Stops the time by which the gateway divides its rendering into slices: all of it is done in one. */
async function inOneSlice<Result>(work: () => Promise<Result>): Promise<Result> {
  const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  try {
    return await work();
  } finally {
    now.mockRestore();
  }
}

describe('subscribers to the same document', () => {
  it('share reading, execution and serialization of an event, so that each further one costs one send', async () => {
    const here = await liveCursor(1);
    const crowd = Array.from({ length: 100 }, () =>
      gateway.subscribe<Received>(EVENTS, { id: encodeId('Article', 1), after: here }),
    );
    await Promise.all(crowd.map((one) => one.arrived(1)));
    const before = await gateway.metrics();
    expect(before).toMatchObject({ sockets: 100, subscription_groups: 1, followed_logs: 1, waiting_characters: 0 });

    const statements = await gateway.statementsDuring(async () => {
      await addComment(1, 'for all');
      await Promise.all(crowd.map((one) => one.arrived(2)));
    });
    const after = await gateway.metrics();
    expect(after.results_rendered_total! - before.results_rendered_total!).toBe(1);
    expect(after.results_sent_total! - before.results_sent_total!).toBe(100);
    // Besides the statements of the mutation: one for the log, one for the comment, one whether the article is public still.
    const alone = await gateway.statementsDuring(() => addComment(2, 'without subscribers'));
    expect(statements.length - alone.length).toBe(3);
  });

  it('read the rows of an event once, also when their texts differ', async () => {
    const here = await liveCursor(4);
    // As many as one sender may have.
    const crowd = Array.from({ length: 20 }, (_, n) =>
      gateway.subscribe<Received>(EVENTS.replace('{ id depth', `{ a${n}: id depth`), {
        id: encodeId('Article', 4),
        after: here,
      }),
    );
    await Promise.all(crowd.map((one) => one.arrived(1)));
    expect((await gateway.metrics()).subscription_groups).toBe(20);
    const statements = await inOneSlice(() =>
      gateway.statementsDuring(async () => {
        await addComment(4, 'for all');
        await Promise.all(crowd.map((one) => one.arrived(2)));
      }),
    );
    const alone = await gateway.statementsDuring(() => addComment(2, 'without subscribers'));
    // The log, the comment, and whether the article is public still.
    expect(statements.length - alone.length).toBe(3);
  });

  it('share the missed events when they resume at the same time', async () => {
    const here = await liveCursor(3);
    for (let n = 0; n < 20; n++) await addComment(3, `missed ${n}`);
    const before = await gateway.metrics();
    const begunBefore = await begunSubscriptions();
    // Their events are read when all of them have subscribed, however long that takes.
    const lock = await gateway.secondConnection();
    await lock.query('BEGIN; LOCK TABLE comment_event IN ACCESS EXCLUSIVE MODE');
    const crowd: TestSubscription<Received>[] = [];
    const statements = await gateway.statementsDuring(async () => {
      for (let n = 0; n < 100; n++)
        crowd.push(gateway.subscribe<Received>(EVENTS, { id: encodeId('Article', 3), after: here }));
      await until('all have subscribed', async () => (await begunSubscriptions()) === begunBefore + 100);
      await lock.end();
      for (const one of crowd) expect((await one.arrived(21)).at(-1)!.commentEvents.__typename).toBe('CaughtUp');
    });
    const after = await gateway.metrics();
    expect(after.results_sent_total! - before.results_sent_total!).toBe(2_100);
    // The page and the notice CaughtUp; on a slow machine perhaps more than once.
    expect(after.results_rendered_total! - before.results_rendered_total!).toBeLessThan(5 * 21);
    // One statement reads the log for all who resume while it runs.
    expect(statements.filter((text) => text.includes('comment_event')).length).toBeLessThan(20);
  });

  it('are one group of guests and members, and one group for each role that sees more', async () => {
    const id = encodeId('Article', 4);
    const subscribe = (client: Pick<TestGateway, 'subscribe'>) => client.subscribe<Received>(EVENTS, { id });
    const crowd = [
      subscribe(gateway),
      subscribe(gateway.as({ name: 'Bea' })),
      subscribe(gateway.as({ name: 'Cem' })),
      subscribe(gateway.as({ name: 'Mona', role: 'MODERATOR' })),
    ];
    await until('all subscriptions are live', async () => (await gateway.metrics()).live_subscriptions === 4);
    expect(await gateway.metrics()).toMatchObject({ sockets: 4, subscription_groups: 2, followed_logs: 1 });
    await addComment(4, 'hello');
    await Promise.all(crowd.map((one) => one.arrived(2)));
  });

  it('are one group each when the document selects what the viewer may do', async () => {
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
    await until('all subscriptions are live', async () => (await gateway.metrics()).live_subscriptions === 3);
    expect((await gateway.metrics()).subscription_groups).toBe(3);
    const { data } = await bea.ask<{ addComment: { comment: { id: string } } }>(
      `mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { id } } } }`,
      { input: { articleId: id, body: 'by Bea' } },
    );
    const commentId = data.addComment.comment.id;
    await cem.ask(`mutation { react(input: { commentId: "${commentId}", kind: LIKE }) { __typename } }`);
    const seen = async (n: number) =>
      (await crowd[n]!.arrived(3)).slice(1).map(({ commentEvents }) => commentEvents.comment.viewer);
    expect(await seen(0)).toEqual([{ canEdit: false, reactions: [] }, { reactions: [] }]);
    expect(await seen(1)).toEqual([{ canEdit: true, reactions: [] }, { reactions: [] }]);
    expect((await seen(2))[1]).toEqual({ reactions: ['LIKE'] });
  });

  it('are not in the group of another document or another article', async () => {
    const other = EVENTS.replace('depth', 'pinned');
    const crowd = [
      gateway.subscribe(EVENTS, { id: encodeId('Article', 6) }),
      gateway.subscribe(other, { id: encodeId('Article', 6) }),
      gateway.subscribe(EVENTS, { id: encodeId('Article', 7) }),
    ];
    await until('all subscriptions are live', async () => (await gateway.metrics()).live_subscriptions === 3);
    expect((await gateway.metrics()).subscription_groups).toBe(3);
    await addComment(6, 'six');
    await Promise.all([crowd[0]!.arrived(2), crowd[1]!.arrived(2)]);
    expect(crowd[2]!.received).toMatchObject([{ commentEvents: { __typename: 'CaughtUp' } }]);
  });

  it('share a group also when the cursor is a literal, and when its variable is used twice', async () => {
    const here = await liveCursor(8);
    await addComment(8, 'missed');
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
  });
});

/** The writes to sockets of the gateway's clients while something is done. Several parts of one write count as one. */
async function writesDuring(work: () => Promise<void>): Promise<number> {
  let writes = 0;
  const { prototype } = Socket as unknown as { prototype: Record<'_write' | '_writev', (...args: never[]) => void> };
  const spies = (['_write', '_writev'] as const).map((name) => {
    const write = prototype[name];
    return vi.spyOn(prototype, name).mockImplementation(function (this: { server?: unknown }, ...args) {
      if (this.server) writes += 1;
      write.apply(this, args);
    });
  });
  await work();
  for (const spy of spies) spy.mockRestore();
  return writes;
}

it('subscribers to different documents on one connection are sent an event with one system call', async () => {
  // As many as one sender may have.
  const COUNT = 20;
  const socket = await openAcknowledged(gateway);
  const id = encodeId('Article', 1);
  for (let n = 0; n < COUNT; n++)
    socket.subscribe(`s${n}`, `subscription { commentAdded(articleId: "${id}") { a${n}: id } }`);
  await until('all are live', async () => (await gateway.metrics()).live_subscriptions === COUNT);
  const writes = await inOneSlice(() =>
    writesDuring(async () => {
      await addComment(1, 'for all');
      await until('all have it', () => socket.messages.filter(({ type }) => type === 'next').length === COUNT);
    }),
  );
  // With the response to the mutation, and pings.
  expect(writes).toBeLessThan(10);
  await socket.close();
});
