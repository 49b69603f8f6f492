import { request } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeId } from '../schema/content/ids.ts';
import { startGateway, type TestGateway, tokenOf, until } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
const ARTICLE = encodeId('Article', 1);

beforeAll(async () => {
  gateway = await startGateway(async (sql) => {
    await write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2 }] });
    // Enough to be in the middle of catching up when the client goes.
    await sql.query(
      `WITH written AS (
         INSERT INTO comment (article_id, author_id, path, depth, status, visible, body_source, body_html, body_text)
         SELECT 1, 1, ARRAY[-n], 0, 'VISIBLE', true, '', '', repeat('x', 5000) FROM generate_series(1, 3000) n
         RETURNING id, path
       ), told AS (
         INSERT INTO comment_event (article_id, sequence, kind, comment_id) SELECT 1, -path[1], 'ADDED', id FROM written
       )
       UPDATE article SET event_sequence = 3000, next_ordinal = 1 WHERE id = 1`,
    );
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

/** What a process has open: kinds of resources with how many there are. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

interface Client {
  /** It has received something. */
  hears(): boolean;
  socket: Socket;
  leave?: () => void;
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
      resolve({ hears: () => length > 20, socket: response.socket, leave: () => sent.destroy() });
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
  await until('it is acknowledged', () => count > 0);
  web.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
  const { _socket } = web as unknown as { _socket: Socket };
  return { web, socket: _socket, hears: () => count > 1 };
}

const follows = () => until('somebody follows', async () => (await gateway.metrics()).subscription_groups! > 0);

/** Ways to go, each with how it comes to that. */
const ways: Record<string, () => Promise<void>> = {
  'a socket completes its subscription, and closes': async () => {
    const { web } = await socket(EVENTS);
    await follows();
    web.send('{"id":"1","type":"complete"}');
    await until('nobody follows', async () => (await gateway.metrics()).subscription_groups === 0);
    web.close();
  },
  'a socket is closed': async () => {
    const { web } = await socket(EVENTS);
    await follows();
    web.close();
  },
  'a socket is gone': async () => {
    const { web } = await socket(EVENTS);
    await follows();
    web.terminate();
  },
  'a socket is gone before it is answered': async () => {
    const { web } = await socket(EVENTS);
    web.terminate();
  },
  'a socket is gone while the database is asked where its article is': async () => {
    const [first, second] = [await socket(EVENTS), await socket('subscription { articlePublished { id } }')];
    await until('both are live', async () => (await gateway.metrics()).live_subscriptions === 2);
    const watcher = await gateway.secondConnection();
    await gateway.sql.query('BEGIN');
    await gateway.sql.query('LOCK TABLE article IN ACCESS EXCLUSIVE MODE');
    second.web.send(JSON.stringify({ id: '2', type: 'subscribe', payload: { query: EVENTS } }));
    await until('it is asked', async () => {
      const { rows } = await watcher.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%comment_event%'`,
      );
      return rows.length > 0;
    });
    second.web.terminate();
    await until('one is gone', async () => (await gateway.metrics()).sockets === 1);
    await gateway.sql.query('COMMIT');
    await watcher.end();
    first.web.terminate();
  },
  'a socket is gone in the middle of catching up': async () => {
    const { web, hears } = await socket(EVENTS, { after: await cursorAt(0) });
    await until('it hears', hears);
    web.terminate();
  },
  'a socket that does not read is gone in the middle of catching up': async () => {
    const client = await socket(EVENTS, { after: await cursorAt(0) });
    await until('it hears', client.hears);
    client.socket.pause();
    client.web.terminate();
  },
  'a socket that was told to read anew closes': async () => {
    const { web, hears } = await socket(EVENTS, { after: 'nonsense' });
    await until('it hears', hears);
    web.close();
  },
  'a socket had many subscriptions': async () => {
    const { web } = await socket(EVENTS);
    for (let id = 2; id <= 50; id++)
      web.send(JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query: id % 2 ? EVENTS : PUBLISHED } }));
    await until('both are followed', async () => (await gateway.metrics()).followed_logs === 2);
    web.terminate();
  },
  'a socket is refused what it asks for': async () => {
    const { web, hears } = await socket('subscription { commentEvents(articleId: "x") { cursor } }');
    await until('it hears', hears);
    web.close();
  },
  'a token ends': async () => {
    const { web } = await socket(EVENTS, {}, await tokenOf({ name: 'Bea', expires: '2 s' }));
    await follows();
    await new Promise((resolve) => web.once('close', resolve));
  },
  'an event stream is left': async () => {
    const client = await stream('text/event-stream', EVENTS);
    await follows();
    client.leave!();
  },
  'an event stream is left in the middle of catching up': async () => {
    const client = await stream('text/event-stream', EVENTS, { after: await cursorAt(0) });
    await until('it hears', client.hears);
    client.leave!();
  },
  'an event stream that does not read is left': async () => {
    const client = await stream('text/event-stream', EVENTS, { after: await cursorAt(0) });
    client.socket.pause();
    client.leave!();
  },
  'a multipart body is left': async () => {
    const client = await stream('multipart/mixed;subscriptionSpec="1.0"', PUBLISHED);
    await follows();
    client.leave!();
  },
  'an article is public no longer': async () => {
    const ended = gateway.subscribe(`subscription { commentAdded(articleId: "${encodeId('Article', 2)}") { id } }`);
    await follows();
    await gateway.sql.query(`UPDATE article SET status = 'DRAFT' WHERE id = 2`);
    await expect(ended.arrived(1)).rejects.toThrow(/NOT_FOUND/);
    await ended.stop();
  },
};

describe('nothing is left behind when', () => {
  for (const [way, go] of Object.entries(ways))
    it(way, async () => {
      await gateway.ask('{ __typename }');
      const before = resources();
      await go();
      await until('nothing of it is there', async () => {
        const { sockets, streams, ...figures } = await gateway.metrics();
        const { live_subscriptions, subscription_groups, followed_logs, waiting_characters } = figures;
        return [sockets, streams, live_subscriptions, subscription_groups, followed_logs, waiting_characters].every(
          (one) => one === 0,
        );
      });
      // Connections to the database and of fetch come and go by themselves; more of them would be of this.
      await until('as many timers and sockets are open as before', () => {
        const { Timeout = 0, TCPSocketWrap = 0, Immediate = 0 } = resources();
        return (
          Timeout <= (before.Timeout ?? 0) + 1 && TCPSocketWrap <= (before.TCPSocketWrap ?? 0) + 1 && Immediate === 0
        );
      });
      const { rows } = await gateway.sql.query(
        `SELECT state, query FROM pg_stat_activity
         WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`,
      );
      expect(rows.filter(({ state }) => state.startsWith('idle in transaction'))).toEqual([]);
    });
});
