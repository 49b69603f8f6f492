import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { verify } from '../src/database/derived/verify.ts';
import { createLogger } from '../src/logger.ts';
import { type Gateway, start } from '../src/start.ts';
import type { Client } from './client.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase } from './database.ts';
import { JWT_SECRET, startGateway, type TestGateway, tokenOf, until } from './gateway.ts';
import { write } from './seed.ts';
import { serve } from './serve.ts';

/** People who react. */
const CROWD = 20;
const SECOND = 1_000;
const HOUR = 3_600_000;

let gateway: TestGateway;
let crowd: Client[];
let moderator: Client;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, {
      authors: [{ id: 1 }],
      articles: [{ id: 1 }, { id: 2 }],
      // Each test has some of its own.
      comments: Array.from({ length: 60 }, (_, n) => ({ id: n + 1, article: 1 })),
    }),
  );
  crowd = Array.from({ length: CROWD }, (_, n) => gateway.as({ name: `Reader ${n}` }));
  moderator = gateway.as({ name: 'Mo', role: 'MODERATOR' });
});

afterEach(() => closeAll(closers));

afterAll(async () => {
  await nobodyIsOwed();
  expect(await verify({ url: gateway.databaseUrl, repair: false })).toEqual([]);
  await gateway.stop();
});

const REACT = `mutation ($id: ID!, $kind: ReactionKind!, $on: Boolean!) {
  react(input: { commentId: $id, kind: $kind, on: $on }) { __typename } }`;

function reaction(comment: number, { kind = 'LIKE', on = true } = {}) {
  return { id: encodeId('Comment', comment), kind, on };
}

async function react(who: Client, comment: number, how = {}): Promise<string[]> {
  const { data, errors, statements } = await who.ask<{ react: object }>(REACT, reaction(comment, how));
  expect(errors).toBeUndefined();
  expect(data.react).toEqual({ __typename: 'ReactSuccess' });
  return statements;
}

/** The events of a comment in the log. */
async function events(comment: number): Promise<{ kind: string; at: Date }[]> {
  const { rows } = await gateway.sql.query<{ kind: string; at: Date }>(
    'SELECT kind, at FROM comment_event WHERE comment_id = $1 ORDER BY sequence',
    [comment],
  );
  return rows;
}

async function likes(comment: number): Promise<number> {
  const { rows } = await gateway.sql.query('SELECT reaction_counts[1] AS likes FROM comment WHERE id = $1', [comment]);
  return rows[0].likes;
}

async function isOwed(comment: number): Promise<boolean> {
  const { rowCount } = await gateway.sql.query('SELECT FROM comment_reaction_notice WHERE comment_id = $1', [comment]);
  return rowCount === 1;
}

function nobodyIsOwed(): Promise<void> {
  return until('every comment has its event', async () => {
    const { rowCount } = await gateway.sql.query('SELECT FROM comment_reaction_notice');
    return rowCount === 0;
  });
}

/** Sets the time of the last reaction event into the future, so that the next one is due a second after it. */
async function delayEvent(milliseconds: number, comment: number): Promise<void> {
  await gateway.sql.query(
    `UPDATE comment SET reactions_told_at = clock_timestamp() + $2 * interval '1 ms' WHERE id = $1`,
    [comment, milliseconds],
  );
}

/** Takes back an hour of such a delay: the event that is owed is due within a second. */
async function hourLater(comment: number): Promise<void> {
  await gateway.sql.query(
    `WITH told AS (UPDATE comment SET reactions_told_at = reactions_told_at - interval '1 hour' WHERE id = $1)
     UPDATE comment_reaction_notice SET due = due - interval '1 hour' WHERE comment_id = $1`,
    [comment],
  );
}

/** Events about a comment's reactions are a second apart, and the last is later than the last reaction. */
async function expectAllTold(comment: number): Promise<void> {
  const times = (await events(comment)).map(({ at }) => at.getTime());
  for (const [n, at] of times.slice(1).entries()) expect(at - times[n]!).toBeGreaterThanOrEqual(SECOND);
  const { rows } = await gateway.sql.query('SELECT max(created_at) AS last FROM reaction WHERE comment_id = $1', [
    comment,
  ]);
  expect(times.at(-1)).toBeGreaterThanOrEqual(rows[0].last.getTime());
}

function another(databaseUrl = gateway.databaseUrl): Promise<Gateway> {
  const config = readConfig({ PORT: '0', DATABASE_URL: databaseUrl, LOG_LEVEL: 'error', JWT_SECRET });
  return start({ config, log: createLogger({ level: 'error' }) });
}

/** Reacts at another gateway. */
async function reactAt(url: string, name: string, comment: number): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf({ name })}` },
    body: JSON.stringify({ query: REACT, variables: reaction(comment) }),
  });
  expect(await response.json()).toEqual({ data: { react: { __typename: 'ReactSuccess' } } });
}

describe('the event for reactions to a comment', () => {
  it('is written at once for the first, and once after a second for those that follow it', async () => {
    await react(crowd[0]!, 1);
    expect(await events(1)).toMatchObject([{ kind: 'CHANGED' }]);
    await Promise.all(crowd.slice(1).map((who) => react(who, 1)));
    expect(await likes(1)).toBe(CROWD);
    await until('no comment owes an event', async () => !(await isOwed(1)));
    await expectAllTold(1);
    expect((await events(1)).length).toBeLessThan(CROWD);
  });

  it('has the counts at the time it is written', async () => {
    const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
      '{ article(slug: "article-1") { liveCursor } }',
    );
    await delayEvent(0, 2);
    for (const who of crowd.slice(0, 3)) await react(who, 2);
    await react(crowd[0]!, 2, { on: false });
    await nobodyIsOwed();
    const since = await gateway.ask<{ article: { events: { events: { comment: { id: string } }[] } } }>(
      `query ($after: EventCursor!) { article(slug: "article-1") { events(after: $after) { events {
        ... on CommentChanged { comment { id reactions { kind count } } } } } } }`,
      { after: data.article.liveCursor },
    );
    expect(since.data.article.events.events.at(-1)).toEqual({
      comment: { id: encodeId('Comment', 2), reactions: [{ kind: 'LIKE', count: 2 }] },
    });
  });

  it('is written when the counts are back at their former values, as a reader may have read them in between', async () => {
    await react(crowd[0]!, 3);
    await delayEvent(HOUR, 3);
    await react(crowd[0]!, 3, { on: false });
    await react(crowd[0]!, 3);
    const before = await events(3);
    await hourLater(3);
    await until('the event is in the log', async () => !(await isOwed(3)));
    expect((await events(3)).length).toBe(before.length + 1);
  });

  it('does not delay the event of a pin', async () => {
    await delayEvent(HOUR, 4);
    await react(crowd[0]!, 4);
    await moderator.ask(
      `mutation { moderateComments(input: { comments: [{ id: "${encodeId('Comment', 4)}", version: 1 }], action: PIN }) { __typename } }`,
    );
    expect(await isOwed(4)).toBe(true);
    expect(await events(4)).toMatchObject([{ kind: 'CHANGED' }]);
    await hourLater(4);
    await until('the second reaction has its event', async () => !(await isOwed(4)));
    expect(await events(4)).toMatchObject([{ kind: 'CHANGED' }, { kind: 'CHANGED' }]);
  });

  it('is written once when a reaction after the second wrote it at once', async () => {
    await delayEvent(0, 5);
    // The owed event was written in the meantime, as when a reaction is quicker than the job.
    await gateway.sql.query(
      `INSERT INTO comment_reaction_notice SELECT 5, reactions_told_at FROM comment WHERE id = 5`,
    );
    await until('nothing is owed', async () => !(await isOwed(5)));
    expect(await events(5)).toEqual([]);
  });

  it('is not written for a comment that is hidden; its approval writes one', async () => {
    await delayEvent(HOUR, 6);
    await react(crowd[0]!, 6);
    const moderate = (action: string) =>
      moderator.ask(
        `mutation { moderateComments(input: { comments: [{ id: "${encodeId('Comment', 6)}", version: 1 }], action: ${action} }) { __typename } }`,
      );
    await moderate('REJECT');
    expect(await isOwed(6)).toBe(true);
    await hourLater(6);
    await until('nothing is owed', async () => !(await isOwed(6)));
    await moderate('APPROVE');
    expect((await events(6)).map(({ kind }) => kind)).toEqual(['REMOVED', 'ADDED']);
  });

  it('is written while others write to the article all the time', async () => {
    await delayEvent(0, 7);
    await react(crowd[0]!, 7);
    let isWritten = false;
    const busy = crowd.map(async (who, n) => {
      for (let turn = 0; !isWritten; turn++) await react(who, 20 + (turn % 30), { on: (turn + n) % 2 === 0 });
    });
    await until('the event is in the log', async () => !(await isOwed(7)));
    isWritten = true;
    await Promise.all(busy);
    expect(await events(7)).toHaveLength(1);
  });

  it('takes the same number of statements at once and later', async () => {
    await nobodyIsOwed();
    const atOnce = await react(crowd[0]!, 8);
    await delayEvent(HOUR, 8);
    const later = await react(crowd[1]!, 8);
    await hourLater(8);
    // The lock, the reaction with its counters and its event or notice, and the comment for the answer.
    expect([atOnce.length, later.length]).toEqual([3, 3]);
  });
});

describe('with several gateways', () => {
  it('writes one event a second for all gateways together', async () => {
    const others = [await another(), await another()];
    for (const other of others) closers.push(() => other.stop());
    const urls = [gateway.url, ...others.map(({ url }) => url)];
    let reacted = 0;
    while ((await events(9)).length < 3) await Promise.all(urls.map((url) => reactAt(url, `Visitor ${reacted++}`, 9)));
    await until('no comment owes an event', async () => !(await isOwed(9)));
    expect(await likes(9)).toBe(reacted);
    await expectAllTold(9);
  });

  it('lets another gateway write the event that a killed one owed', { timeout: 60_000 }, async () => {
    const other = await serve({ DATABASE_URL: gateway.databaseUrl, JWT_SECRET }, closers);
    await delayEvent(HOUR, 10);
    await reactAt(other.url, 'Kim', 10);
    other.child.kill('SIGKILL');
    expect(await other.ended).toBe('SIGKILL');
    expect(await likes(10)).toBe(1);
    expect(await isOwed(10)).toBe(true);
    await hourLater(10);
    await until('the event is in the log', async () => (await events(10)).length > 0);
    await until('nothing is owed', async () => !(await isOwed(10)));
    await expectAllTold(10);
  });

  it('writes at the next start the event that was owed when the last gateway stopped', async () => {
    const { url, drop } = await createTestDatabase();
    closers.push(drop);
    const sql = new pg.Client({ connectionString: url });
    await sql.connect();
    closers.push(() => sql.end());
    await write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }], comments: [{ id: 1, article: 1 }] });
    await sql.query(`UPDATE comment SET reactions_told_at = clock_timestamp() + interval '1 hour'`);
    const last = await another(url);
    await reactAt(last.url, 'Kim', 1);
    await last.stop();
    // An hour later.
    await sql.query(`UPDATE comment SET reactions_told_at = reactions_told_at - interval '2 hours'`);
    await sql.query(`UPDATE comment_reaction_notice SET due = due - interval '2 hours'`);
    expect((await sql.query('SELECT FROM comment_event')).rowCount).toBe(0);

    const next = await another(url);
    closers.push(() => next.stop());
    await until('the event is in the log', async () => (await sql.query('SELECT FROM comment_event')).rowCount === 1);
  });
});

it('verify finds reactions without an event, written or owed, and repair writes it', async () => {
  const { databaseUrl: url } = gateway;
  await nobodyIsOwed();
  await react(crowd[0]!, 11);
  await gateway.sql.query(`UPDATE comment SET reactions_told_at = reactions_told_at - interval '1 hour' WHERE id = 11`);
  const untold = [{ description: 'comments with reactions that no event has announced', count: 1 }];
  expect(await verify({ url, repair: false })).toEqual(untold);
  expect(await verify({ url, repair: true })).toEqual(untold);
  await until('the event is in the log', async () => (await events(11)).length === 2);
  await nobodyIsOwed();
  expect(await verify({ url, repair: false })).toEqual([]);
});
