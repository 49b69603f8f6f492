import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { verify } from '../src/database/derived/verify.ts';
import { createLogger } from '../src/logger.ts';
import { start } from '../src/start.ts';
import { asSeen } from './as-seen.ts';
import type { Answer, Client, TestSubscription } from './client.ts';
import { everyTransport } from './every-transport.ts';
import { JWT_SECRET, leavesNothing, startGateway, type TestGateway, tokenOf, until } from './gateway.ts';
import { openStream } from './http/requests.ts';
import { needsRedis, startRedis } from './redis-server.ts';
import { write } from './seed.ts';
import { whileClockStands } from './stopped-clock.ts';

const LINKS = 'https://a.example https://b.example https://c.example';
const GUEST = { name: 'Gus', email: 'gus@example.com' };

let gateway: TestGateway;
let ann: Client;
let moderator: Client;
let written = 0;

const seed = (sql: TestGateway['sql']) =>
  write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2, policy: 'MODERATED' }] });

beforeAll(async () => {
  gateway = await startGateway(seed, { REPORT_LIMIT: '2' });
  ann = gateway.as({ name: 'Ann' });
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
});

afterAll(async () => {
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  await gateway.stop();
});

interface Event {
  __typename: string;
  comment: { id: string; status: string; version: number; pendingBody: { text: string } | null };
  reasons?: string[];
  openReports?: number;
  action?: string | null;
  by?: { name: string };
}

const EVENTS = `subscription { moderationEvents { __typename at comment { id status version pendingBody { text } }
  ... on CommentHeld { reasons } ... on CommentReported { openReports } ... on CommentDecided { action by { name } } } }`;

interface Result {
  code?: string;
  receipt?: string;
  comment?: { id: string };
}

async function run(who: Client, mutation: string, input: Record<string, unknown>): Promise<Result> {
  const name = mutation[0]!.toUpperCase() + mutation.slice(1);
  const select = { moderateComments: 'comments { id }', addComment: 'receipt comment { id }' }[mutation];
  const { data, errors } = await who.ask<Record<string, Result>>(
    `mutation ($input: ${name}Input!) { ${mutation}(input: $input) {
      ... on Error { code } ... on ${name}Success { ${select ?? 'comment { id }'} } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data[mutation]!;
}

async function add(
  article: number,
  who = ann,
  input: Record<string, unknown> = {},
): Promise<{ id: string; receipt: string }> {
  const body = `Words ${written++}`;
  const added = await run(who, 'addComment', { articleId: encodeId('Article', article), body, ...input });
  return { id: added.comment!.id, receipt: added.receipt! };
}

const decide = async (action: string, ...ids: string[]) =>
  run(moderator, 'moderateComments', { action, comments: await asSeen(gateway.sql, ids) });
const edit = (id: string, body: string, who = ann) => run(who, 'editComment', { id, body });
const report = (commentId: string, name: string) =>
  run(gateway.as({ name }), 'reportComment', { commentId, reason: `Rude, says ${name}` });

/** A moderator's subscription that is live, and what arrives after that. */
async function listen(
  who: Client,
): Promise<TestSubscription<{ moderationEvents: Event }> & { next(n: number): Promise<Event[]> }> {
  await leavesNothing(gateway);
  const subscription = who.subscribe<{ moderationEvents: Event }>(EVENTS);
  await until('it is live', async () => (await gateway.metrics()).live_subscriptions === 1);
  let taken = 0;
  const next = async (n: number): Promise<Event[]> => {
    const events = (await subscription.arrived(taken + n)).slice(taken, taken + n);
    taken += n;
    return events.map(({ moderationEvents }) => moderationEvents);
  };
  return { ...subscription, next };
}

describe('moderationEvents', () => {
  it('delivers what comes to wait, is reported and was decided, by whomever, each once and in order', async () => {
    const events = await listen(gateway.as({ name: 'Ada', role: 'ADMIN' }));
    const held = await add(2);
    const reasons = ['Every comment on this article waits for a moderator.'];
    const pending = { id: held.id, status: 'PENDING', version: 1, pendingBody: null };
    expect(await events.next(1)).toMatchObject([{ __typename: 'CommentHeld', comment: pending, reasons }]);
    // Its words change while it waits.
    await edit(held.id, 'Other words');
    expect(await events.next(1)).toMatchObject([
      { __typename: 'CommentHeld', comment: { id: held.id, version: 2 }, reasons },
    ]);
    await decide('APPROVE', held.id);
    const byMo = { __typename: 'CommentDecided', by: { name: 'Mo' } };
    expect(await events.next(1)).toMatchObject([
      { ...byMo, action: 'APPROVE', comment: { id: held.id, status: 'VISIBLE' } },
    ]);
    await edit(held.id, 'Third words');
    expect(await events.next(1)).toMatchObject([
      { __typename: 'CommentHeld', comment: { status: 'VISIBLE', pendingBody: { text: 'Third words' } }, reasons },
    ]);
    await edit(held.id, 'Other words');
    const byAnn = { __typename: 'CommentDecided', by: { name: 'Ann' } };
    expect(await events.next(1)).toMatchObject([{ ...byAnn, action: null, comment: { pendingBody: null } }]);
    await edit(held.id, 'Fourth words');
    await decide('REJECT', held.id);
    expect(await events.next(2)).toMatchObject([
      { __typename: 'CommentHeld' },
      { ...byMo, action: 'REJECT', comment: { status: 'VISIBLE', pendingBody: null } },
    ]);
    await edit(held.id, 'Fifth words');
    await edit(held.id, 'By a moderator', moderator);
    expect(await events.next(2)).toMatchObject([{ __typename: 'CommentHeld' }, { ...byMo, action: null }]);

    const { id } = await add(1);
    await report(id, 'Rita');
    await report(id, 'Rita');
    expect(await events.next(1)).toMatchObject([
      { __typename: 'CommentReported', openReports: 1, comment: { id, version: 1 } },
    ]);
    // Moderators decide about the words that they have read.
    await edit(id, 'Milder words');
    await report(id, 'Otto');
    expect(await events.next(3)).toMatchObject([
      { __typename: 'CommentReported', openReports: 1, comment: { id, version: 2 } },
      { __typename: 'CommentReported', openReports: 2, comment: { id } },
      { __typename: 'CommentHeld', reasons: ['Reported by 2 readers.'], comment: { id, status: 'PENDING' } },
    ]);
    const other = await add(2, gateway, { guest: GUEST });
    await run(gateway, 'removeComment', { id: other.id, receipt: other.receipt });
    expect(await events.next(2)).toMatchObject([
      { __typename: 'CommentHeld', comment: { id: other.id } },
      { __typename: 'CommentDecided', action: 'REMOVE', by: { name: 'Gus' }, comment: { status: 'REMOVED' } },
    ]);
    await decide('SPAM', id, held.id);
    expect((await events.next(2)).map(({ action, comment }) => [action, comment.id])).toEqual([
      ['SPAM', id],
      ['SPAM', held.id],
    ]);
    await events.stop();
  });

  it('has the comments that an article holds because it is busy, and nothing of what is visible at once', async () => {
    const busy = await startGateway(seed, { RATE_LIMITS: 'memory', HOLD_BUSY_ARTICLE: '2' });
    const events = busy.as({ name: 'Mo', role: 'MODERATOR' }).subscribe<{ moderationEvents: Event }>(EVENTS);
    await until('it is live', async () => (await busy.metrics()).live_subscriptions === 1);
    for (let n = 0; n < 2; n++) await add(1, busy.as({ name: 'Ann' }));
    const { id } = await add(1, busy.as({ name: 'Ann' }));
    const reasons = [expect.stringContaining('The article received 2')];
    expect(await events.arrived(1)).toMatchObject([
      { moderationEvents: { __typename: 'CommentHeld', comment: { id }, reasons } },
    ]);
    await events.stop();
    await busy.stop();
  });

  it('has no event of a change that was refused, or that changed nothing', async () => {
    const { id } = await add(1);
    const other = encodeId('Comment', 999_999);
    const events = await listen(moderator);
    const seen = await asSeen(gateway.sql, [id, other]);
    expect(await run(moderator, 'moderateComments', { action: 'SPAM', comments: seen })).toMatchObject({
      code: 'NOT_FOUND',
    });
    await decide('APPROVE', id);
    expect(await edit(other, 'Words')).toMatchObject({ code: 'NOT_FOUND' });
    await decide('PIN', id);
    expect(await events.next(1)).toMatchObject([{ action: 'PIN', comment: { id } }]);
    await events.stop();
  });

  it('is refused for everybody else over every transport, and nothing is opened', async () => {
    const bearer = async (role: 'READER' | 'WRITER') => `Bearer ${await tokenOf({ name: `The ${role}`, role })}`;
    for (const authorization of [undefined, await bearer('READER'), await bearer('WRITER')])
      for (const [name, send] of Object.entries(everyTransport(gateway, authorization))) {
        if (name === 'POST' || name === 'GET') continue;
        expect(await send(EVENTS), name).toContain('"FORBIDDEN"');
      }
    await until('nothing is open', () => gateway.watched === 0);
    await leavesNothing(gateway);
  });

  it('arrives over event streams and multipart responses, too', async () => {
    const authorization = `Bearer ${await tokenOf({ name: 'Mo', role: 'MODERATOR' })}`;
    const multipart = { authorization, accept: 'multipart/mixed;subscriptionSpec="1.0", application/json' };
    const streams = [
      await openStream(gateway, { query: EVENTS }, { method: 'POST', headers: { authorization } }),
      await openStream(gateway, { query: EVENTS }, { method: 'GET', headers: { authorization } }),
      await openStream(gateway, { query: EVENTS }, { method: 'POST', headers: multipart }),
    ];
    await until('all are live', async () => (await gateway.metrics()).live_subscriptions === 3);
    const { id } = await add(2);
    for (const stream of streams) {
      await until('the event has arrived', () => stream.text().includes(id));
      expect(stream.text()).toContain('"CommentHeld"');
      stream.close();
    }
    await leavesNothing(gateway);
  });

  it('ends when the token expires', async () => {
    const { socket, stream } = await whileClockStands(async () => {
      const authorization = `Bearer ${await tokenOf({ name: 'Mo', role: 'MODERATOR', expires: '2 s' })}`;
      const opened = {
        socket: gateway.showing(authorization).subscribe<object>(EVENTS),
        stream: await openStream(gateway, { query: EVENTS }, { method: 'POST', headers: { authorization } }),
      };
      await until('both are live', async () => (await gateway.metrics()).live_subscriptions === 2);
      return opened;
    });
    await expect(socket.arrived(1)).rejects.toThrow('The stream ended after 0');
    await stream.ended;
    await socket.stop();
    await leavesNothing(gateway);
  });

  it('leaves out a comment that was deleted before it was read', async () => {
    const events = await listen(moderator);
    await gateway.sql.query(`INSERT INTO moderation_event (kind, comment_id) VALUES ('HELD', 999999)`);
    const { id } = await add(2);
    expect(await events.next(1)).toMatchObject([{ comment: { id } }]);
    await events.stop();
  });

  it.for(['PostgreSQL', 'Redis'])('crosses gateways over %s', async (bus, { skip }) => {
    if (bus === 'Redis') needsRedis({ skip });
    const redis = bus === 'Redis' ? await startRedis() : null;
    const environment = redis ? { REDIS_URL: redis.url } : {};
    const first = await startGateway(seed, environment);
    const config = readConfig({
      ...{
        PORT: '0',
        DATABASE_URL: first.databaseUrl,
        LOG_LEVEL: 'error',
        JWT_SECRET,
        RATE_LIMITS: 'off',
        ...environment,
      },
    });
    const second = await start({ config, log: createLogger({ level: 'error' }) });
    try {
      const events = first.as({ name: 'Mo', role: 'MODERATOR' }).subscribe<{ moderationEvents: Event }>(EVENTS);
      await until('it is live', async () => (await first.metrics()).live_subscriptions === 1);
      const body = JSON.stringify({
        query: `mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }`,
        variables: { input: { articleId: encodeId('Article', 2), body: 'Elsewhere', guest: GUEST } },
      });
      await fetch(second.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      expect(await events.arrived(1)).toMatchObject([{ moderationEvents: { __typename: 'CommentHeld' } }]);
      await events.stop();
    } finally {
      await second.stop();
      await first.stop();
      await redis?.close();
    }
  });
});

describe('moderationQueue(reported: true)', () => {
  interface Queue {
    moderationQueue: {
      nodes: { id: string; status: string; moderation: { openReports: number; reports: { reason: string }[] } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
      totalCount: number;
    } | null;
  }
  const QUEUE = `query ($first: Int, $after: String, $articleId: ID) {
    moderationQueue(first: $first, after: $after, articleId: $articleId, reported: true) {
      nodes { id status moderation { openReports reports { reason } } } pageInfo { hasNextPage endCursor } totalCount } }`;

  async function all(first: number, articleId?: string): Promise<NonNullable<Queue['moderationQueue']>['nodes']> {
    const found = [];
    for (let after: string | null = null; ; ) {
      const answer: Answer<Queue> = await moderator.ask<Queue>(QUEUE, { first, after, articleId });
      const { nodes, pageInfo, totalCount } = answer.data.moderationQueue!;
      found.push(...nodes);
      if (!pageInfo.hasNextPage) {
        expect(found).toHaveLength(totalCount);
        return found;
      }
      after = pageInfo.endCursor;
    }
  }

  it('has every comment with an open report, whatever its status, with number and reasons, in pages', async () => {
    await gateway.sql.query('UPDATE comment_report SET settled = true');
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push((await add(1)).id);
    const [once, twice, removed, settled, none] = ids as [string, string, string, string, string];
    for (const id of [once, twice, removed, settled]) await report(id, 'Rita');
    await report(twice, 'Otto');
    await run(ann, 'removeComment', { id: removed });
    await decide('APPROVE', settled);
    const found = await all(1);
    expect(found.map(({ id, status, moderation }) => [id, status, moderation.openReports])).toEqual([
      [once, 'VISIBLE', 1],
      [twice, 'PENDING', 2],
      [removed, 'REMOVED', 1],
    ]);
    expect(found.map(({ id }) => id)).not.toContain(none);
    expect(found[1]!.moderation.reports.map(({ reason }) => reason)).toEqual(['Rude, says Rita', 'Rude, says Otto']);
    expect(await all(100, encodeId('Article', 2))).toEqual([]);
    const [one, many] = [await moderator.ask(QUEUE, { first: 1 }), await moderator.ask(QUEUE, { first: 100 })];
    expect(many.statements).toHaveLength(one.statements.length);
    await decide('SPAM', once, twice, removed);
    expect(await all(100)).toEqual([]);
  });

  it('is null beside its error for everybody else', async () => {
    for (const who of [gateway, ann, gateway.as({ name: 'Wren', role: 'WRITER' })]) {
      const { data, errors } = await who.ask<Queue>(
        `{ moderationQueue(reported: true) { totalCount } viewer { role } }`,
      );
      expect(data.moderationQueue).toBeNull();
      expect(data).toHaveProperty('viewer');
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });

  it('is repaired by verify where it is wrong, as the queue is', async () => {
    const { id } = await add(1);
    await edit(id, LINKS);
    await report(id, 'Rita');
    await gateway.sql.query('UPDATE comment SET reported = NOT reported, waiting = NOT waiting WHERE visible');
    expect(await verify({ url: gateway.databaseUrl, repair: true })).toHaveLength(2);
    expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
    expect((await all(100)).map((one) => one.id)).toEqual([id]);
  });
});
