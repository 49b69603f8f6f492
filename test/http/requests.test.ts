import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../gateway.ts';
import { write } from '../seed.ts';
import {
  ADD_COMMENT,
  ARTICLE,
  commentInput,
  EVENT_STREAM,
  GRAPHQL_TYPE,
  get,
  JSON_TYPE,
  post,
  send,
  TITLE,
} from './requests.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

async function countComments(): Promise<number> {
  const { rows } = await gateway.sql.query<{ count: number }>('SELECT count(*)::int FROM comment');
  return rows[0]!.count;
}

describe('a POST', () => {
  const body = { query: TITLE, variables: { slug: 'article-1' } };

  it('is answered in the media type that it prefers, the first of equal ones, and as JSON when it names none', async () => {
    for (const [accept, type] of [
      [undefined, JSON_TYPE],
      ['*/*', JSON_TYPE],
      [JSON_TYPE, JSON_TYPE],
      [GRAPHQL_TYPE, GRAPHQL_TYPE],
      [`${GRAPHQL_TYPE}, ${JSON_TYPE};q=0.9`, GRAPHQL_TYPE],
      [`${GRAPHQL_TYPE};q=0.5, ${JSON_TYPE}`, JSON_TYPE],
      [`${JSON_TYPE};q=0, ${GRAPHQL_TYPE} ; Q=0.1`, GRAPHQL_TYPE],
      [`text/event-stream;q=0.1, ${JSON_TYPE}`, JSON_TYPE],
      [`${JSON_TYPE}, multipart/mixed`, JSON_TYPE],
    ]) {
      const { status, headers, json } = await post(gateway, body, accept ? { accept } : {});
      expect(status).toBe(200);
      expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
      expect(json).toEqual({ data: { article: { title: 'Title 1' } } });
    }
    const { json } = await post(gateway, body, { 'content-type': 'application/json; charset=utf-8' });
    expect(json.data).toEqual({ article: { title: 'Title 1' } });
  });

  it('executes the operation that it names, and fails without a name when there are two', async () => {
    const query = 'query A { a: __typename } query B { b: __typename }';
    expect((await post(gateway, { query, operationName: 'B' })).json).toEqual({ data: { b: 'Query' } });
    for (const operationName of [undefined, null, 'C', '']) {
      const { json } = await post(gateway, { query, operationName }, { accept: GRAPHQL_TYPE });
      expect(json.errors, String(operationName)).toHaveLength(1);
    }
  });

  it.each([
    ['a syntax error', { query: '{' }],
    ['an empty document', { query: '' }],
    ['a field that does not exist', { query: '{ nothing }' }],
    ['a missing variable', { query: TITLE }],
    ['a variable of another type', { query: TITLE, variables: { slug: {} } }],
    ['an operation name that does not exist', { query: TITLE, operationName: 'Other' }],
  ])(`with %s is answered with 400 as ${GRAPHQL_TYPE}, and with 200 and errors alone as JSON`, async (_, wrong) => {
    for (const [accept, status] of [
      [GRAPHQL_TYPE, 400],
      [JSON_TYPE, 200],
    ] as const) {
      const response = await post(gateway, wrong, { accept });
      expect(response.status).toBe(status);
      expect(response.json.errors).toHaveLength(1);
      expect(response.json).not.toHaveProperty('data');
      // `extensions.http` becomes the status, and is not sent.
      expect(response.json.errors![0]!.extensions ?? {}).not.toHaveProperty('http');
      expect(JSON.stringify(response.json)).not.toMatch(/stack|node_modules|originalError/);
    }
  });

  it('is answered with 200 when only a field fails', async () => {
    const query = '{ __typename articles(first: 101) { totalCount } }';
    const { status, json } = await post(gateway, { query }, { accept: GRAPHQL_TYPE });
    expect(status).toBe(200);
    expect(json).toMatchObject({ data: null, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it.each([
    ['that is not JSON', 'query'],
    ['that is empty', ''],
    ['with a batch', [body, body]],
    ['with an empty batch', []],
    ['with a string', '"{ __typename }"'],
    ['with null', 'null'],
    ['without a query', {}],
    ['with a query that is not a string', { query: 1 }],
    ['with variables that are not an object', { query: TITLE, variables: [] }],
    ['with variables as a string', { query: TITLE, variables: '{}' }],
    ['with an operation name that is not a string', { query: TITLE, operationName: 1 }],
    ['with extensions that are not an object', { query: TITLE, extensions: 1 }],
    ['that is not UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
  ])('with a body %s is refused with 400, whatever it accepts', async (_, wrong) => {
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE, EVENT_STREAM]) {
      const response = await post(gateway, wrong, { accept });
      expect(response.status, accept).toBe(400);
      expect(response.body.toString()).toContain('errors');
    }
  });

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; application/json',
    'application/graphql',
    'application/jsonp',
    '',
  ])('of the type "%s", which a page of any origin can send, is refused with 415', async (type) => {
    const before = await countComments();
    const json = JSON.stringify({ query: ADD_COMMENT, variables: commentInput('forged') });
    const multipart = `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${json}\r\n--x--\r\n`;
    const form = new URLSearchParams({
      query: `mutation { addComment(input: {articleId: "${ARTICLE}", body: "forged", guest: {name: "A", email: "a@example.com"}}) { __typename } }`,
    }).toString();
    for (const forged of [json, multipart, form])
      for (const accept of ['*/*', JSON_TYPE, EVENT_STREAM, 'text/html']) {
        const headers = { accept, ...(type && { 'content-type': type }) };
        const { status } = await send(gateway, '/graphql', { method: 'POST', headers, body: forged });
        expect(status, `${accept} ${forged.slice(0, 20)}`).toBe(415);
      }
    expect(await countComments()).toBe(before);
  });

  it('with a body that is too large is refused with 413, whatever it accepts', async () => {
    const large = JSON.stringify({ query: TITLE, variables: { slug: 'x'.repeat(1_100_000) } });
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE, EVENT_STREAM, 'text/html'])
      expect((await post(gateway, large, { accept })).status, accept).toBe(413);
  });
});

describe('a GET', () => {
  it('is answered with the result of the query in its URL', async () => {
    const { status, headers, json } = await get(gateway, {
      query: TITLE,
      variables: '{"slug": "article-1"}',
      operationName: 'Title',
    });
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(json).toEqual({ data: { article: { title: 'Title 1' } } });
    const other = await get(gateway, { query: '{ __typename }' }, { accept: GRAPHQL_TYPE });
    expect(other.headers['content-type']).toMatch(/^application\/graphql-response\+json/);
  });

  it('with a mutation is refused with 405, and nothing is changed', async () => {
    const before = await countComments();
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE, EVENT_STREAM, '*/*']) {
      const params = { query: ADD_COMMENT, variables: JSON.stringify(commentInput('by GET')) };
      expect((await get(gateway, params, { accept })).status, accept).toBe(405);
    }
    expect(await countComments()).toBe(before);
  });

  it('is refused when the same parameters are refused in a POST', async () => {
    const failing: Record<string, string>[] = [{ query: '{' }, { query: '{ nothing }' }, { query: TITLE }];
    for (const params of failing) {
      const response = await get(gateway, params, { accept: GRAPHQL_TYPE });
      expect(response.status, JSON.stringify(params)).toBe(400);
      expect(response.json.errors).toHaveLength(1);
      expect((await get(gateway, params)).status).toBe(200);
    }
    const malformed: Record<string, string>[] = [
      {},
      { query: '' },
      { query: TITLE, variables: '{' },
      { query: TITLE, variables: '[]' },
    ];
    for (const params of malformed) {
      const { status } = await get(gateway, params, { accept: GRAPHQL_TYPE });
      expect(status, JSON.stringify(params)).toBe(400);
    }
  });
});

describe('a request', () => {
  it('with OPTIONS is answered with the allowed methods; with PUT, DELETE or PATCH it is refused with 405', async () => {
    const options = await send(gateway, '/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'POST' },
    });
    expect(options.status).toBe(204);
    expect(options.headers['access-control-allow-methods']).toBe('GET, POST');
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const { status } = await send(gateway, '/graphql', {
        method,
        headers: { 'content-type': JSON_TYPE },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      expect(status, method).toBe(405);
    }
  });

  it('to an unknown path is answered with 404, and to the root with a redirect', async () => {
    const unknown = ['/nothing', '/graphql/', '/graphql/x', '/GRAPHQL', '//graphql', '/health/x', '/..%2fgraphql'];
    for (const path of [...unknown, '/x?query={__typename}x'])
      expect((await send(gateway, path)).status, path).toBe(404);
    expect((await send(gateway, '/nothing', { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await send(gateway, '/')).status).toBe(302);
  });
});
