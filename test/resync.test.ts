import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeEventCursor, encodeEventCursor } from '../schema/content/event-cursor.ts';
import { encodeId } from '../schema/content/ids.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) => write(sql, { authors: [{ id: 1 }], articles: Array.from({ length: 14 }, (_, i) => ({ id: i + 1 })) }),
    { HOLD_LENGTH: '0' },
  );
});

afterAll(() => gateway.stop());

interface Event {
  __typename: string;
  cursor: string;
  reason?: string;
  comment?: { body: { text: string } | null };
}

const PARTS = `__typename ... on CommentEvent { cursor } ... on CommentAdded { comment { body { text } } }
  ... on ResyncRequired { reason }`;

function follow(id: number, after?: string) {
  const subscription = gateway.subscribe<{ commentEvents: Event }>(
    `subscription ($id: ID!, $after: EventCursor) { commentEvents(articleId: $id, after: $after) { ${PARTS} } }`,
    { id: encodeId('Article', id), after },
  );
  return {
    stop: subscription.stop,
    /** Types of the events received, and the texts of comments instead where an event has one. */
    get received(): string[] {
      return subscription.received.map(
        ({ commentEvents: { __typename, comment } }) => comment?.body?.text ?? __typename,
      );
    },
    arrived: async (count: number) => (await subscription.arrived(count)).map(({ commentEvents }) => commentEvents),
  };
}

async function add(id: number, body: string): Promise<string> {
  const { data } = await gateway.ask<{ addComment: { cursor: string } }>(
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { cursor } } }',
    { input: { articleId: encodeId('Article', id), body, guest: { name: 'Ann', email: 'ann@example.com' } } },
  );
  return data.addComment.cursor;
}

async function liveCursor(id: number): Promise<string> {
  const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
    `{ article(slug: "article-${id}") { liveCursor } }`,
  );
  return data.article.liveCursor;
}

async function poll(id: number, after: string, first = 100): Promise<{ types: string[]; cursor: string }> {
  const { data } = await gateway.ask<{ article: { events: { events: Event[]; cursor: string } } }>(
    `query ($after: EventCursor!, $first: Int!) { article(slug: "article-${id}") {
      events(after: $after, first: $first) { cursor events { ${PARTS} } } } }`,
    { after, first },
  );
  const { events, cursor } = data.article.events;
  return { types: events.map(({ __typename, comment }) => comment?.body?.text ?? __typename), cursor };
}

/** Copies all tables of a discussion. @returns puts the copy in their place, as a restored backup does, in one transaction */
async function backUp(): Promise<() => Promise<void>> {
  const { sql } = gateway;
  const tables = ['article', 'comment', 'comment_event'];
  const copies: unknown[][] = [];
  for (const table of tables)
    copies.push((await sql.query(`SELECT to_jsonb(t) AS row FROM ${table} t`)).rows.map(({ row }) => row));
  return async () => {
    const client = new pg.Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    await client.query(`BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM comment_event; DELETE FROM comment;
      DELETE FROM article`);
    for (const [i, table] of tables.entries())
      await client.query(`INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`, [
        JSON.stringify(copies[i]),
      ]);
    await client.query('COMMIT');
    await client.end();
  };
}

async function commentOf(id: number, text: string): Promise<{ id: string; version: number }> {
  const { rows } = await gateway.sql.query<{ id: number; version: number }>(
    'SELECT id, version FROM comment WHERE article_id = $1 AND body_text = $2',
    [id, text],
  );
  return { id: encodeId('Comment', rows[0]!.id), version: rows[0]!.version };
}

async function isLive(count: number): Promise<void> {
  await until('the subscriptions are live', async () => (await gateway.metrics()).live_subscriptions === count);
}

describe('after a backup was restored', () => {
  it('each cursor of an event that the log no longer has gets ResyncRequired, however far the log has grown since', async () => {
    const start = await liveCursor(1);
    const kept = await add(1, 'kept');
    const restore = await backUp();
    const lost = [await add(1, 'lost 1'), await add(1, 'lost 2'), await liveCursor(1)];
    await restore();
    for (const text of ['new 1', 'new 2', 'new 3']) {
      for (const cursor of lost) {
        expect((await poll(1, cursor)).types).toEqual(['ResyncRequired']);
        const stream = follow(1, cursor);
        expect((await stream.arrived(2)).map(({ __typename }) => __typename)).toEqual(['ResyncRequired', 'CaughtUp']);
        await stream.stop();
      }
      await add(1, text);
    }
    for (const cursor of lost) expect((await poll(1, cursor)).types).toEqual(['ResyncRequired']);
    // What was before the backup is the same log.
    expect((await poll(1, start)).types).toEqual(['kept', 'new 1', 'new 2', 'new 3']);
    expect((await poll(1, kept)).types).toEqual(['new 1', 'new 2', 'new 3']);
    // A client that has read the discussion again is not sent the notice again.
    expect(await poll(1, await liveCursor(1))).toEqual({ types: [], cursor: await liveCursor(1) });
  });

  it('so does an older cursor of a client that was shown what a lost event had changed', async () => {
    const start = await liveCursor(10);
    for (const text of ['first', 'second', 'third']) await add(10, text);
    const restore = await backUp();
    const live = follow(10);
    await isLive(1);
    await gateway
      .as({ name: 'Mo', role: 'MODERATOR' })
      .ask(`mutation ($input: ModerateCommentsInput!) { moderateComments(input: $input) { __typename } }`, {
        input: { comments: [await commentOf(10, 'first')], action: 'REMOVE' },
      });
    await until('the removal arrived', () => live.received.includes('CommentRemoved'));
    // The first comment is removed already.
    const { types, cursor } = await poll(10, start, 2);
    expect(types).toEqual(['second']);
    await restore();
    // It is there again, which neither client was told.
    await until('the notice arrives', () => live.received.includes('ResyncRequired'));
    const late = follow(10, cursor);
    expect((await late.arrived(2)).map(({ __typename }) => __typename)).toEqual(['ResyncRequired', 'CaughtUp']);
    // One that has read again goes on.
    const fresh = follow(10, await liveCursor(10));
    await isLive(3);
    await add(10, 'live');
    for (const one of [live, late, fresh]) await until('the live event arrives', () => one.received.includes('live'));
    expect(fresh.received).toEqual(['CaughtUp', 'live']);
    for (const one of [live, late, fresh]) await one.stop();
  });

  it('recognizes a lost event also when old events are deleted, up to the border of what is kept and at the end', async () => {
    await add(2, 'kept');
    const restore = await backUp();
    const lost = await add(2, 'lost');
    await restore();
    const same = await add(2, 'new at the same place');
    // All are deleted; the position is the present one.
    await gateway.sql.query('DELETE FROM comment_event WHERE article_id = 2');
    expect((await poll(2, lost)).types).toEqual(['ResyncRequired']);
    expect((await poll(2, same)).types).toEqual([]);
    // The next one is kept.
    await add(2, 'next');
    expect((await poll(2, lost)).types).toEqual(['ResyncRequired']);
    expect((await poll(2, same)).types).toEqual(['next']);
  });

  it.each([0, 1, 5])(
    'connected clients receive ResyncRequired, then live events, when the log has %d new events',
    async (news) => {
      const article = 3 + news;
      const behind = await liveCursor(article);
      const restore = await backUp();
      const [stream, other] = [follow(article), follow(article, behind)];
      await isLive(2);
      await add(article, 'lost 1');
      await add(article, 'lost 2');
      for (const one of [stream, other]) await until('they arrived', () => one.received.includes('lost 2'));
      await restore();
      for (let n = 0; n < news; n++) await add(article, `new ${n}`);
      for (const one of [stream, other])
        await until('the notice arrives', () => one.received.includes('ResyncRequired'));
      await isLive(2);
      // As a client that has read the discussion now.
      expect((await poll(article, await liveCursor(article))).types).toEqual([]);
      await add(article, 'live');
      for (const one of [stream, other]) {
        await until('the live event arrives', () => one.received.includes('live'));
        const { received } = one;
        const since = received.slice(received.indexOf('lost 2') + 1);
        expect(since.filter((text) => !text.startsWith('new'))).toEqual(['ResyncRequired', 'CaughtUp', 'live']);
        await one.stop();
      }
    },
  );

  it('a client that has read again is not sent another notice while others of its group receive theirs', async () => {
    const restore = await backUp();
    const stale = follow(9);
    await isLive(1);
    await add(9, 'lost');
    await until('it arrived', () => stale.received.includes('lost'));
    await restore();
    await add(9, 'new 1');
    await add(9, 'new 2');
    const fresh = follow(9, await liveCursor(9));
    await until('the notice arrives', () => stale.received.includes('ResyncRequired'));
    await isLive(2);
    await add(9, 'live');
    for (const one of [stale, fresh]) await until('the live event arrives', () => one.received.includes('live'));
    expect(fresh.received).toEqual(['CaughtUp', 'live']);
    for (const one of [stale, fresh]) await one.stop();
  });
});

describe('a page of events', () => {
  it('is ResyncRequired when the log is restarted between its statements', async () => {
    const cursor = await liveCursor(1);
    await add(1, 'of the log before');
    const other = await gateway.secondConnection();
    await other.query('BEGIN; LOCK TABLE comment IN ACCESS EXCLUSIVE MODE');
    const polled = poll(1, cursor);
    await until('the entries are read after the article', async () => {
      const { rows } = await gateway.sql.query(
        `SELECT FROM pg_locks WHERE NOT granted AND relation = 'comment'::regclass`,
      );
      return rows.length > 0;
    });
    await other.query('UPDATE article SET event_epoch = event_epoch + 1 WHERE id = 1; COMMIT');
    await other.end();
    expect((await polled).types).toEqual(['ResyncRequired']);
  });
});

describe('a live client', () => {
  it('receives ResyncRequired, then live events, when events were deleted before its gateway read them', async () => {
    const stream = follow(10);
    await isLive(1);
    await gateway.sql.query(`WITH log AS (UPDATE article SET event_sequence = event_sequence + 3 WHERE id = 10 RETURNING event_sequence)
      INSERT INTO comment_event (article_id, sequence, kind, comment_id) SELECT 10, event_sequence, 'CHANGED', 1 FROM log`);
    await until('the notice arrives', () => stream.received.includes('ResyncRequired'));
    await isLive(1);
    await add(10, 'live');
    await until('the live event arrives', () => stream.received.includes('live'));
    expect(stream.received).toEqual(['CaughtUp', 'ResyncRequired', 'CaughtUp', 'live']);
    await stream.stop();
  });

  it('receives its events without a further statement for the check of the log', async () => {
    const stream = follow(11);
    await stream.arrived(1);
    await add(11, 'first');
    await stream.arrived(2);
    const statements = await gateway.statementsDuring(async () => {
      await add(11, 'second');
      await stream.arrived(3);
    });
    // The log, the comment, and whether the article is public still.
    expect(statements.filter((text) => /FROM article a LEFT JOIN LATERAL/.test(text))).toHaveLength(2);
    expect(statements.filter((text) => text.includes('add_comments('))).toHaveLength(1);
    await stream.stop();
  });
});

describe('a cursor', () => {
  it('of an earlier version, without the time of its event, is understood', async () => {
    const first = decodeEventCursor(await add(12, 'first'))!;
    await add(12, 'second');
    const old = encodeEventCursor({ articleId: first.articleId, epoch: first.epoch, sequence: first.sequence });
    expect(decodeEventCursor(old)).toMatchObject({ at: null });
    const page = await poll(12, old);
    expect(page).toEqual({ types: ['second'], cursor: await liveCursor(12) });
    const stream = follow(12, old);
    expect((await stream.arrived(2)).map(({ cursor }) => cursor)).toEqual([page.cursor, page.cursor]);
    await stream.stop();
    expect((await poll(12, encodeEventCursor({ ...first, sequence: 9, at: null }))).types).toEqual(['ResyncRequired']);
  });

  it('is the same text wherever it comes from, and needs no escape in a URL', async () => {
    const added = await add(13, 'one');
    const stream = follow(13, added);
    const [notice] = await stream.arrived(1);
    const { data } = await gateway.ask<{ article: { liveCursor: string; thread: { liveCursor: string } } }>(
      '{ article(slug: "article-13") { liveCursor thread { liveCursor } } }',
    );
    const page = await poll(13, added);
    const all = [added, notice!.cursor, data.article.liveCursor, data.article.thread.liveCursor, page.cursor];
    expect(new Set(all)).toEqual(new Set([added]));
    expect(encodeURIComponent(added)).toBe(added);
    await stream.stop();
  });

  it('at the beginning of an empty log leads to all that happens', async () => {
    const start = await liveCursor(14);
    expect((await poll(14, start)).types).toEqual([]);
    await add(14, 'one');
    expect((await poll(14, start)).types).toEqual(['one']);
  });
});
