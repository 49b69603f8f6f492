import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { decodeEventCursor } from '../schema/content/event-cursor.ts';
import { encodeId } from '../schema/content/ids.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

/** Events of a burst: more bytes than the kernel buffers for a connection, and more results than a group keeps. */
const EVENTS = 2_400;
/** Characters of each comment. */
const LENGTH = 9_000;
/** Characters in which the last event of a stream is found. */
const END = 1_000;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2 }, { id: 3 }] }),
  );
});

afterAll(() => gateway.stop());

const QUERY = `subscription ($id: ID!, $after: EventCursor) { commentEvents(articleId: $id, after: $after) {
  __typename cursor ... on CommentAdded { comment { body { text } } } } }`;

type Event = { __typename: string; cursor: string };

async function liveCursor(article: number): Promise<string> {
  const { data } = await gateway.ask<{ article: { liveCursor: string } }>(
    `{ article(slug: "article-${article}") { liveCursor } }`,
  );
  return data.article.liveCursor;
}

/**
 * Writes comments with their events as fast as the database takes them, in batches, and wakes the followers.
 * @param onBatch called after each batch with the number of events so far
 */
async function burst(article: number, onBatch: (written: number) => Promise<void> = async () => {}): Promise<void> {
  const step = 100;
  // Search documents of texts this long would take most of the time.
  await gateway.sql.query('SET session_replication_role = replica');
  for (let from = 1; from <= EVENTS; from += step) {
    await gateway.sql.query(
      `WITH written AS (
         INSERT INTO comment (article_id, author_id, path, depth, status, visible, body_source, body_html, body_text)
         SELECT $1::int, 1, ARRAY[-n], 0, 'VISIBLE', true, '', '', n || repeat('x', ${LENGTH})
         FROM generate_series($2::int, $3::int) n ORDER BY n RETURNING id, path
       ), logged AS (
         INSERT INTO comment_event (article_id, sequence, kind, comment_id) SELECT $1, -path[1], 'ADDED', id FROM written
       )
       UPDATE article SET event_sequence = $3 WHERE id = $1`,
      [article, from, from + step - 1],
    );
    await gateway.sql.query('SELECT pg_notify($1, $2)', [`broadsheet:article:${article}`, String(from + step - 1)]);
    await onBatch(from + step - 1);
  }
  await gateway.sql.query('RESET session_replication_role');
}

function sequences(events: Event[]): number[] {
  return events
    .filter(({ __typename }) => __typename === 'CommentAdded')
    .map(({ cursor }) => decodeEventCursor(cursor)!.sequence);
}

const all = Array.from({ length: EVENTS }, (_, i) => i + 1);

/** A subscriber over a WebSocket that can stop reading. */
async function openSocket(article: number, after: string) {
  const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
  const events: Event[] = [];
  let closed: number | null = null;
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data));
    if (type === 'next') events.push(payload.data.commentEvents);
  });
  socket.on('close', (code) => {
    closed = code;
  });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await new Promise((resolve) => socket.once('message', resolve));
  const variables = { id: encodeId('Article', article), after };
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: QUERY, variables } }));
  const { _socket: connection } = socket as unknown as { _socket: Socket };
  return {
    events,
    get closed() {
      return closed;
    },
    pause: () => connection.pause(),
    resume: () => connection.resume(),
    close: () => socket.terminate(),
  };
}

/** A subscriber over an event stream that can stop reading. */
async function openStream(article: number, after: string) {
  const { hostname, port } = new URL(gateway.url);
  const variables = { id: encodeId('Article', article), after };
  const headers = { accept: 'text/event-stream', 'content-type': 'application/json' };
  let sent!: ClientRequest;
  const response = await new Promise<IncomingMessage>((resolve) => {
    sent = request({ hostname, port, path: '/graphql', method: 'POST', headers }, resolve);
    sent.end(JSON.stringify({ query: QUERY, variables }));
  });
  let text = '';
  let end = '';
  let hasEnded = false;
  response.setEncoding('utf8');
  response.on('data', (chunk) => {
    text += chunk;
    end = (end + chunk).slice(-END);
  });
  response.on('close', () => {
    hasEnded = true;
  });
  response.on('error', () => undefined);
  const found = (): Event[] =>
    [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json]) => JSON.parse(json!).data.commentEvents);
  return {
    get events() {
      return found();
    },
    get text() {
      return text;
    },
    /** Its last characters, which are cheaper to look at. */
    get end() {
      return end;
    },
    get hasEnded() {
      return hasEnded;
    },
    pause: () => response.pause(),
    resume: () => response.resume(),
    close: () => sent.destroy(),
  };
}

describe('a subscriber that stops reading', () => {
  it('over a WebSocket is closed with 4413 while others receive everything, and resumes without loss', async () => {
    const start = await liveCursor(1);
    const [slow, healthy] = [await openSocket(1, start), await openSocket(1, start)];
    await until('both subscribers have caught up', () => [slow, healthy].every(({ events }) => events.length === 1));
    slow.pause();
    await burst(1);
    await until('the other subscriber has received everything', () => healthy.events.length === EVENTS + 1);
    expect(sequences(healthy.events)).toEqual(all);
    await until(
      'nothing is kept for the slow subscriber',
      async () => (await gateway.metrics()).waiting_characters === 0,
    );
    expect((await gateway.metrics()).slow_subscriptions_total).toBe(1);

    slow.resume();
    await until('the slow subscriber sees that it was closed', () => slow.closed !== null);
    expect(slow.closed).toBe(4413);
    const read = sequences(slow.events);
    expect(read.length).toBeLessThan(EVENTS);
    const again = await openSocket(1, slow.events.at(-1)!.cursor);
    await until('the slow subscriber has caught up', () => again.events.at(-1)?.__typename === 'CaughtUp');
    expect([...read, ...sequences(again.events)]).toEqual(all);
    for (const one of [healthy, again]) one.close();
    await until('no log is followed', () => gateway.watched === 0);
  });

  it('over an event stream is ended without the event complete, and resumes without loss', async () => {
    const start = await liveCursor(2);
    const [slow, healthy] = [await openStream(2, start), await openSocket(2, start)];
    await until('both subscribers have caught up', () => [slow, healthy].every(({ events }) => events.length === 1));
    slow.pause();
    await burst(2);
    await until('the other subscriber has received everything', () => healthy.events.length === EVENTS + 1);
    await until(
      'nothing is kept for the slow subscriber',
      async () => (await gateway.metrics()).waiting_characters === 0,
    );

    slow.resume();
    await until('the slow stream has ended', () => slow.hasEnded);
    expect(slow.text).not.toContain('event: complete');
    const read = sequences(slow.events);
    expect(read.length).toBeLessThan(EVENTS);
    const again = await openStream(2, slow.events.at(-1)!.cursor);
    await until('the slow subscriber has caught up', () => again.end.includes('CaughtUp'));
    expect([...read, ...sequences(again.events)]).toEqual(all);
    healthy.close();
    again.close();
    await until('no log is followed', () => gateway.watched === 0);
  });

  it('only for a while receives the rest from the results that were kept for it', async () => {
    const start = await liveCursor(3);
    const [slow, healthy] = [await openSocket(3, start), await openSocket(3, start)];
    await until('both subscribers have caught up', () => [slow, healthy].every(({ events }) => events.length === 1));
    slow.pause();
    let isPaused = true;
    await burst(3, async (written) => {
      if (!isPaused) return;
      // Nothing more is written meanwhile: of two batches, none is dropped.
      await until('the other one has received the batch', () => healthy.events.length === written + 1);
      isPaused = (await gateway.metrics()).waiting_characters! <= 100 * LENGTH;
      if (!isPaused) slow.resume();
    });
    expect(isPaused).toBe(false);
    for (const { events } of [slow, healthy]) {
      await until('each subscriber has received everything', () => events.length === EVENTS + 1);
      expect(sequences(events)).toEqual(all);
    }
    expect((await gateway.metrics()).waiting_characters).toBe(0);
    for (const one of [slow, healthy]) one.close();
    await until('no log is followed', () => gateway.watched === 0);
  });
});
