import { createClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeId } from '../../schema/content/ids.ts';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { write } from '../seed.ts';
import { ARTICLE, addComment, COMMENT_ADDED, openStream, TITLE } from './requests.ts';

const METHODS = ['GET', 'POST'] as const;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

/** Adds comments until one has arrived: a stream has no other sign that its subscription is live. */
async function addUntil(hasArrived: () => boolean, body: string): Promise<void> {
  await until('a comment arrives', async () => {
    if (hasArrived()) return true;
    await addComment(gateway, body);
    return false;
  });
}

describe('an event stream', () => {
  it('delivers each new comment as one event, over GET and POST', async () => {
    for (const method of METHODS) {
      const stream = await openStream(gateway, { query: COMMENT_ADDED, variables: { id: ARTICLE } }, { method });
      expect(stream.status, method).toBe(200);
      expect(stream.type).toMatch(/^text\/event-stream/);
      await addUntil(() => stream.text().includes('event: next'), `Hello over ${method}`);
      expect(stream.text()).toMatch(/event: next\ndata: \{"data":\{"commentAdded":/);
      expect(stream.text()).toContain(`Hello over ${method}`);
      stream.close();
    }
    await until('no log is followed', () => gateway.watched === 0);
  });

  it('serves the client of graphql-sse in distinct connections mode', async () => {
    const client = createClient({ url: gateway.url, singleConnection: false, retryAttempts: 0 });
    const received: unknown[] = [];
    let failure: unknown;
    const stop = client.subscribe(
      { query: COMMENT_ADDED, variables: { id: ARTICLE } },
      {
        next: (result) => received.push(result),
        error(error) {
          failure = error;
        },
        complete: () => undefined,
      },
    );
    await addUntil(() => received.length > 0 || failure !== undefined, 'Hello, client');
    expect(failure).toBeUndefined();
    expect(received[0]).toMatchObject({ data: { commentAdded: { body: { text: 'Hello, client' } } } });
    stop();
    client.dispose();
    await until('no log is followed', () => gateway.watched === 0);
  });

  it('delivers the result of a query, then ends', async () => {
    for (const method of METHODS) {
      const stream = await openStream(gateway, { query: TITLE, variables: { slug: 'article-1' } }, { method });
      await stream.ended;
      expect(stream.text(), method).toContain('event: next\ndata: {"data":{"article":{"title":"Title 1"}}}');
      expect(stream.text()).toContain('event: complete');
    }
  });

  it('of an article that is not public delivers NOT_FOUND as its only event', async () => {
    for (const method of METHODS)
      for (const id of [encodeId('Article', 99), 'x', encodeId('Author', 1)]) {
        const stream = await openStream(gateway, { query: COMMENT_ADDED, variables: { id } }, { method });
        await stream.ended;
        expect(stream.text().match(/event: next/g)).toHaveLength(1);
        expect(stream.text()).toContain('NOT_FOUND');
        expect(stream.text()).not.toContain('"http"');
      }
  });
});
