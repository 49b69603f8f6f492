import { request } from 'node:http';
import type { Socket } from 'node:net';
import { queryObjects } from 'node:v8';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeId } from '../schema/content/ids.ts';
import { SocketConnection } from '../src/transport/websocket/connection.ts';
import { startGateway, type TestGateway, tokenOf, until } from './gateway.ts';
import { write } from './seed.ts';
import { whileClockStands } from './stopped-clock.ts';

let gateway: TestGateway;
const ARTICLE = encodeId('Article', 1);

beforeAll(async () => {
  gateway = await startGateway(async (sql) => {
    await write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2 }] });
    // Enough events that a client can leave while it catches up. Search documents of them would take most of the time.
    await sql.query('SET session_replication_role = replica');
    await sql.query(
      `WITH written AS (
         INSERT INTO comment (article_id, author_id, path, depth, status, visible, body_source, body_html, body_text)
         SELECT 1, 1, ARRAY[-n], 0, 'VISIBLE', true, '', '', repeat('x', 5000) FROM generate_series(1, 3000) n
         RETURNING id, path
       ), logged AS (
         INSERT INTO comment_event (article_id, sequence, kind, comment_id) SELECT 1, -path[1], 'ADDED', id FROM written
       )
       UPDATE article SET event_sequence = 3000, next_ordinal = 1 WHERE id = 1`,
    );
    await sql.query('RESET session_replication_role');
  });
});

afterAll(() => gateway.stop());

const EVENTS = `subscription ($after: EventCursor) { commentEvents(articleId: "${ARTICLE}", after: $after) {
  __typename cursor ... on CommentAdded { comment { body { text } } } } }`;
const PUBLISHED = 'subscription { articlePublished { id } }';

async function cursorAt(sequence: number): Promise<string> {
  const { encodeEventCursor } = await import('../schema/content/event-cursor.ts');
  const { rows } = await gateway.sql.query('SELECT event_epoch FROM article WHERE id = 1');
  return encodeEventCursor({ articleId: 1, epoch: rows[0].event_epoch, sequence });
}

/** Numbers of the process's open resources, by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

interface Client {
  /** True once a result has arrived. */
  hasReceived(): boolean;
  socket: Socket;
  abort?: () => void;
}

function stream(accept: string, query: string, variables = {}): Promise<Client> {
  const { hostname, port } = new URL(gateway.url);
  const headers = { accept, 'content-type': 'application/json' };
  return new Promise((resolve) => {
    const sent = request({ hostname, port, path: '/graphql', method: 'POST', headers, agent: false }, (response) => {
      let length = 0;
      response.on('data', (data) => {
        length += data.length;
      });
      response.on('error', () => undefined);
      resolve({ hasReceived: () => length > 20, socket: response.socket, abort: () => sent.destroy() });
    });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify({ query, variables }));
  });
}

async function socket(query: string, variables = {}, token?: string): Promise<Client & { web: WebSocket }> {
  const web = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
  let count = 0;
  web.on('message', () => {
    count += 1;
  });
  web.on('error', () => undefined);
  await new Promise((resolve) => web.once('open', resolve));
  web.send(JSON.stringify({ type: 'connection_init', payload: { authorization: token && `Bearer ${token}` } }));
  await until('the connection is acknowledged', () => count > 0);
  web.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
  const { _socket } = web as unknown as { _socket: Socket };
  return { web, socket: _socket, hasReceived: () => count > 1 };
}

const untilFollowed = () =>
  until('there is a subscriber', async () => (await gateway.metrics()).subscription_groups! > 0);

/** Number of different durations for which Node.js keeps timers, also those that it keeps without one. */
function timerDurations(): number {
  const timer = setTimeout(() => {}, 3_456_789) as unknown as { _idlePrev: { constructor: new () => object } };
  const { constructor: TimersList } = timer._idlePrev;
  clearTimeout(timer as unknown as NodeJS.Timeout);
  return queryObjects(TimersList, { format: 'count' });
}

/** Bytes of the heap after a full garbage collection. */
function heapSize(): number {
  queryObjects(Map, { format: 'count' });
  return process.memoryUsage().heapUsed;
}

/** Ways in which a subscription ends; each function ends one. */
const endings: Record<string, () => Promise<void>> = {
  'a socket completes its subscription and closes': async () => {
    const { web } = await socket(EVENTS);
    await untilFollowed();
    web.send('{"id":"1","type":"complete"}');
    await until('there is no subscriber', async () => (await gateway.metrics()).subscription_groups === 0);
    web.close();
  },
  'a socket is closed by its client': async () => {
    const { web } = await socket(EVENTS);
    await untilFollowed();
    web.close();
  },
  'a socket is terminated': async () => {
    const { web } = await socket(EVENTS);
    await untilFollowed();
    web.terminate();
  },
  'a socket is terminated before its first result': async () => {
    const { web } = await socket(EVENTS);
    web.terminate();
  },
  'a socket is terminated while the position of its log is being read': async () => {
    const [first, second] = [await socket(EVENTS), await socket('subscription { articlePublished { id } }')];
    await until('both subscriptions are live', async () => (await gateway.metrics()).live_subscriptions === 2);
    const watcher = await gateway.secondConnection();
    await gateway.sql.query('BEGIN');
    await gateway.sql.query('LOCK TABLE article IN ACCESS EXCLUSIVE MODE');
    second.web.send(JSON.stringify({ id: '2', type: 'subscribe', payload: { query: EVENTS } }));
    await until('the position is being read', async () => {
      const { rows } = await watcher.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%comment_event%'`,
      );
      return rows.length > 0;
    });
    second.web.terminate();
    await until('one socket is closed', async () => (await gateway.metrics()).sockets === 1);
    await gateway.sql.query('COMMIT');
    await watcher.end();
    first.web.terminate();
  },
  'a socket is terminated while it catches up': async () => {
    const { web, hasReceived } = await socket(EVENTS, { after: await cursorAt(0) });
    await until('a result has arrived', hasReceived);
    web.terminate();
  },
  'a socket that does not read is terminated while it catches up': async () => {
    const client = await socket(EVENTS, { after: await cursorAt(0) });
    await until('a result has arrived', client.hasReceived);
    client.socket.pause();
    client.web.terminate();
  },
  'a socket that received ResyncRequired closes': async () => {
    const { web, hasReceived } = await socket(EVENTS, { after: 'nonsense' });
    await until('a result has arrived', hasReceived);
    web.close();
  },
  'a socket with many subscriptions is terminated': async () => {
    const { web } = await socket(EVENTS);
    for (let id = 2; id <= 50; id++)
      web.send(JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query: id % 2 ? EVENTS : PUBLISHED } }));
    await until('both logs are followed', async () => (await gateway.metrics()).followed_logs === 2);
    web.terminate();
  },
  'a subscription is refused': async () => {
    const { web, hasReceived } = await socket('subscription { commentEvents(articleId: "x") { cursor } }');
    await until('a result has arrived', hasReceived);
    web.close();
  },
  'a token expires': async () => {
    const { web } = await whileClockStands(async () => {
      const client = await socket(EVENTS, {}, await tokenOf({ name: 'Bea', expires: '2 s' }));
      await untilFollowed();
      return client;
    });
    await new Promise((resolve) => web.once('close', resolve));
  },
  'an event stream is aborted': async () => {
    const client = await stream('text/event-stream', EVENTS);
    await untilFollowed();
    client.abort!();
  },
  'an event stream is aborted while it catches up': async () => {
    const client = await stream('text/event-stream', EVENTS, { after: await cursorAt(0) });
    await until('a result has arrived', client.hasReceived);
    client.abort!();
  },
  'an event stream that is not read is aborted': async () => {
    const client = await stream('text/event-stream', EVENTS, { after: await cursorAt(0) });
    client.socket.pause();
    client.abort!();
  },
  'a multipart body is aborted': async () => {
    const client = await stream('multipart/mixed;subscriptionSpec="1.0"', PUBLISHED);
    await untilFollowed();
    client.abort!();
  },
  'an article is no longer public': async () => {
    const ended = gateway.subscribe(`subscription { commentAdded(articleId: "${encodeId('Article', 2)}") { id } }`);
    await untilFollowed();
    await gateway.sql.query(`UPDATE article SET status = 'DRAFT' WHERE id = 2`);
    await expect(ended.arrived(1)).rejects.toThrow(/NOT_FOUND/);
    await ended.stop();
  },
};

describe('no connection, group, log or timer is left when', () => {
  for (const [ending, end] of Object.entries(endings))
    it(ending, async () => {
      await gateway.ask('{ __typename }');
      const before = resources();
      await end();
      await until('the metrics show nothing open', async () => {
        const { sockets, streams, ...figures } = await gateway.metrics();
        const { live_subscriptions, subscription_groups, followed_logs, waiting_characters } = figures;
        return [sockets, streams, live_subscriptions, subscription_groups, followed_logs, waiting_characters].every(
          (figure) => figure === 0,
        );
      });
      // Connections to the database and of the test's client open and close by themselves; more than one is a leak.
      await until('no more timers and sockets are open than before', () => {
        const { Timeout = 0, TCPSocketWrap = 0, Immediate = 0 } = resources();
        return (
          Timeout <= (before.Timeout ?? 0) + 1 && TCPSocketWrap <= (before.TCPSocketWrap ?? 0) + 1 && Immediate === 0
        );
      });
      // A job of the gateway may be between two statements of one.
      await until('no transaction is open', async () => {
        const { rowCount } = await gateway.sql.query(
          `SELECT FROM pg_stat_activity
           WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()`,
        );
        return rowCount === 0;
      });
    });
});

it('no timer is left of signed-in requests and sockets, whose tokens hold for an hour', async () => {
  const member = gateway.as({ name: 'Cleo' });
  const ask = () => member.ask('{ articles(first: 20) { nodes { title } } viewer { author { name } } }');
  await ask();
  const before = timerDurations();
  const token = await tokenOf({ name: 'Cleo' });
  for (let round = 0; round < 20; round += 1) {
    await Promise.all([ask(), ask(), ask()]);
    (await socket(EVENTS, {}, token)).web.terminate();
  }
  await until('all sockets are closed', async () => (await gateway.metrics()).sockets === 0);
  expect(timerDurations()).toBeLessThan(before + 10);
});

it('no names are left that requests gave for operations of a document that has none with these names', async () => {
  const query = '{ article(slug: "article-1") { title } }';
  for (let i = 0; i < 10; i += 1) await gateway.ask(query);
  const before = heapSize();
  for (let i = 0; i < 40; i += 1) {
    const { body } = await gateway.post({ query, operationName: `${'x'.repeat(500_000)}${i}` });
    expect(body).toContain('Unknown operation');
  }
  // They have 20 MB.
  expect(heapSize()).toBeLessThan(before + 8_000_000);
});

it('nothing is left of a socket that closes while its token is read', async () => {
  const count = (): number => queryObjects(SocketConnection, { format: 'count' });
  const before = count();
  const payload = { authorization: `Bearer ${await tokenOf({ name: 'Dora' })}` };
  await gateway.sql.query('BEGIN');
  await gateway.sql.query('LOCK TABLE author');
  const web = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
  web.on('error', () => undefined).on('open', () => web.send(JSON.stringify({ type: 'connection_init', payload })));
  await until('the member is looked for', async () => {
    // Within a transaction it would always be what it was at the first look.
    await gateway.sql.query('SELECT pg_stat_clear_snapshot()');
    const { rowCount } = await gateway.sql.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM author WHERE subject%'`,
    );
    return rowCount! > 0;
  });
  web.terminate();
  await until('the socket is closed', async () => (await gateway.metrics()).sockets === 0);
  await gateway.sql.query('ROLLBACK');
  expect((await gateway.as({ name: 'Dora' }).ask('{ viewer { author { name } } }')).errors).toBeUndefined();
  await until('the connection is forgotten', () => count() <= before);
});
