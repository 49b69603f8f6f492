import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { asSeen } from './as-seen.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
let ann: Client;
let moderator: Client;
let written = 0;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }, { id: 3 }] }),
  );
  ann = gateway.as({ name: 'Ann' });
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
});

afterAll(() => gateway.stop());

interface Added {
  held: boolean;
  cursor: string | null;
  comment: { id: string };
}

async function add(article: number, input: Record<string, unknown> = {}): Promise<Added> {
  const { data } = await ann.ask<{ addComment: Added }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { held cursor comment { id } } } }`,
    { input: { articleId: encodeId('Article', article), body: `Words ${written++}`, ...input } },
  );
  return data.addComment;
}

async function moderate(action: string, ...ids: string[]) {
  const { data } = await moderator.ask<{ moderateComments: { comments: object[] } }>(
    `mutation ($input: ModerateCommentsInput!) { moderateComments(input: $input) {
      ... on ModerateCommentsSuccess { comments { id status version body { text } parent { id } } } } }`,
    { input: { action, comments: await asSeen(gateway.sql, ids) } },
  );
  return data.moderateComments.comments;
}

async function liveCursor(article: number): Promise<string> {
  const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
    `{ article(slug: "article-${article}") { liveCursor } }`,
  );
  return data.article.liveCursor;
}

interface Event {
  __typename: string;
  cursor: string;
  leavesPlace?: boolean;
  comment?: { id: string; status: string; body: object | null };
}

const EVENT = `__typename cursor ... on CommentAdded { comment { id status version body { text } parent { id } } }
  ... on CommentRemoved { leavesPlace comment { id status version body { text } parent { id } } }`;

const subscribe = (who: Pick<Client, 'subscribe'>, article: number, after: string) =>
  who.subscribe<{ commentEvents: Event }>(
    `subscription ($id: ID!, $after: EventCursor) { commentEvents(articleId: $id, after: $after) { ${EVENT} } }`,
    { id: encodeId('Article', article), after },
  );

async function poll(who: Client, article: number, after: string): Promise<Event[]> {
  const { data } = await who.ask<{ article: { events: { events: Event[] } } }>(
    `query ($slug: String!, $after: EventCursor!) { article(slug: $slug) { events(after: $after) { events { ${EVENT} } } } }`,
    { slug: `article-${article}`, after },
  );
  return data.article.events.events;
}

describe('CommentRemoved.leavesPlace', () => {
  it('is true while something below is visible, and false when the row goes, live and polled', async () => {
    const top = (await add(1)).comment.id;
    const middle = (await add(1, { parentId: top })).comment.id;
    const last = (await add(1, { parentId: middle })).comment.id;
    const start = await liveCursor(1);
    const live = subscribe(gateway, 1, start);
    await live.arrived(1);
    await moderate('REMOVE', middle);
    expect((await live.arrived(2))[1]!.commentEvents).toMatchObject({ leavesPlace: true, comment: { id: middle } });
    expect(await poll(gateway, 1, start)).toMatchObject([{ leavesPlace: true, comment: { id: middle, body: null } }]);
    // A rejected comment leaves no place: what is below it is hidden with it.
    await moderate('REJECT', top);
    const gone = (await live.arrived(5)).slice(2).map(({ commentEvents }) => commentEvents);
    expect(gone.map(({ comment }) => comment!.id)).toEqual([last, middle, top]);
    expect(gone.map(({ leavesPlace }) => leavesPlace)).toEqual([false, false, false]);
    await live.stop();
  });
});

describe('CommentRemoved.comment', () => {
  it('is a placeholder for readers, and for moderators the same as in queries', async () => {
    const top = (await add(3)).comment.id;
    const reply = (await add(3, { parentId: top })).comment.id;
    const start = await liveCursor(3);
    const [decided] = await moderate('REJECT', top);
    expect(decided).toMatchObject({ status: 'REJECTED', body: { text: expect.any(String) } });
    const { data } = await moderator.ask<{ moderationQueue: { nodes: object[] } }>(
      `{ moderationQueue(status: REJECTED) { nodes { id status version body { text } parent { id } } } }`,
    );
    for (const who of [moderator, gateway, ann]) {
      const polled = await poll(who, 3, start);
      const live = subscribe(who, 3, start);
      expect((await live.arrived(2)).slice(0, 2).map(({ commentEvents }) => commentEvents)).toEqual(polled);
      await live.stop();
      const comments = polled.map(({ comment }) => comment);
      if (who === moderator) {
        expect(data.moderationQueue.nodes).toContainEqual(comments[1]);
        expect(comments[1]).toEqual(decided);
        expect(comments[0]).toMatchObject({ id: reply, status: 'VISIBLE', parent: { id: top } });
      } else
        expect(comments).toMatchObject([
          { id: reply, status: 'REMOVED', body: null, parent: null },
          { id: top, status: 'REMOVED', body: null },
        ]);
    }
  });
});

describe('AddCommentSuccess.cursor', () => {
  it('is that of the comment: resuming after it does not deliver the comment again, resuming before does', async () => {
    const before = await liveCursor(1);
    const [added, next] = [await add(1), await add(1)];
    const resumed = async (after: string): Promise<Event[]> => {
      const subscription = subscribe(gateway, 1, after);
      const found: Event[] = [];
      for (let n = 1; found.at(-1)?.__typename !== 'CaughtUp'; n++)
        found.push((await subscription.arrived(n))[n - 1]!.commentEvents);
      await subscription.stop();
      return found.slice(0, -1);
    };
    expect(await resumed(added.cursor!)).toMatchObject([{ cursor: next.cursor, comment: { id: next.comment.id } }]);
    expect(await resumed(before)).toMatchObject([
      { cursor: added.cursor, comment: { id: added.comment.id } },
      { cursor: next.cursor, comment: { id: next.comment.id } },
    ]);
  });

  it('is null while the comment is held; a repeated request has it after the approval', async () => {
    const input = { idempotencyKey: 'once', body: 'The same words' };
    const held = await add(2, input);
    expect(held).toMatchObject({ held: true, cursor: null });
    expect(await add(2, input)).toEqual(held);
    const start = await liveCursor(2);
    await moderate('APPROVE', held.comment.id);
    const repeated = await add(2, input);
    expect(repeated).toEqual({ ...held, held: false, cursor: (await poll(gateway, 2, start))[0]!.cursor });
    expect(repeated.cursor).not.toBeNull();
  });
});
