import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeEventCursor } from '../schema/content/event-cursor.ts';
import { encodeId } from '../schema/content/ids.ts';
import { verify } from '../src/database/derived/verify.ts';
import { asSeen } from './as-seen.ts';
import type { Answer, Client } from './client.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
let moderator: Client;
let reader: Client;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }] }),
  );
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
  reader = gateway.as({ name: 'Rita' });
});

afterAll(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  await gateway.stop();
});

interface Result {
  __typename: string;
  code: string;
  message: string;
  path: string[];
  receipt: string | null;
  comment: { id: string; status: string };
  comments: { id: string; status: string; pinned: boolean }[];
}

/** Runs a mutation and gives its result, whichever of the union it is. */
async function run(who: Client, mutation: string, type: string, input: Record<string, unknown>): Promise<Result> {
  const shape = { addComment: 'receipt comment { id status }', moderateComments: 'comments { id status pinned }' }[
    mutation
  ];
  const name = mutation[0]!.toUpperCase() + mutation.slice(1);
  const { data, errors } = await who.ask<Record<string, Result>>(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) {
      __typename ... on Error { code message } ... on ${name}Success { ${shape ?? 'comment { id status }'} }
    } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[mutation]!;
}

let written = 0;

async function add(parentId?: string, { article = 1, who = reader } = {}): Promise<string> {
  const input = {
    articleId: encodeId('Article', article),
    body: `Comment ${written++}`,
    ...(parentId && { parentId }),
  };
  return (await run(who, 'addComment', 'AddCommentInput', input)).comment.id;
}

async function moderate(action: string, ids: string[], reason: string | null = null, who = moderator): Promise<Result> {
  const comments = await asSeen(gateway.sql, ids);
  return run(who, 'moderateComments', 'ModerateCommentsInput', { comments, action, reason });
}

const react = (commentId: string, input: Record<string, unknown> = {}, who: Client = reader) =>
  run(who, 'react', 'ReactInput', { commentId, kind: 'LIKE', ...input });
const report = (commentId: string, who: Client, reason = 'Rude') =>
  run(who, 'reportComment', 'ReportCommentInput', { commentId, reason });
const remove = (id: string, input: Record<string, unknown> = {}, who: Client = reader) =>
  run(who, 'removeComment', 'RemoveCommentInput', { id, ...input });

/** Comments as anyone sees them: null for what is not there. */
async function seen(...ids: string[]) {
  const { data } = await gateway.ask<{ nodes: unknown[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Comment { status replyCount descendantCount body { text } } } }',
    { ids },
  );
  return data.nodes as ({ status: string; replyCount: number; descendantCount: number; body: object | null } | null)[];
}

async function position(): Promise<string> {
  const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
    '{ article(slug: "article-1") { liveCursor } }',
  );
  return data.article.liveCursor;
}

/** The events after a cursor: kinds with ids. */
async function eventsAfter(after: string): Promise<string[][]> {
  const { rows } = await gateway.sql.query<{ kind: string; comment_id: number }>(
    'SELECT kind, comment_id FROM comment_event WHERE article_id = 1 AND sequence > $1 ORDER BY sequence',
    [decodeEventCursor(after)!.sequence],
  );
  return rows.map(({ kind, comment_id }) => [kind, encodeId('Comment', comment_id)]);
}

const commentCount = async () =>
  (await gateway.ask<{ article: { commentCount: number } }>('{ article(slug: "article-1") { commentCount } }')).data
    .article.commentCount;

describe('moderateComments', () => {
  it('lets a held comment through, which announces it, and withdraws it with all replies', async () => {
    const [top, before] = [await add(), await commentCount()];
    const child = await add(top);
    const grandchild = await add(child);
    const start = await position();
    expect((await moderate('REJECT', [child], 'Off topic')).comments).toEqual([
      { id: child, status: 'REJECTED', pinned: false },
    ]);
    expect(await eventsAfter(start)).toEqual([
      ['REMOVED', grandchild],
      ['REMOVED', child],
    ]);
    expect(await seen(top, child, grandchild)).toMatchObject([{ replyCount: 0, descendantCount: 0 }, null, null]);
    expect(await commentCount()).toBe(before);

    const middle = await position();
    await moderate('APPROVE', [child]);
    expect(await eventsAfter(middle)).toEqual([
      ['ADDED', child],
      ['ADDED', grandchild],
    ]);
    expect(await seen(top, child, grandchild)).toMatchObject([
      { replyCount: 1, descendantCount: 2 },
      { status: 'VISIBLE', replyCount: 1 },
      { status: 'VISIBLE' },
    ]);
    expect(await commentCount()).toBe(before + 2);
  });

  it('does all of it or nothing, and says what is missing', async () => {
    const [one, other] = [await add(), encodeId('Comment', 999_999)];
    const start = await position();
    expect(await moderate('SPAM', [one, other])).toMatchObject({ code: 'NOT_FOUND' });
    expect(await moderate('SPAM', [one, 'nonsense'])).toMatchObject({ code: 'NOT_FOUND' });
    expect(await moderate('SPAM', [])).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await moderate('SPAM', Array(101).fill(one))).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await moderate('SPAM', [one], 'x'.repeat(501))).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await eventsAfter(start)).toEqual([]);
    expect(await seen(one)).toMatchObject([{ status: 'VISIBLE' }]);
  });

  it('is for moderators; others get the same error whether it has comments or not', async () => {
    const held = await add(undefined, { article: 2 });
    for (const who of [gateway, reader, gateway.as({ name: 'Wanda', role: 'WRITER' })]) {
      const answers = await Promise.all(
        [held, encodeId('Comment', 999_999)].map((id) => moderate('APPROVE', [id], null, who)),
      );
      expect(answers[0]).toEqual(answers[1]);
      expect(answers[0]).toMatchObject({ code: 'FORBIDDEN' });
    }
  });

  it('decides about comments of several articles at once', async () => {
    const ids = [await add(undefined, { article: 2 }), await add(), await add(undefined, { article: 2 })];
    expect((await moderate('APPROVE', ids)).comments.map(({ status }) => status)).toEqual(Array(3).fill('VISIBLE'));
  });

  it('puts forward and back what is visible, once', async () => {
    const [id, start] = [await add(), await position()];
    expect((await moderate('PIN', [id])).comments).toMatchObject([{ pinned: true }]);
    await moderate('PIN', [id]);
    expect((await moderate('UNPIN', [id])).comments).toMatchObject([{ pinned: false }]);
    expect(await eventsAfter(start)).toEqual([
      ['CHANGED', id],
      ['CHANGED', id],
    ]);
    await moderate('REJECT', [id]);
    expect(await moderate('PIN', [id])).toMatchObject({ code: 'INVALID_INPUT' });
    await moderate('REMOVE', [id]);
    expect(await moderate('APPROVE', [id])).toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('removeComment', () => {
  it('leaves a placeholder while a visible reply is below it, and removes the placeholder with the last one', async () => {
    const top = await add();
    const middle = await add(top);
    const last = await add(middle);
    const start = await position();
    expect((await remove(middle)).comment.status).toBe('REMOVED');
    expect(await seen(top, middle, last)).toMatchObject([
      { replyCount: 0, descendantCount: 1 },
      { status: 'REMOVED', body: null, replyCount: 1 },
      { status: 'VISIBLE' },
    ]);
    await remove(top);
    await moderate('REMOVE', [last]);
    expect(await seen(top, middle, last)).toEqual([null, null, null]);
    expect(await eventsAfter(start)).toEqual([
      ['REMOVED', middle],
      ['REMOVED', top],
      ['REMOVED', last],
      ['REMOVED', middle],
      ['REMOVED', top],
    ]);
    const back = await position();
    await moderate('RESTORE', [last]);
    expect(await eventsAfter(back)).toEqual([
      ['ADDED', top],
      ['ADDED', middle],
      ['ADDED', last],
    ]);
    expect(await seen(top, middle, last)).toMatchObject([{ body: null }, { body: null }, { status: 'VISIBLE' }]);
  });

  it('is for who wrote it, and again changes nothing', async () => {
    const [id, held] = [await add(), await add(undefined, { article: 2 })];
    const other = gateway.as({ name: 'Otto' });
    expect(await remove(id, {}, other)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await remove(id, {}, gateway)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await remove(held, {}, other)).toEqual(await remove(encodeId('Comment', 999_999), {}, other));
    await moderate('REJECT', [id]);
    expect(await remove(id)).toMatchObject({ code: 'FORBIDDEN' });
    await moderate('APPROVE', [id]);
    await remove(id);
    const start = await position();
    expect((await remove(id)).comment.status).toBe('REMOVED');
    expect(await eventsAfter(start)).toEqual([]);
  });

  it('by a moderator is a decision: it is in the history as REMOVE, and settles the open reports', async () => {
    const [id, own] = [await add(), await add(undefined, { who: moderator })];
    for (const one of [id, own]) await report(one, gateway.as({ name: 'Otto' }));
    await remove(id, {}, moderator);
    await remove(own, {}, moderator);
    const { data } = await moderator.ask<{ moderationQueue: { nodes: { id: string; moderation: unknown }[] } }>(
      '{ moderationQueue(status: REMOVED, first: 100) { nodes { id moderation { openReports history { by { name } action status } } } } }',
    );
    const moderations = new Map(data.moderationQueue.nodes.map((one) => [one.id, one.moderation]));
    const entry = { by: { name: 'Mo' }, status: 'REMOVED' };
    expect([moderations.get(id), moderations.get(own)]).toEqual([
      { openReports: 0, history: [{ ...entry, action: 'REMOVE' }] },
      { openReports: 1, history: [{ ...entry, action: null }] },
    ]);
    await moderate('RESTORE', [id]);
    expect(await seen(id)).toMatchObject([{ status: 'VISIBLE' }]);
  });

  it('takes the receipt of a guest, and of that comment alone', async () => {
    const input = { articleId: encodeId('Article', 1), guest: { name: 'Gus', email: 'gus@example.com' } };
    const [one, other] = [
      await run(gateway, 'addComment', 'AddCommentInput', { ...input, body: 'One' }),
      await run(gateway, 'addComment', 'AddCommentInput', { ...input, body: 'Other' }),
    ];
    expect(await remove(one.comment.id, { receipt: other.receipt }, gateway)).toMatchObject({ code: 'FORBIDDEN' });
    expect((await remove(one.comment.id, { receipt: one.receipt }, gateway)).comment.status).toBe('REMOVED');
  });
});

describe('react', () => {
  it('is a switch, one of each kind per person, and counts', async () => {
    const [id, start] = [await add(), await position()];
    const ask = (who: Client) =>
      who.ask<{ comment: { reactions: object[]; viewer: { reactions: string[] } } }>(
        'query ($id: ID!) { comment(id: $id) { reactions { kind count } viewer { reactions } } }',
        { id },
      );
    await Promise.all(Array.from({ length: 10 }, () => react(id)));
    await react(id, { kind: 'SAD' });
    await react(id, {}, moderator);
    expect((await ask(reader)).data.comment).toEqual({
      reactions: [
        { kind: 'LIKE', count: 2 },
        { kind: 'SAD', count: 1 },
      ],
      viewer: { reactions: ['LIKE', 'SAD'] },
    });
    await Promise.all(Array.from({ length: 10 }, () => react(id, { on: false })));
    expect((await ask(gateway)).data.comment).toMatchObject({ viewer: { reactions: [] } });
    expect((await ask(reader)).data.comment.viewer.reactions).toEqual(['SAD']);
    // reactions.test.ts tests when events are written; this waits so that none is written during a later test.
    await until('the event is in the log', async () => {
      const { rowCount } = await gateway.sql.query('SELECT FROM comment_reaction_notice');
      return rowCount === 0;
    });
    expect(new Set((await eventsAfter(start)).map(String))).toEqual(new Set([`CHANGED,${id}`]));
  });

  it('is for those signed in, about what anyone can read', async () => {
    const [id, held] = [await add(), await add(undefined, { article: 2 })];
    expect(await react(id, {}, gateway)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await react(held)).toEqual(await react(encodeId('Comment', 999_999)));
    expect(await react(held)).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('reportComment', () => {
  it('withdraws a comment at the fifth person, until a moderator decides', async () => {
    const id = await add();
    const readers = Array.from({ length: 6 }, (_, n) => gateway.as({ name: `Reporter ${n}` }));
    for (const who of readers.slice(0, 4)) for (const _ of [1, 2]) expect((await report(id, who)).comment.id).toBe(id);
    expect(await seen(id)).toMatchObject([{ status: 'VISIBLE' }]);
    await report(id, readers[4]!);
    expect(await seen(id)).toEqual([null]);
    expect(await report(id, readers[5]!)).toMatchObject({ code: 'NOT_FOUND' });

    await moderate('APPROVE', [id], 'Harmless');
    await report(id, readers[5]!);
    expect(await seen(id)).toMatchObject([{ status: 'VISIBLE' }]);
    const { data } = await moderator.ask<{ comment: { moderation: unknown } }>(
      `query ($id: ID!) { comment(id: $id) { moderation {
        holdReasons guestEmail reports { author { name } reason settled } history { by { name } action status reason } } } }`,
      { id },
    );
    expect(data.comment.moderation).toEqual({
      holdReasons: ['Reported by 5 readers.'],
      guestEmail: null,
      reports: readers.map((_, n) => ({ author: { name: `Reporter ${n}` }, reason: 'Rude', settled: n < 5 })),
      history: [
        { by: null, action: null, status: 'PENDING', reason: 'Reported by 5 readers.' },
        { by: { name: 'Mo' }, action: 'APPROVE', status: 'VISIBLE', reason: 'Harmless' },
      ],
    });
  });

  it('requires a reason and a signed-in reader', async () => {
    const id = await add();
    expect(await report(id, reader, ' ')).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await report(id, gateway)).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('moderationQueue', () => {
  const QUEUE = `query ($first: Int = 2, $after: String, $status: CommentStatus, $articleId: ID) {
    moderationQueue(first: $first, after: $after, status: $status, articleId: $articleId) {
      nodes { id viewer { canEdit reactions } author { name } moderation { holdReasons reports { reason author { name } } history { reason } versions { body { text } } } }
      pageInfo { hasNextPage endCursor } totalCount
    }
  }`;
  interface Queue {
    moderationQueue: {
      nodes: { id: string; moderation: { holdReasons: string[] } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
      totalCount: number;
    };
  }

  it('pages through what waits, oldest first, in as many statements for five as for one', async () => {
    const held = [];
    for (let n = 0; n < 5; n++) held.push(await add(undefined, { article: 2 }));
    const articleId = encodeId('Article', 2);
    const found: string[] = [];
    for (let after: string | null = null; ; ) {
      const answer: Answer<Queue> = await moderator.ask<Queue>(QUEUE, { after, articleId });
      const { nodes, pageInfo, totalCount } = answer.data.moderationQueue;
      found.push(...nodes.map(({ id }) => id));
      for (const { moderation } of nodes) expect(moderation.holdReasons).toEqual([expect.stringMatching(/waits for/)]);
      expect(totalCount).toBeGreaterThanOrEqual(5);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(found.slice(-5)).toEqual(held);
    expect(new Set(found).size).toBe(found.length);
    const [one, many] = [1, 5].map((first) => () => moderator.ask<Queue>(QUEUE, { first, articleId }));
    expect((await many!()).statements).toHaveLength((await one!()).statements.length);
    await moderate('SPAM', held);
    const spam = await moderator.ask<Queue>(QUEUE, { status: 'SPAM', articleId });
    expect(spam.data.moderationQueue.nodes.map(({ id }) => id)).toEqual(held.slice(0, 2));
  });

  it('is for moderators', async () => {
    for (const who of [gateway, reader])
      expect((await who.ask(QUEUE)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const id = await add();
    const { data } = await reader.ask('query ($id: ID!) { comment(id: $id) { moderation { guestEmail } } }', { id });
    expect(data).toEqual({ comment: { moderation: null } });
  });
});
