import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../gateway.ts';
import { write } from '../seed.ts';
import { ARTICLE, COMMENT_ADDED, EVENT_STREAM, JSON_TYPE, send, TITLE } from './requests.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

function head(query: string, variables: object, accept: string) {
  const params = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  return send(gateway, `/graphql?${params}`, { method: 'HEAD', headers: { accept } });
}

describe('HEAD', () => {
  it.each([EVENT_STREAM, 'multipart/mixed'])(
    'begins no subscription, of which its client would read nothing and wait for the end: %s',
    async (accept) => {
      const { status, headers } = await head(COMMENT_ADDED, { id: ARTICLE }, accept);
      expect([status, headers.allow]).toEqual([405, 'GET, POST']);
      expect((await gateway.metrics()).streams).toBe(0);
    },
  );

  it.each([EVENT_STREAM, JSON_TYPE])('of a query has the headers of its response: %s', async (accept) => {
    const { status, headers, body } = await head(TITLE, { slug: 'article-1' }, accept);
    expect([status, String(headers['content-type']).split(';')[0], body.length]).toEqual([200, accept, 0]);
  });
});
