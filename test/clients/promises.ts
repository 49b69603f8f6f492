import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { encodeId } from '../../schema/content/ids.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { start } from '../../src/start.ts';
import { leavesNothing, startGateway, type TestGateway, until } from '../gateway.ts';
import { startProxy, type TestProxy } from '../proxy.ts';
import { write } from '../seed.ts';
import { ADD, type AddResult, DISCUSSION, type DiscussionResult, Page } from './discussion.ts';

/** A client library, used as its documentation recommends. */
export interface Client {
  /** Executes a query or a mutation. @throws when there are errors, with their messages */
  execute<Data>(document: string, variables: Record<string, unknown>): Promise<Data>;
  /** Reads a discussion and delivers its events to the page, across lost connections. @returns stops */
  follow(id: string, page: Page): () => void;
  close(): void | Promise<void>;
}

const UNPUBLISH = 'mutation ($input: UnpublishArticleInput!) { unpublishArticle(input: $input) { __typename } }';
const PUBLISH = 'mutation ($input: PublishArticleInput!) { publishArticle(input: $input) { __typename } }';
const DELETE = 'mutation ($input: DeleteArticleInput!) { deleteArticle(input: $input) { __typename } }';

const ARTICLE = encodeId('Article', 1);
/** Milliseconds between the gateway's heartbeats: several within the silence that the clients wait for (see connection.ts). */
const HEARTBEAT_INTERVAL = 300;

function portOf({ url }: { url: string }): number {
  return Number(new URL(url).port);
}

/**
 * Tests what the gateway promises to every client library.
 * @param connect makes a client of the gateway at a URL
 */
export function describePromises(connect: (url: string) => Client): void {
  let gateway: TestGateway;
  let proxy: TestProxy;
  let client: Client;
  let added: string[];
  let stops: (() => void)[];

  beforeAll(async () => {
    gateway = await startGateway(
      (sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2 }, { id: 3 }] }),
      {},
      { heartbeatInterval: HEARTBEAT_INTERVAL },
    );
  });

  afterAll(() => gateway.stop());

  beforeEach(async () => {
    // The comments of earlier tests stay, and a page reads them first.
    const { data } = await gateway.ask<DiscussionResult>(DISCUSSION, { id: ARTICLE });
    added = data.node.comments.nodes.map(({ body }) => body!.text);
    proxy = await startProxy(portOf(gateway));
    client = connect(gateway.url.replace(`:${portOf(gateway)}/`, `:${proxy.port}/`));
    stops = [];
  });

  afterEach(async () => {
    // First of all: a link that retries would open another connection while this closes the one before.
    for (const stop of stops) stop();
    // A socket that waits to connect again rejects with why it is closed.
    await Promise.resolve(client.close()).catch(() => undefined);
    await proxy.close();
    await leavesNothing(gateway);
  });

  const guest = { name: 'Ann', email: 'ann@example.com' };

  /** Adds comments without the proxy. */
  async function add(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const body = `Comment ${added.length + 1}`;
      const { data } = await gateway.ask<AddResult>(ADD, { input: { articleId: ARTICLE, body, guest } });
      expect(data.addComment.__typename).toBe('AddCommentSuccess');
      added.push(body);
    }
  }

  /** Resolves once the page shows all comments, and checks that each is there once and in order. */
  async function showsAll(page: Page): Promise<void> {
    await until('the page shows all comments', () => {
      if (page.failure) throw new Error('The subscription of the page has failed.', { cause: page.failure });
      return page.comments.length >= added.length;
    });
    expect(page.comments).toEqual(added);
  }

  /** Opens a page whose subscription is live. */
  async function open(): Promise<Page> {
    const page = new Page();
    stops.push(client.follow(ARTICLE, page));
    await until('the page is up to date', () => page.receivedTypes.includes('CaughtUp') || page.failure !== undefined);
    await add(1);
    await showsAll(page);
    return page;
  }

  it('gets the result of a query', async () => {
    const { node } = await client.execute<DiscussionResult>(DISCUSSION, { id: ARTICLE });
    expect(node).toMatchObject({ id: ARTICLE, liveCursor: expect.any(String) });
    expect(node.comments.nodes).toHaveLength(added.length);
  });

  it('gets the error of a failing query', async () => {
    const request = client.execute('query Many($first: Int!) { articles(first: $first) { totalCount } }', {
      first: 101,
    });
    await expect(request).rejects.toThrow('101');
  });

  it('adds a comment, which its subscription delivers', async () => {
    const page = await open();
    const input = { articleId: ARTICLE, body: 'By the client', guest };
    const { addComment } = await client.execute<AddResult>(ADD, { input });
    expect(addComment).toMatchObject({ __typename: 'AddCommentSuccess', comment: { body: { text: 'By the client' } } });
    added.push('By the client');
    await showsAll(page);
  });

  it('gets the error of a mutation that is refused', async () => {
    const { addComment } = await client.execute<AddResult>(ADD, { input: { articleId: ARTICLE, body: ' ', guest } });
    expect(addComment).toMatchObject({ __typename: 'InvalidInputError', message: expect.any(String) });
  });

  it('misses nothing when its connection is lost and it connects again', async () => {
    const page = await open();
    for (let i = 0; i < 3; i++) {
      proxy.closeConnections();
      await add(3);
      await showsAll(page);
    }
    expect(page.readings).toBe(1);
  });

  it('misses nothing when it cannot connect for a time', async () => {
    const page = await open();
    proxy.rejectNewConnections();
    const taken = proxy.connectionCount;
    await add(5);
    await until('it has tried several times', () => proxy.connectionCount >= taken + 3);
    // Now nothing listens on the port.
    await proxy.stopListening();
    await add(5);
    expect(page.comments.length).toBe(added.length - 10);
    await proxy.listen();
    await showsAll(page);
    expect(page.readings).toBe(1);
  });

  it('misses nothing when it loses its connection repeatedly while comments are added', async () => {
    const page = await open();
    for (let cuts = 0; cuts < 4; cuts++) {
      const seen = page.comments.length;
      const writing = add(15);
      // As soon as something has arrived on the new connection.
      await until('it is back', () => page.comments.length > seen);
      proxy.closeConnections();
      await writing;
    }
    await showsAll(page);
    expect(page.readings).toBe(1);
  });

  it('misses nothing when its connection stays open and its packets vanish', async () => {
    const page = await open();
    proxy.swallow();
    await add(3);
    await showsAll(page);
    expect(page.readings).toBe(1);
  });

  it('misses nothing when its gateway stops and it connects to another', async () => {
    const other = await start({
      config: readConfig({ PORT: '0', DATABASE_URL: gateway.databaseUrl, LOG_LEVEL: 'error', RATE_LIMITS: 'off' }),
      log: createLogger({ level: 'error' }),
    });
    proxy.forwardTo(portOf(other));
    const page = await open();
    proxy.forwardTo(portOf(gateway));
    const stopping = other.stop();
    await add(3);
    await stopping;
    await add(3);
    await showsAll(page);
    expect(page.readings).toBe(1);
  });

  it('reads the discussion again when its cursor is no longer valid, also over a connection that is lost then', async () => {
    const page = await open();
    proxy.rejectNewConnections();
    await add(3);
    // As when the database was restored from a backup.
    await gateway.sql.query('UPDATE article SET event_epoch = event_epoch + 1 WHERE id = 1');
    page.onResync = proxy.rejectNewConnections;
    await proxy.listen();
    await until('it has to read again', () => page.receivedTypes.includes('ResyncRequired'));
    const taken = proxy.connectionCount;
    await until('it has tried several times', () => proxy.connectionCount >= taken + 3);
    await proxy.listen();
    await showsAll(page);
    expect(page.readings).toBe(2);
    await add(3);
    await showsAll(page);
    expect(page.readings).toBe(2);
  });

  it('goes on when the article is withdrawn and published again', async () => {
    const page = await open();
    const editor = gateway.as({ name: 'Editor', role: 'ADMIN' });
    await editor.ask(UNPUBLISH, { input: { id: ARTICLE } });
    await until('it has tried several times', () => page.withdrawals >= 3);
    const received = page.receivedTypes.length;
    await editor.ask(PUBLISH, { input: { id: ARTICLE } });
    await add(3);
    await showsAll(page);
    expect(page.receivedTypes.slice(received).filter((type) => type !== 'CaughtUp')).toHaveLength(3);
    expect(page.failure).toBeUndefined();
  });

  it('leaves nothing behind when it unsubscribes', async () => {
    const page = new Page();
    const stop = client.follow(ARTICLE, page);
    await until('the page is up to date', () => page.receivedTypes.includes('CaughtUp'));
    await until('a log is followed', () => gateway.watched === 1);
    stop();
    await until('no log is followed', () => gateway.watched === 0);
    const before = page.receivedTypes.length;
    await add(1);
    await client.execute(DISCUSSION, { id: ARTICLE });
    expect(page.receivedTypes).toHaveLength(before);
    expect(page.failure).toBeUndefined();
  });

  it.each([
    ['at once', false, encodeId('Article', 2)],
    ['later', true, encodeId('Article', 3)],
  ])('gives up when the article is withdrawn, and deleted %s', async (_, isNoticed, id) => {
    const page = new Page();
    stops.push(client.follow(id, page));
    await until('the page is up to date', () => page.receivedTypes.includes('CaughtUp'));
    const editor = gateway.as({ name: 'Editor', role: 'ADMIN' });
    await editor.ask(UNPUBLISH, { input: { id } });
    if (isNoticed) await until('the page has noticed that it was withdrawn', () => page.withdrawals > 0);
    const { data } = await editor.ask<{ deleteArticle: object }>(DELETE, {
      input: { id, expectedVersion: 1 },
    });
    expect(data.deleteArticle).toEqual({ __typename: 'DeleteArticleSuccess' });
    await until('it has given up', () => page.failure !== undefined);
    // Several times when the machine was so slow that its connection seemed to be silent.
    expect(new Set(page.receivedTypes)).toEqual(new Set(['CaughtUp']));
    await leavesNothing(gateway);
  });
}
