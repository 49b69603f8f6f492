import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUTHOR_EVENTS_LOCK } from '../schema/content/author/author-events.ts';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { start } from '../src/start.ts';
import { asSeen } from './as-seen.ts';
import type { Client } from './client.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';
import { claims, token } from './tokens.ts';

/** More articles than one step of the job gives their event. */
const MANY = 230;

let gateway: TestGateway;
let writer: Client;
let articles = 0;

/** The article of the running test. */
let id: string;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        articles: Array.from({ length: 20 }, (_, n) => ({ id: n + 1 })),
      }),
    { HOLD_FREQUENT: '0' },
  );
  writer = gateway.as({ name: 'Wren', role: 'ADMIN' });
});

afterAll(() => gateway.stop());

beforeEach(() => {
  articles += 1;
  id = encodeId('Article', articles);
});

interface Event {
  __typename: string;
  article?: { commentPolicy: string; author: { name: string } };
  author?: { name: string; avatarUrl: string | null; url: string | null } | null;
}

const EVENT = `__typename ... on DiscussionChanged { article { commentPolicy author { name } } author { name avatarUrl url } }`;

function follow(articleId = id) {
  const subscription = gateway.subscribe<{ commentEvents: Event }>(
    `subscription ($id: ID!) { commentEvents(articleId: $id) { ${EVENT} } }`,
    { id: articleId },
  );
  /** The events that have arrived after `CaughtUp`, at least so many. */
  const events = async (count: number): Promise<Event[]> =>
    (await subscription.arrived(count + 1)).slice(1).map(({ commentEvents }) => commentEvents);
  return { ...subscription, events };
}

async function poll(after: string): Promise<Event[]> {
  const { data } = await gateway.ask<{ node: { events: { events: Event[] } } }>(
    `query ($id: ID!, $after: EventCursor!) { node(id: $id) { ... on Article { events(after: $after) { events { ${EVENT} } } } } }`,
    { id, after },
  );
  return data.node.events.events;
}

async function liveCursor(): Promise<string> {
  const { data } = await gateway.ask<{ node: { liveCursor: string } }>(
    'query ($id: ID!) { node(id: $id) { ... on Article { liveCursor } } }',
    { id },
  );
  return data.node.liveCursor;
}

async function mutate(who: Pick<Client, 'ask'>, mutation: string, input: object): Promise<Record<string, unknown>> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const { data, errors } = await who.ask<Record<string, Record<string, unknown>>>(
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { __typename ... on Error { message }
      ${mutation === 'addComment' ? '... on AddCommentSuccess { comment { id } }' : ''} } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  expect(data[mutation]!.message).toBeUndefined();
  return data[mutation]!;
}

async function comment(who: Client, body: string): Promise<string> {
  const { comment: added } = await mutate(who, 'addComment', { articleId: id, body });
  return (added as { id: string }).id;
}

async function update(input: object): Promise<void> {
  const { rows } = await gateway.sql.query<{ version: number }>('SELECT version FROM article WHERE id = $1', [
    articles,
  ]);
  await mutate(writer, 'updateArticle', { id, expectedVersion: rows[0]!.version, ...input });
}

const member = (changed: Record<string, unknown>): Client => gateway.showing(`Bearer ${token(claims(changed))}`);

async function untilNothingIsDue(): Promise<void> {
  await until('no notice is left', async () => {
    const { rows } = await gateway.sql.query('SELECT FROM author_notice');
    return rows.length === 0;
  });
}

const count = async (condition: string): Promise<number> =>
  (await gateway.sql.query(`SELECT FROM comment_event WHERE ${condition}`)).rows.length;

describe('a changed policy', () => {
  it('reaches followers and pollers in the transaction that changes it', async () => {
    const after = await liveCursor();
    const live = follow();
    await live.arrived(1);
    for (const [n, commentPolicy] of ['CLOSED', 'MODERATED', 'OPEN'].entries()) {
      await update({ commentPolicy });
      const changed = { __typename: 'DiscussionChanged', article: { commentPolicy }, author: null };
      expect(await live.events(n + 1)).toMatchObject([...Array(n), changed].map((event) => event ?? expect.anything()));
      expect(await poll(after)).toMatchObject([...Array(n).fill({ __typename: 'DiscussionChanged' }), changed]);
    }
    await live.stop();
  });

  it('is read with two statements more than none, however many changes there were', async () => {
    const after = await liveCursor();
    const statements = async () =>
      (await gateway.statementsDuring(() => poll(after))).filter((text) => !/^(BEGIN|COMMIT)/.test(text)).length;
    const none = await statements();
    await update({ commentPolicy: 'CLOSED' });
    const one = await statements();
    for (const commentPolicy of ['OPEN', 'MODERATED', 'OPEN']) await update({ commentPolicy });
    expect(await statements()).toBe(one);
    expect(one).toBeLessThanOrEqual(none + 2);
  });

  it('is no event when readers see the same policy, nor are other changes of the article', async () => {
    await update({ title: 'Another title', markdown: 'Other words' });
    await update({ commentPolicy: 'OPEN' });
    // The default is OPEN, too.
    await update({ commentPolicy: null });
    expect(await count(`article_id = ${articles}`)).toBe(0);
  });
});

describe('a changed person', () => {
  it('reaches the discussions of their visible comments: name and picture by a token, page and picture by updateProfile', async () => {
    const after = await liveCursor();
    const dora = member({ sub: 'dora', name: 'Dora' });
    await comment(dora, 'Words of Dora');
    const live = follow();
    await live.arrived(1);
    const avatarUrl = 'https://example.com/dora.png';
    const renamed = member({ sub: 'dora', name: 'Dora the First', picture: avatarUrl });
    await renamed.ask('{ viewer { role } }');
    expect(await live.events(1)).toMatchObject([{ author: { name: 'Dora the First', avatarUrl, url: null } }]);
    await mutate(renamed, 'updateProfile', { url: 'https://example.com/dora' });
    expect((await live.events(2))[1]).toMatchObject({ author: { url: 'https://example.com/dora' } });
    await mutate(renamed, 'updateProfile', { avatarUrl: null });
    expect((await live.events(3))[2]).toMatchObject({ author: { avatarUrl: null } });
    await untilNothingIsDue();
    expect(await poll(after)).toMatchObject([
      { __typename: 'CommentAdded' },
      ...Array(3).fill({ author: { name: 'Dora the First', avatarUrl: null } }),
    ]);
    await live.stop();
  });

  it('reaches the discussions of the articles that they wrote', async () => {
    const anna = member({ sub: 'anna', name: 'Anna', roles: ['WRITER'] });
    await anna.ask('{ viewer { role } }');
    await gateway.sql.query(
      `UPDATE article SET author_id = (SELECT id FROM author WHERE name = 'Anna') WHERE id = $1`,
      [articles],
    );
    const live = follow();
    await live.arrived(1);
    await member({ sub: 'anna', name: 'Anna Maria', roles: ['WRITER'] }).ask('{ viewer { role } }');
    expect(await live.events(1)).toMatchObject([
      { author: { name: 'Anna Maria' }, article: { author: { name: 'Anna Maria' } } },
    ]);
    await live.stop();
  });

  it('is no event without a difference that discussions show, nor where no comment of theirs is visible', async () => {
    const eve = member({ sub: 'eve', name: 'Eve' });
    const url = 'https://example.com/eve';
    await mutate(eve, 'updateProfile', { url });
    const added = await comment(eve, 'Words of Eve');
    await mutate(eve, 'updateProfile', { bio: 'About Eve' });
    await mutate(eve, 'updateProfile', { url });
    expect(await count(`article_id = ${articles}`)).toBe(1);
    await mutate(eve, 'removeComment', { id: added });
    await mutate(eve, 'updateProfile', { url: null });
    await untilNothingIsDue();
    expect(await count(`article_id = ${articles} AND kind = 'DISCUSSION'`)).toBe(0);
  });

  it('is not named any more by the event when their last comment there is hidden', async () => {
    const after = await liveCursor();
    const hal = member({ sub: 'hal', name: 'Hal' });
    const added = await comment(hal, 'Words of Hal');
    await mutate(hal, 'updateProfile', { url: 'https://example.com/hal' });
    await untilNothingIsDue();
    expect(await poll(after)).toMatchObject([{}, { author: { name: 'Hal' } }]);
    const comments = await asSeen(gateway.sql, [added]);
    await mutate(writer, 'moderateComments', { action: 'REJECT', comments });
    expect(await poll(after)).toMatchObject([
      { __typename: 'DiscussionChanged', author: null },
      { __typename: 'CommentRemoved' },
    ]);
  });

  it('does not reach commentAdded', async () => {
    const ida = member({ sub: 'ida', name: 'Ida' });
    await comment(ida, 'First words of Ida');
    const added = gateway.subscribe<{ commentAdded: { body: { text: string } } }>(
      'subscription ($id: ID!) { commentAdded(articleId: $id) { body { text } } }',
      { id },
    );
    await until('the subscription is live', async () => (await gateway.metrics()).live_subscriptions === 1);
    await update({ commentPolicy: 'MODERATED' });
    await update({ commentPolicy: 'OPEN' });
    await mutate(ida, 'updateProfile', { url: 'https://example.com/ida' });
    await untilNothingIsDue();
    await comment(ida, 'Second words of Ida');
    expect(await added.arrived(1)).toEqual([{ commentAdded: { body: { text: 'Second words of Ida' } } }]);
    await added.stop();
  });
});

describe('commentAdded', () => {
  it('leaves out the place of a removed comment that returns with a reply below it', async () => {
    const kim = member({ sub: 'kim', name: 'Kim' });
    const removed = await comment(kim, 'Words that Kim removes');
    const { comment: added } = await mutate(kim, 'addComment', { articleId: id, parentId: removed, body: 'A reply' });
    const reply = (added as { id: string }).id;
    await mutate(kim, 'removeComment', { id: removed });
    const decide = async (action: string) =>
      mutate(writer, 'moderateComments', { action, comments: await asSeen(gateway.sql, [reply]) });
    await decide('REJECT');
    const stream = gateway.subscribe<{ commentAdded: { body: { text: string } | null } }>(
      'subscription ($id: ID!) { commentAdded(articleId: $id) { body { text } } }',
      { id },
    );
    await until('the subscription is live', async () => (await gateway.metrics()).live_subscriptions === 1);
    await decide('RESTORE');
    expect(await stream.arrived(1)).toEqual([{ commentAdded: { body: { text: 'A reply' } } }]);
    await stream.stop();
  });
});

/** So that the gateway stops between two steps of the job, however busy the machine is. */
const AN_HOUR_BETWEEN_STEPS = `
  CREATE FUNCTION wait_an_hour() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.due := NEW.due + interval '1 hour'; RETURN NEW; END $$;
  CREATE TRIGGER wait_an_hour BEFORE UPDATE ON author_notice FOR EACH ROW EXECUTE FUNCTION wait_an_hour()`;

describe('a person in very many discussions', () => {
  it('changes by one row; a job gives each discussion its event once, though the gateway stops in between', async () => {
    const first = await startGateway((sql) =>
      write(sql, {
        authors: [{ id: 1 }, { id: 2, kind: 'MEMBER' }],
        articles: Array.from({ length: MANY }, (_, n) => ({ id: n + 1 })),
        comments: Array.from({ length: 2 * MANY }, (_, n) => ({ id: n + 1, article: 1 + (n % MANY), author: 2 })),
      }),
    );
    const { sql, databaseUrl } = first;
    const events = async () => {
      const { rows } = await sql.query<{ article: number; events: number }>(
        'SELECT article_id AS article, count(*)::int AS events FROM comment_event WHERE author_id IS NOT NULL GROUP BY 1 ORDER BY 1',
      );
      return rows;
    };
    await sql.query(AN_HOUR_BETWEEN_STEPS);
    // The job waits for this lock, so that it has not begun when the change is looked at.
    const gate = await first.secondConnection();
    await gate.query('BEGIN');
    await gate.query('SELECT pg_advisory_xact_lock($1)', [AUTHOR_EVENTS_LOCK]);
    const max = first.as({ name: 'Max' });
    await max.ask('{ viewer { role } }');
    await sql.query(`UPDATE comment SET author_id = (SELECT id FROM author WHERE name = 'Max');
      UPDATE author SET comment_count = ${2 * MANY} WHERE name = 'Max'`);
    await mutate(max, 'updateProfile', { url: 'https://example.com/max' });
    expect(await events()).toEqual([]);
    await gate.query('COMMIT');
    await gate.end();
    await until('the first step is done', async () => (await events()).length >= 100);
    expect((await events())[0]).toEqual({ article: MANY - 99, events: 1 });
    await first.stopGateway();
    expect(await events()).toHaveLength(100);
    await sql.query('DROP FUNCTION wait_an_hour CASCADE; UPDATE author_notice SET due = clock_timestamp()');
    const second = await start({
      config: readConfig({ PORT: '0', DATABASE_URL: databaseUrl, LOG_LEVEL: 'error', EVENTS_KEPT: '3650d' }),
      log: createLogger({ level: 'error' }),
    });
    await until('every discussion has its event', async () => (await events()).length === MANY);
    await second.stop();
    expect(await events()).toEqual(Array.from({ length: MANY }, (_, n) => ({ article: n + 1, events: 1 })));
    expect((await sql.query('SELECT FROM author_notice')).rows).toEqual([]);
    await first.stop();
  });
});
