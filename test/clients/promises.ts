import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { encodeId } from '../../schema/content/ids.ts';
import { readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/logger.ts';
import { start } from '../../src/start.ts';
import { leavesNothing, startGateway, type TestGateway, until } from '../gateway.ts';
import { startProxy, type TestProxy } from '../proxy.ts';
import { write } from '../seed.ts';
import { ADD, type Added, DISCUSSION, Page, type Reading } from './discussion.ts';

/** A client library, used as its users are told to. */
export interface Client {
  /** Asks a query or a mutation. @throws when there are errors, with their messages */
  ask<Data>(document: string, variables: Record<string, unknown>): Promise<Data>;
  /** Reads a discussion and keeps up with it, whatever the network does. @returns stops */
  follow(id: string, page: Page): () => void;
  close(): void | Promise<void>;
}

/** Milliseconds that clients wait before they try again here; README's examples wait longer. */
export const RETRY_AFTER = 20;

export const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));

const ARTICLE = encodeId('Article', 1);

function portOf({ url }: { url: string }): number {
  return Number(new URL(url).port);
}

/**
 * What is promised to a client of any kind.
 * @param connect makes one that knows the gateway by this address
 * @param noticesSilence it asks now and then whether its connection still works
 */
export function keepsItsPromises(connect: (url: string) => Client, { noticesSilence = false } = {}): void {
  let gateway: TestGateway;
  let proxy: TestProxy;
  let client: Client;
  let written: string[];

  beforeAll(async () => {
    gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
  });

  afterAll(() => gateway.stop());

  beforeEach(async () => {
    // What was written in the tests before stays; a page reads it first.
    const { data } = await gateway.ask<Reading>(DISCUSSION, { id: ARTICLE });
    written = data.node.comments.nodes.map(({ body }) => body!.text);
    proxy = await startProxy(portOf(gateway));
    client = connect(gateway.url.replace(`:${portOf(gateway)}/`, `:${proxy.port}/`));
  });

  afterEach(async () => {
    await client.close();
    await proxy.close();
    await leavesNothing(gateway);
  });

  const guest = { name: 'Ann', email: 'ann@example.com' };

  /** Writes comments past the proxy. */
  async function add(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const body = `Comment ${written.length + 1}`;
      const { data } = await gateway.ask<Added>(ADD, { input: { articleId: ARTICLE, body, guest } });
      expect(data.addComment.__typename).toBe('AddCommentSuccess');
      written.push(body);
    }
  }

  /** The page has come to show all that was written, each once and in order. */
  async function showsAll(page: Page): Promise<void> {
    await until('the page shows all comments', () => {
      if (page.failure) throw new Error('The page hears nothing more.', { cause: page.failure });
      return page.comments.length >= written.length;
    });
    expect(page.comments).toEqual(written);
  }

  /** Opens a page that listens. */
  async function open(): Promise<Page> {
    const page = new Page();
    client.follow(ARTICLE, page);
    await until('the page is up to date', () => page.heard.includes('CaughtUp') || page.failure !== undefined);
    await add(1);
    await showsAll(page);
    return page;
  }

  it('asks, and is answered', async () => {
    const { node } = await client.ask<Reading>(DISCUSSION, { id: ARTICLE });
    expect(node).toMatchObject({ id: ARTICLE, liveCursor: expect.any(String) });
    expect(node.comments.nodes).toHaveLength(written.length);
  });

  it('is told what is wrong with its question', async () => {
    const asked = client.ask('query Many($first: Int!) { articles(first: $first) { totalCount } }', { first: 101 });
    await expect(asked).rejects.toThrow('101');
  });

  it('writes a comment, which its page hears', async () => {
    const page = await open();
    const input = { articleId: ARTICLE, body: 'By the client', guest };
    const { addComment } = await client.ask<Added>(ADD, { input });
    expect(addComment).toMatchObject({ __typename: 'AddCommentSuccess', comment: { body: { text: 'By the client' } } });
    written.push('By the client');
    await showsAll(page);
  });

  it('is told what is wrong with its comment', async () => {
    const { addComment } = await client.ask<Added>(ADD, { input: { articleId: ARTICLE, body: ' ', guest } });
    expect(addComment).toMatchObject({ __typename: 'InvalidInputError', message: expect.any(String) });
  });

  it('has missed nothing when its connection was cut and it is back', async () => {
    const page = await open();
    for (let i = 0; i < 3; i++) {
      proxy.closeConnections();
      await add(3);
      await showsAll(page);
    }
    expect(page.readings).toBe(1);
  });

  it('has missed nothing when it could not connect for a time', async () => {
    const page = await open();
    proxy.rejectNewConnections();
    const taken = proxy.connectionCount;
    await add(5);
    await until('it has tried several times', () => proxy.connectionCount >= taken + 3);
    // Now there is not even somebody who turns it away.
    await proxy.stopListening();
    await add(5);
    expect(page.comments.length).toBe(written.length - 10);
    await proxy.listen();
    await showsAll(page);
    expect(page.readings).toBe(1);
  });

  it('has missed nothing when it is cut again and again while comments are written', async () => {
    const page = await open();
    const wasThere = page.comments.length;
    let isWriting = true;
    const writing = add(60).finally(() => {
      isWriting = false;
    });
    let cuts = 0;
    for (let seen = wasThere; isWriting; cuts++) {
      // As soon as something has arrived on the new connection.
      await until('it is back', () => page.comments.length > seen || !isWriting);
      seen = page.comments.length;
      proxy.closeConnections();
    }
    await writing;
    expect(cuts).toBeGreaterThan(2);
    await showsAll(page);
    expect(page.readings).toBe(1);
  });

  it.runIf(noticesSilence)('has missed nothing when its network fell silent', async () => {
    const page = await open();
    proxy.freeze();
    proxy.passNewConnections();
    await add(3);
    await showsAll(page);
    expect(page.readings).toBe(1);
  });

  it('has missed nothing when its gateway stops and it comes to another', async () => {
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

  it('reads the discussion anew when its position is of no use any more', async () => {
    const page = await open();
    proxy.rejectNewConnections();
    await add(3);
    // As when the database was restored from a backup.
    await gateway.sql.query('UPDATE article SET event_epoch = event_epoch + 1 WHERE id = 1');
    await proxy.listen();
    await showsAll(page);
    expect(page.readings).toBe(2);
    await add(3);
    await showsAll(page);
    expect(page.readings).toBe(2);
  });

  it('leaves nothing behind when its page is closed', async () => {
    const page = new Page();
    const stop = client.follow(ARTICLE, page);
    await until('the page is up to date', () => page.heard.includes('CaughtUp'));
    expect(gateway.watched).toBe(1);
    stop();
    await until('nobody follows the article', () => gateway.watched === 0);
    const heard = page.heard.length;
    await add(1);
    await client.ask(DISCUSSION, { id: ARTICLE });
    expect(page.heard).toHaveLength(heard);
    expect(page.failure).toBeUndefined();
  });
}
