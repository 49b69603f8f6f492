import { request } from 'node:http';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeId } from '../schema/content/ids.ts';
import { type Dial, type Dialled, dialSocket, dialStream } from './chaos/dial.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { startGateway, type TestGateway, tokenOf, until } from './gateway.ts';
import { startProxy, type TestProxy } from './proxy.ts';
import { write } from './seed.ts';

const EVENTS = `subscription ($id: ID!, $after: EventCursor) {
  commentEvents(articleId: $id, after: $after) { __typename cursor } }`;
const POSITION = '{ article(slug: "article-1") { liveCursor } }';

let database: TestDatabase;
/** A connection to it that goes no other way. */
let sql: pg.Client;
/** The gateway's way to its database. */
let way: TestProxy;
let gateway: TestGateway;

beforeEach(async () => {
  database = await createTestDatabase();
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  await write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] });
  way = await startProxy(Number(new URL(database.url).port));
  const url = new URL(database.url);
  url.port = String(way.port);
  gateway = await startGateway(undefined, { DATABASE_URL: url.href });
});

afterEach(async () => {
  way.thaw();
  await gateway.stop();
  await way.close();
  await sql.end();
  await database.drop();
});

/** What the gateway says that it holds open. */
async function open(): Promise<Record<string, number>> {
  const text = await (await fetch(new URL('/metrics', gateway.url))).text();
  const names = ['sockets', 'streams', 'subscription_groups', 'followed_logs'];
  return Object.fromEntries(
    names.map((name) => [name, Number(new RegExp(`^broadsheet_${name} (\\d+)$`, 'm').exec(text)![1])]),
  );
}

const NOTHING = { sockets: 0, streams: 0, subscription_groups: 0, followed_logs: 0 };

async function isNothing(): Promise<boolean> {
  return Object.values(await open()).every((count) => count === 0);
}

const follow = (dial: Dial, after: string | null, results: unknown[] = []): Dialled =>
  dial({
    url: gateway.url,
    query: EVENTS,
    variables: { id: encodeId('Article', 1), after },
    authorization: undefined,
    onResult: (result) => results.push(result),
  });

describe('whoever leaves', () => {
  it.each<{ transport: string; dial: Dial }>([
    { transport: 'socket', dial: dialSocket },
    { transport: 'stream', dial: dialStream },
  ])('a $transport before its subscription could be begun leaves nothing behind', async ({ dial }) => {
    way.freeze();
    const readers = [1, 2, 3].map(() => follow(dial, null));
    await until('a group is being opened', async () => (await open()).subscription_groups === 1);
    for (const reader of readers) reader.destroy();
    await until('they are gone', async () => (await open()).sockets === 0 && (await open()).streams === 0);
    way.thaw();
    await until('nothing is open', isNothing);
  });

  it('together with all others while the log is read leaves nothing behind', async () => {
    const { data } = await gateway.ask<{ article: { liveCursor: string } }>(POSITION);
    const after = data.article.liveCursor;
    const first: unknown[] = [];
    const readers = [follow(dialStream, after, first)];
    await until('one is caught up', () => first.length === 1);
    way.freeze();
    // The second of them asks for what is being read for the first already.
    for (const count of [2, 3]) {
      readers.push(follow(dialStream, after));
      await until('it has come', async () => (await open()).streams === count);
    }
    for (const reader of readers) reader.destroy();
    await until('they are gone', async () => (await open()).streams === 0);
    way.thaw();
    // The database has answered what they waited for.
    await gateway.ask(POSITION);
    await until('nothing is open', isNothing);
  });

  it('before it is known who asks gets no stream, which nobody would close', async () => {
    way.freeze();
    const url = new URL(gateway.url);
    url.searchParams.set('query', EVENTS);
    url.searchParams.set('variables', JSON.stringify({ id: encodeId('Article', 1) }));
    const authorization = `Bearer ${await tokenOf({ name: 'Impatient' })}`;
    const asking = request(url, { agent: false, headers: { accept: 'text/event-stream', authorization } });
    const closed = new Promise((resolve) => asking.once('error', () => {}).once('close', resolve));
    asking.end();
    await new Promise((resolve) => asking.once('socket', (socket) => socket.once('connect', resolve)));
    // Its request was sent before this one.
    await gateway.ask('{ __typename }');
    asking.destroy();
    await closed;
    way.thaw();
    await until('they are known', async () => {
      const { rowCount } = await sql.query("SELECT FROM author WHERE name = 'Impatient'");
      return rowCount === 1;
    });
    await gateway.ask(POSITION);
    expect(await open()).toEqual(NOTHING);
  });
});
