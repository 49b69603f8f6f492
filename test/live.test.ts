import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeEventCursor, encodeEventCursor } from '../schema/content/event-cursor.ts';
import { encodeId } from '../schema/content/ids.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        articles: Array.from({ length: 12 }, (_, i) => ({ id: i + 1 })),
      }),
    { HOLD_LENGTH: '0' },
  );
});

afterAll(() => gateway.stop());

interface Event {
  __typename: 'CommentAdded' | 'CommentChanged' | 'CommentRemoved' | 'CaughtUp' | 'ResyncRequired';
  cursor: string;
  at: string;
  comment?: { id: string; body: { text: string } | null; author: { name: string } | null };
  replayed?: number;
  reason?: string;
}

const EVENTS = `subscription ($id: ID!, $after: EventCursor) {
  commentEvents(articleId: $id, after: $after) {
    __typename
    ... on CommentEvent { cursor at }
    ... on CommentAdded { comment { ...Parts } }
    ... on CommentChanged { comment { ...Parts } }
    ... on CommentRemoved { comment { ...Parts } }
    ... on CaughtUp { replayed }
    ... on ResyncRequired { reason }
  }
}
fragment Parts on Comment { id body { text } author { name } }`;

const article = (id: number) => encodeId('Article', id);

function follow(id: number, after?: string) {
  const subscription = gateway.subscribe<{ commentEvents: Event }>(EVENTS, { id: article(id), after });
  return {
    ...subscription,
    get events(): Event[] {
      return subscription.received.map(({ commentEvents }) => commentEvents);
    },
    get texts(): (string | undefined)[] {
      return this.events.map(({ comment }) => comment?.body?.text);
    },
    arrived: async (count: number) => (await subscription.arrived(count)).map(({ commentEvents }) => commentEvents),
  };
}

async function addComment(id: number, body: string): Promise<{ id: string; receipt: string }> {
  const { data } = await gateway.ask<{ addComment: { comment: { id: string }; receipt: string; message?: string } }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) {
      ... on AddCommentSuccess { receipt comment { id } } ... on Error { message } } }`,
    { input: { articleId: article(id), body, guest: { name: 'Ann', email: 'ann@example.com' } } },
  );
  expect(data.addComment.message).toBeUndefined();
  return { id: data.addComment.comment.id, receipt: data.addComment.receipt };
}

async function edit(comment: { id: string; receipt: string }, body: string): Promise<void> {
  await gateway.ask('mutation ($input: EditCommentInput!) { editComment(input: $input) { __typename } }', {
    input: { ...comment, body },
  });
}

async function remove(comment: { id: string; receipt: string }): Promise<void> {
  await gateway.ask('mutation ($input: RemoveCommentInput!) { removeComment(input: $input) { __typename } }', {
    input: comment,
  });
}

async function liveCursor(id: number): Promise<string> {
  const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
    '{ article(slug: "article-%") { liveCursor } }'.replace('%', String(id)),
  );
  return data.article.liveCursor;
}

describe('commentEvents', () => {
  it('without a cursor sends CaughtUp, then the events from now on', async () => {
    await addComment(1, 'before');
    const stream = follow(1);
    await until('the subscription is live', async () => (await gateway.metrics()).live_subscriptions === 1);
    await addComment(1, 'after');
    const [notice] = await stream.arrived(2);
    expect(notice).toMatchObject({ __typename: 'CaughtUp', replayed: 0 });
    expect(stream.texts).toEqual([undefined, 'after']);
    await stream.stop();
  });

  it('with a cursor sends the missed events, then CaughtUp, then the live events', async () => {
    const start = await liveCursor(2);
    const first = await addComment(2, 'one');
    const second = await addComment(2, 'two');
    await edit(first, 'one, better');
    await remove(second);
    const stream = follow(2, start);
    const missed = await stream.arrived(4);
    expect(missed.map(({ __typename, comment, replayed }) => [__typename, comment?.body?.text, replayed])).toEqual([
      ['CommentAdded', 'one, better', undefined],
      ['CommentChanged', 'one, better', undefined],
      // A comment that was removed since then is sent only as removed.
      ['CommentRemoved', undefined, undefined],
      ['CaughtUp', undefined, 3],
    ]);
    expect(missed[3]!.cursor).toBe(missed[2]!.cursor);
    expect(missed[2]!.comment).toMatchObject({ id: second.id, body: null, author: null });

    await addComment(2, 'three');
    const [, , , , live] = await stream.arrived(5);
    expect(live).toMatchObject({ __typename: 'CommentAdded', comment: { body: { text: 'three' } } });
    await stream.stop();

    const again = follow(2, missed[1]!.cursor);
    expect((await again.arrived(3)).map(({ __typename }) => __typename)).toEqual([
      'CommentRemoved',
      'CommentAdded',
      'CaughtUp',
    ]);
    await again.stop();
  });

  it('sends hundreds of missed events, each once and in order', async () => {
    const start = await liveCursor(3);
    const { rows } = await gateway.sql.query<{ id: number }>(
      `INSERT INTO comment (article_id, author_id, path, depth, status, visible, body_source, body_html, body_text)
       SELECT 3, 1, ARRAY[-n], 0, 'VISIBLE', true, n, n, n FROM generate_series(1, 650) n RETURNING id`,
    );
    await gateway.sql.query(
      `WITH written AS (UPDATE article SET event_sequence = 650 WHERE id = 3)
       INSERT INTO comment_event (article_id, sequence, kind, comment_id)
       SELECT 3, row_number() OVER (), 'ADDED', id FROM unnest($1::int[]) id`,
      [rows.map(({ id }) => id)],
    );
    const streams = [follow(3, start), follow(3, start), follow(3)];
    for (const stream of streams.slice(0, 2)) {
      const events = await stream.arrived(651);
      expect(events.slice(0, 650).map(({ comment }) => comment!.body!.text)).toEqual(
        Array.from({ length: 650 }, (_, i) => String(i + 1)),
      );
      expect(events[650]).toMatchObject({ __typename: 'CaughtUp', replayed: 650 });
    }
    await addComment(3, 'live');
    for (const stream of streams) {
      await until('the live event arrives', () => stream.texts.at(-1) === 'live');
      await stream.stop();
    }
    expect(streams[2]!.events.map(({ __typename }) => __typename)).toEqual(['CaughtUp', 'CommentAdded']);
  });

  it('with an unusable cursor sends ResyncRequired with the reason, then CaughtUp and the live events', async () => {
    await addComment(4, 'something');
    const here = await liveCursor(4);
    const position = decodeEventCursor(here)!;
    const forged = Buffer.from(Buffer.from(here, 'base64url').toString().replace(':1:', ':0:')).toString('base64url');
    const bad: Record<string, [cursor: string, reason: RegExp]> = {
      nonsense: ['nonsense', /not issued/],
      empty: ['', /not issued/],
      tampered: [forged, /not issued/],
      cut: [here.slice(0, -1), /not issued/],
      'of another article': [await liveCursor(5), /another article/],
      'of another log': [encodeEventCursor({ ...position, epoch: position.epoch - 1 }), /restarted/],
      'from the future': [encodeEventCursor({ ...position, sequence: 99 }), /ahead/],
    };
    for (const [name, [cursor, reason]] of Object.entries(bad)) {
      const stream = follow(4, cursor);
      const [notice, caughtUp] = await stream.arrived(2);
      expect(caughtUp, name).toMatchObject({ __typename: 'CaughtUp', cursor: notice!.cursor, replayed: 0 });
      expect(notice, name).toMatchObject({ __typename: 'ResyncRequired', reason: expect.stringMatching(reason) });
      expect(notice!.cursor).toBe(await liveCursor(4));
      await addComment(4, `after ${name}`);
      expect((await stream.arrived(3))[2], name).toMatchObject({ comment: { body: { text: `after ${name}` } } });
      await stream.stop();
    }
  });

  it('sends ResyncRequired when missed events are no longer stored, and only then', async () => {
    const start = await liveCursor(6);
    await addComment(6, 'one');
    await addComment(6, 'two');
    const kept = await liveCursor(6);
    await addComment(6, 'three');
    await gateway.sql.query('DELETE FROM comment_event WHERE article_id = 6 AND sequence < 3');
    const lost = follow(6, start);
    expect((await lost.arrived(1))[0]).toMatchObject({ __typename: 'ResyncRequired' });
    const resumed = follow(6, kept);
    expect((await resumed.arrived(2)).map(({ __typename }) => __typename)).toEqual(['CommentAdded', 'CaughtUp']);
    await gateway.sql.query('DELETE FROM comment_event WHERE article_id = 6');
    const current = follow(6, await liveCursor(6));
    expect((await current.arrived(1))[0]).toMatchObject({ __typename: 'CaughtUp', replayed: 0 });
    for (const stream of [lost, resumed, current]) await stream.stop();
  });

  it('sends results of any length complete, with multi-byte characters', async () => {
    const stream = gateway.subscribe<{ commentEvents: { comment: Record<string, { text: string }> } }>(
      `subscription { commentEvents(articleId: "${article(10)}") {
        ... on CommentAdded { comment { a: body { text } b: body { text } c: body { text } } } } }`,
    );
    const short = gateway.subscribe<object>(
      `subscription { commentEvents(articleId: "${article(10)}") { __typename } }`,
    );
    await until('both subscriptions are live', async () => (await gateway.metrics()).live_subscriptions === 2);
    // The length field of a WebSocket frame has other forms from 126 bytes and from 65,536 bytes on.
    const texts = [1, 2, 7_255, 7_265, 7_275, 9_900].map((length) => '字'.repeat(length));
    for (const text of texts) await addComment(10, text);
    const [, ...received] = await stream.arrived(texts.length + 1);
    expect(
      received.map(({ commentEvents: { comment } }) => [comment.a!.text, comment.b!.text, comment.c!.text]),
    ).toEqual(texts.map((text) => [text, text, text]));
    const [notice, ...added] = await short.arrived(texts.length + 1);
    expect(notice).toEqual({ commentEvents: { __typename: 'CaughtUp' } });
    expect(added).toEqual(texts.map(() => ({ commentEvents: { __typename: 'CommentAdded' } })));
    await stream.stop();
    await short.stop();
  });

  it('ends with NOT_FOUND when the article is no longer public', async () => {
    const streams = [follow(7), follow(7, await liveCursor(7))];
    await until('both subscriptions are live', async () => (await gateway.metrics()).live_subscriptions === 2);
    await gateway.sql.query(`UPDATE article SET status = 'ARCHIVED' WHERE id = 7`);
    for (const stream of streams) await expect(stream.arrived(99)).rejects.toThrow(/NOT_FOUND/);
    await until('no log is followed', () => gateway.watched === 0);
    await expect(follow(7).arrived(1)).rejects.toThrow(/NOT_FOUND/);
  });

  it('sends a burst of events once and in order to each subscriber, also to those that join during it', async () => {
    const start = await liveCursor(8);
    const streams = [follow(8, start)];
    let hasFinished = false;
    const writers = Promise.all(
      Array.from({ length: 5 }, async (_, writer) => {
        for (let n = 0; n < 20; n++) await addComment(8, `${writer}.${n}`);
      }),
    ).then(() => {
      hasFinished = true;
    });
    // On a slow machine, ever more would keep the writers from finishing.
    while (!hasFinished && streams.length < 30) {
      streams.push(follow(8, start));
      await streams.at(-1)!.arrived(1);
    }
    await writers;
    const { rows } = await gateway.sql.query<{ text: string }>(
      `SELECT body_text AS text FROM comment_event JOIN comment ON id = comment_id WHERE comment_event.article_id = 8 ORDER BY sequence`,
    );
    expect(rows).toHaveLength(100);
    for (const stream of streams) {
      await stream.arrived(101);
      expect(stream.texts.filter(Boolean)).toEqual(rows.map(({ text }) => text));
      expect(stream.events.filter(({ __typename }) => __typename === 'CaughtUp')).toHaveLength(1);
      await stream.stop();
    }
    await until('no log is followed', () => gateway.watched === 0);
  });
});

describe('a query with a liveCursor', () => {
  it('is a snapshot: the events after its cursor are exactly those that it does not contain', async () => {
    let hasFinished = false;
    const written: string[] = [];
    const pages: { cursor: string; texts: string[] }[] = [];
    const writers = Promise.all(
      Array.from({ length: 4 }, async (_, writer) => {
        for (let n = 0; n < 25; n++) {
          await until('pages are read, too', () => pages.length >= n / 4);
          await addComment(9, `${writer}.${n}`);
          written.push(`${writer}.${n}`);
        }
      }),
    ).then(() => {
      hasFinished = true;
    });
    while (!hasFinished) {
      const { data } = await gateway.ask<{
        article: { liveCursor: string; commentCount: number; comments: { nodes: { body: { text: string } }[] } };
      }>(`{ article(slug: "article-9") {
        liveCursor commentCount comments(first: 100, orderBy: OLDEST) { nodes { body { text } } } } }`);
      const { liveCursor: cursor, comments, commentCount } = data.article;
      expect(comments.nodes).toHaveLength(commentCount);
      pages.push({ cursor, texts: comments.nodes.map(({ body }) => body.text) });
    }
    await writers;
    expect(pages.length).toBeGreaterThan(5);
    for (const { cursor, texts } of pages) {
      const { data } = await gateway.ask<{
        article: { events: { events: { comment: { body: { text: string } } }[] } };
      }>(
        `query ($cursor: EventCursor!) { article(slug: "article-9") { events(after: $cursor, first: 100) {
          events { ... on CommentAdded { comment { body { text } } } } } } }`,
        { cursor },
      );
      const followed = data.article.events.events.map(({ comment }) => comment.body.text);
      expect([...texts, ...followed].sort()).toEqual([...written].sort());
    }
  });
});
