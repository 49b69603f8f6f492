import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeId } from '../schema/content/ids.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { start as startOther } from '../src/start.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';
import { whileClockStands } from './stopped-clock.ts';

let gateway: TestGateway;

afterEach(() => gateway.stop());

async function start(): Promise<void> {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
}

const ARTICLE = encodeId('Article', 1);
const ADD = `mutation ($body: String!) { addComment(input: { articleId: "${ARTICLE}", body: $body,
  guest: { name: "Ann", email: "ann@example.com" } }) { ... on AddCommentSuccess { comment { body { text } } } } }`;
const EVENTS = `subscription { commentEvents(articleId: "${ARTICLE}") { __typename } }`;

/** An event needs several statements, one after another. */
const EVENTS_WITH_RELATED = `subscription { commentEvents(articleId: "${ARTICLE}") { __typename ... on CommentAdded {
  comment { article { related { author { articles(first: 1) { nodes { title } } } } } } } } }`;

async function openSocket() {
  const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
  const messages: string[] = [];
  let closed: number | null = null;
  socket.on('message', (data) => messages.push(String(data)));
  socket.on('close', (code) => {
    closed = code;
  });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('{"type":"connection_init"}');
  await until('the connection is acknowledged', () => messages.length > 0);
  return {
    messages,
    ask: (id: string, query: string, variables = {}) =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query, variables } })),
    get closed() {
      return closed;
    },
  };
}

function open(query: string, accept: string, url = gateway.url) {
  const { hostname, port } = new URL(url);
  const stream = { text: '', isEnded: false, isBroken: false };
  const headers = { accept, 'content-type': 'application/json' };
  const sent = request({ hostname, port, path: '/graphql', method: 'POST', headers, agent: false }, (response) => {
    response.on('data', (data) => {
      stream.text += data;
    });
    response.on('end', () => {
      stream.isEnded = true;
    });
    response.on('error', () => {
      stream.isBroken = true;
    });
  });
  sent.on('error', () => {
    stream.isBroken = true;
  });
  sent.end(JSON.stringify({ query }));
  return stream;
}

describe('a gateway that stops', () => {
  it('closes WebSockets with 1012 and ends streams without `complete`, so that clients connect again', async () => {
    await start();
    const socket = await openSocket();
    socket.ask('1', EVENTS);
    const events = open(EVENTS, 'text/event-stream');
    const parts = open(EVENTS, 'multipart/mixed;subscriptionSpec="1.0"');
    await until('all are subscribed', async () => (await gateway.metrics()).subscription_groups === 1);
    await until('streams are open', () => events.text !== '' && parts.text !== '');
    await gateway.stopGateway();
    await until('the socket is closed', () => socket.closed !== null);
    expect(socket.closed).toBe(1012);
    await until('streams have ended', () => events.isEnded && parts.isEnded);
    // It would tell clients that nothing more can come.
    expect(events.text).not.toContain('complete');
    expect(parts.text).toMatch(
      /^\r\n--graphql\r\n.*"payload":null,"errors".*SUBSCRIPTION_INTERRUPTED.*\r\n--graphql$/s,
    );
    expect([events.isBroken, parts.isBroken]).toEqual([false, false]);
  });

  it('finishes running requests and operations, and accepts no new ones', async () => {
    await start();
    const socket = await openSocket();
    await gateway.sql.query('BEGIN');
    await gateway.sql.query('SELECT FROM article WHERE id = 1 FOR UPDATE');
    const overHttp = gateway.ask(ADD, { body: 'over HTTP' });
    socket.ask('1', ADD, { body: 'over a WebSocket' });
    const watcher = await gateway.secondConnection();
    await until('both wait for the article', async () => {
      const { rows } = await watcher.query(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows[0].waiting === 2;
    });
    // Operations over WebSockets are waited for until a time.
    await whileClockStands(async () => {
      const stopped = gateway.stopGateway();
      await until('no connection is accepted', () =>
        fetch(gateway.url).then(
          () => false,
          () => true,
        ),
      );
      await gateway.sql.query('COMMIT');
      expect((await overHttp).data).toEqual({ addComment: { comment: { body: { text: 'over HTTP' } } } });
      await stopped;
    });
    expect(socket.messages.at(-2)).toContain('over a WebSocket');
    expect(socket.closed).toBe(1012);
    await watcher.end();
  });

  it('finishes what it renders for subscriptions before it closes the database, and logs no fault', async () => {
    gateway = await startGateway((sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        topics: [{ id: 1 }],
        articles: [
          { id: 1, topics: [1] },
          { id: 2, topics: [1] },
        ],
      }),
    );
    const lines: string[] = [];
    const statements: string[] = [];
    const url = new URL(gateway.databaseUrl);
    url.searchParams.set('application_name', 'stopping');
    const stopping = await startOther({
      config: readConfig({ PORT: '0', DATABASE_URL: url.href, LOG_LEVEL: 'error' }),
      log: createLogger({ level: 'error', out: { write: (line) => lines.push(line) } }),
      onStatements: (texts) => statements.push(...texts),
    });
    const events = open(EVENTS_WITH_RELATED, 'text/event-stream', stopping.url);
    await until('it follows', () => events.text.includes('CaughtUp'));
    const lock = await gateway.secondConnection();
    await lock.query('BEGIN; LOCK TABLE article_topic IN ACCESS EXCLUSIVE MODE');
    await gateway.ask(ADD, { body: 'An event' });
    await until('the event waits for its related articles', async () => (await connections('Lock')) === 1);
    const stopped = stopping.stop();
    await until('its stream has ended', () => events.isEnded);
    // If it did not wait, it would have closed its other connections soon.
    for (let looks = 0; looks < 100 && (await connections()) > 1; looks++);
    const before = statements.length;
    await lock.query('ROLLBACK');
    await stopped;
    expect(statements.length).toBeGreaterThan(before);
    expect(lines).toEqual([]);
    await lock.end();
  });

  /** Number of connections of the gateway that stops. */
  async function connections(waitingFor: string | null = null): Promise<number> {
    const { rows } = await gateway.sql.query(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database()
       AND application_name = 'stopping' AND ($1::text IS NULL OR wait_event_type = $1)`,
      [waitingFor],
    );
    return rows[0].n;
  }
});
