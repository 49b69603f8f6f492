import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeId } from '../schema/content/ids.ts';
import { startGateway, type TestGateway, tokenOf, until } from './gateway.ts';

const SEED = `
  INSERT INTO author (id, slug, name, kind) VALUES (1000, 'writer', 'Writer', 'STAFF');
  INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
    VALUES (1000, 'first', 'First', '', '', '', '', 'PUBLISHED', now(), 1000)`;
const READ = '{ topics { totalCount } }';
const READ_AND_MORE = '{ topics { nodes { name articles(first: 1) { totalCount } } } }';
const WRITE = `mutation { addComment(input: { articleId: "${encodeId('Article', 1000)}", body: "Kept",
  idempotencyKey: "01234567-0123-4123-8123-012345678901" }) { __typename } }`;

let gateway: TestGateway;
let other: pg.Client;
/** Of a moderator, whose statements may run as long as STATEMENT_TIMEOUT: none ends here by its time. */
let authorization: string;

beforeAll(async () => {
  gateway = await startGateway((sql) => sql.query(SEED).then(() => {}), { STATEMENT_TIMEOUT: '600000' });
  authorization = `Bearer ${await tokenOf({ name: 'Mo', role: 'MODERATOR' })}`;
  // Its author is created by the first request.
  await gateway.showing(authorization).ask(READ);
  other = await gateway.secondConnection();
});

afterAll(async () => {
  await other.end();
  await gateway.stop();
});

/** Statements that wait for the lock. */
async function blocked(): Promise<number> {
  const { rowCount } = await gateway.sql.query(
    "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
  );
  return rowCount ?? 0;
}

/** Holds a lock on a table that the operations need, while some work is done. */
async function whileLocked(table: string, work: () => Promise<void>): Promise<void> {
  await other.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  try {
    await work();
  } finally {
    await other.query('ROLLBACK');
  }
}

function send(query: string): ClientRequest {
  const sent = request(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json', authorization } });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ query }));
  return sent;
}

async function openSocket(): Promise<WebSocket> {
  const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
  await once(socket, 'message');
  return socket;
}

function subscribe(socket: WebSocket, query: string): void {
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
}

describe('the statement of a query is cancelled', () => {
  it.each([READ, READ_AND_MORE])('when its HTTP client disconnects, and no further one is sent: %s', async (query) => {
    const statements = await gateway.statementsDuring(async () => {
      await whileLocked('topic', async () => {
        const sent = send(query);
        await until('the statement waits', async () => (await blocked()) === 1);
        sent.destroy();
        await until('it is cancelled', async () => (await blocked()) === 0);
      });
    });
    expect(statements).toHaveLength(1);
  });

  it.each(['complete', 'close'])('when its WebSocket client sends %s', async (how) => {
    const socket = await openSocket();
    await whileLocked('topic', async () => {
      subscribe(socket, READ);
      await until('the statement waits', async () => (await blocked()) === 1);
      if (how === 'close') socket.close();
      else socket.send('{"id":"1","type":"complete"}');
      await until('it is cancelled', async () => (await blocked()) === 0);
    });
    socket.terminate();
    if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
  });

  it('also while it waits for a connection, whose next statement is not cancelled', async () => {
    await whileLocked('topic', async () => {
      const sent = Array.from({ length: 30 }, () => send(READ));
      await until('all connections for readers are in use', async () => (await blocked()) >= 5);
      for (const one of sent) one.destroy();
      await until('all are cancelled', async () => (await blocked()) === 0);
    });
    const answers = await Promise.all(Array.from({ length: 30 }, () => gateway.ask(READ)));
    expect(answers.map(({ errors }) => errors)).toEqual(answers.map(() => undefined));
  });
});

it('a mutation whose transaction has begun is finished when its client disconnects', async () => {
  await whileLocked('comment', async () => {
    const mutation = send(WRITE);
    await until('the transaction waits', async () => (await blocked()) === 1);
    mutation.destroy();
    // The gateway notices this client's end after that of the mutation.
    const query = send('{ article(slug: "first") { comments(first: 1) { nodes { id } } } }');
    await until('a query waits, too', async () => (await blocked()) === 2);
    query.destroy();
    await until('only the query is cancelled', async () => (await blocked()) === 1);
  });
  await until('the comment is stored', async () => (await gateway.sql.query('SELECT FROM comment')).rowCount === 1);
});
