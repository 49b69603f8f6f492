import { request } from 'node:http';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { type Dial, type DialedSubscription, dialSocket, dialStream } from './chaos/dial.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startGateway, type TestGateway, tokenOf, until } from './gateway.ts';
import { startProxy, type TestProxy } from './proxy.ts';
import { write } from './seed.ts';

const EVENTS = `subscription ($id: ID!, $after: EventCursor) {
  commentEvents(articleId: $id, after: $after) { __typename cursor } }`;
const POSITION = '{ article(slug: "article-1") { liveCursor } }';

let database: TestDatabase;
/** The test's own connection to the database, which does not pass the proxy. */
let sql: pg.Client;
/** Between the gateway and its database. */
let proxy: TestProxy;
let gateway: TestGateway;

beforeEach(async () => {
  database = await createTestDatabase();
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] });
  proxy = await startProxy(Number(new URL(database.url).port));
  const url = new URL(database.url);
  url.port = String(proxy.port);
  gateway = await startGateway(undefined, { DATABASE_URL: url.href });
});

afterEach(async () => {
  proxy.thaw();
  await gateway.stop();
  await proxy.close();
  await sql.end();
  await database.drop();
});

/** Numbers of what the gateway has open, from its metrics. */
async function openResources(): Promise<Record<string, number>> {
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  const names = ['sockets', 'streams', 'subscription_groups', 'followed_logs'];
  return Object.fromEntries(
    names.map((name) => [name, Number(new RegExp(`^broadsheet_${name} (\\d+)$`, 'm').exec(text)![1])]),
  );
}

const NOTHING = { sockets: 0, streams: 0, subscription_groups: 0, followed_logs: 0 };

async function isNothingOpen(): Promise<boolean> {
  return Object.values(await openResources()).every((count) => count === 0);
}

const follow = (dial: Dial, after: string | null, results: unknown[] = []): DialedSubscription =>
  dial({
    url: gateway.url,
    query: EVENTS,
    variables: { id: encodeId('Article', 1), after },
    authorization: undefined,
    onResult: (result) => results.push(result),
  });

describe('nothing is left open', () => {
  it.each<{ transport: string; dial: Dial }>([
    { transport: 'socket', dial: dialSocket },
    { transport: 'stream', dial: dialStream },
  ])('when the clients of a $transport leave before their subscription has started', async ({ dial }) => {
    proxy.freeze();
    const readers = [1, 2, 3].map(() => follow(dial, null));
    await until('a group is being opened', async () => (await openResources()).subscription_groups === 1);
    for (const reader of readers) reader.destroy();
    await until(
      'their connections are closed',
      async () => (await openResources()).sockets === 0 && (await openResources()).streams === 0,
    );
    proxy.thaw();
    await until('nothing is open', isNothingOpen);
  });

  it('when all subscribers of a group leave while its log is read', async () => {
    const { data } = await gateway.ask<{ article: { liveCursor: string } }>(POSITION);
    const after = data.article.liveCursor;
    const first: unknown[] = [];
    const readers = [follow(dialStream, after, first)];
    await until('the first subscriber has caught up', () => first.length === 1);
    proxy.freeze();
    // The third needs the page that is being read for the second.
    for (const count of [2, 3]) {
      readers.push(follow(dialStream, after));
      await until('its stream is open', async () => (await openResources()).streams === count);
    }
    for (const reader of readers) reader.destroy();
    await until('their streams are closed', async () => (await openResources()).streams === 0);
    proxy.thaw();
    // When this is answered, the database has answered the requests before it, too.
    await gateway.ask(POSITION);
    await until('nothing is open', isNothingOpen);
  });

  it('when a client disconnects during authentication, because it gets no stream', async () => {
    proxy.freeze();
    const url = new URL(gateway.url);
    url.searchParams.set('query', EVENTS);
    url.searchParams.set('variables', JSON.stringify({ id: encodeId('Article', 1) }));
    const authorization = `Bearer ${await tokenOf({ name: 'Impatient' })}`;
    const sent = request(url, { agent: false, headers: { accept: 'text/event-stream', authorization } });
    const closed = new Promise((resolve) => sent.once('error', () => {}).once('close', resolve));
    sent.end();
    await new Promise((resolve) => sent.once('socket', (socket) => socket.once('connect', resolve)));
    // When this is answered, the gateway has received the request before it, too.
    await gateway.ask('{ __typename }');
    sent.destroy();
    await closed;
    proxy.thaw();
    await until('the authentication is complete', async () => {
      const { rowCount } = await sql.query("SELECT FROM author WHERE name = 'Impatient'");
      return rowCount === 1;
    });
    await gateway.ask(POSITION);
    expect(await openResources()).toEqual(NOTHING);
  });
});
