import { createHash } from 'node:crypto';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import type { FormattedExecutionResult } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { openTransports, type Transports } from './hostile/replies.ts';
import { ADD_COMMENT, commentInput, GRAPHQL_TYPE, get, JSON_TYPE, post } from './http/requests.ts';
import { openAcknowledged } from './protocol/socket.ts';
import { write } from './seed.ts';

const TRANSPORTS = ['POST', 'GET', 'SSE by POST', 'SSE by GET', 'multipart by POST', 'multipart by GET', 'WebSocket'];
const NOT_FOUND = {
  errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
};

let gateway: TestGateway;
let transports: Transports;
let documents = 0;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
  transports = await openTransports(gateway);
});

afterAll(async () => {
  await transports.close();
  await gateway.stop();
});

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function persisted(sha256Hash: unknown, version: unknown = 1) {
  return { extensions: { persistedQuery: { version, sha256Hash } } };
}

/** A document that no other test sends. */
function newDocument(selection = 'title'): string {
  documents += 1;
  return `query Q${documents}($slug: String!) { article(slug: $slug) { ${selection} } }`;
}

async function sendOver(transport: string, parameters: object): Promise<FormattedExecutionResult> {
  const reply = await transports.byName[transport]!.send(parameters as Record<string, unknown>);
  expect(reply).toHaveLength(1);
  return reply[0] as FormattedExecutionResult;
}

async function codeOver(transport: string, parameters: object): Promise<unknown> {
  const { data, errors = [] } = await sendOver(transport, parameters);
  expect(data).toBeUndefined();
  return errors[0]?.extensions?.code;
}

describe.each(TRANSPORTS)('an automatic persisted query over %s', (transport) => {
  const variables = { slug: 'article-1' };
  const result = { data: { article: { title: 'Title 1' } } };

  it('is not found until its text was sent, then executed by its hash alone', async () => {
    const query = newDocument();
    const hash = persisted(hashOf(query));
    expect(await sendOver(transport, { variables, ...hash })).toEqual(NOT_FOUND);
    expect(await sendOver(transport, { query, variables, ...hash })).toEqual(result);
    expect(await sendOver(transport, { variables, ...hash })).toEqual(result);
    expect(await sendOver(transport, { query: '', variables, ...hash })).toEqual(result);
    // One registry for all transports.
    for (const other of TRANSPORTS) expect(await sendOver(other, { variables, ...hash }), other).toEqual(result);
  });

  it('with a text of another hash is refused, and the text is not kept', async () => {
    const query = newDocument();
    const other = hashOf(newDocument());
    expect(await codeOver(transport, { query, variables, ...persisted(other) })).toBe('PERSISTED_QUERY_HASH_MISMATCH');
    expect(await sendOver(transport, persisted(other))).toEqual(NOT_FOUND);
    expect(await sendOver(transport, persisted(hashOf(query)))).toEqual(NOT_FOUND);
  });

  it.each([
    ['that is not valid', () => newDocument('nothing'), 'GRAPHQL_VALIDATION_FAILED'],
    ['that is no GraphQL', () => `${newDocument()} }`, 'GRAPHQL_PARSE_FAILED'],
    ['that is too large', () => newDocument(`a(b: ${'['.repeat(201)}${']'.repeat(201)})`), 'DOCUMENT_TOO_LARGE'],
  ])('%s is not kept', async (_, make, code) => {
    const query = make();
    expect(await codeOver(transport, { query, variables, ...persisted(hashOf(query)) })).toBe(code);
    expect(await sendOver(transport, persisted(hashOf(query)))).toEqual(NOT_FOUND);
  });

  it.each([
    ['another version', persisted(hashOf('{ __typename }'), 2)],
    ['the version as text', persisted(hashOf('{ __typename }'), '1')],
    ['no version', { extensions: { persistedQuery: { sha256Hash: hashOf('{ __typename }') } } }],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }],
    ['a hash that is a number', persisted(1)],
    ['a hash that is empty', persisted('')],
    ['something else in its place', { extensions: { persistedQuery: 'x' } }],
    ['an id that is a list', { documentId: ['x'] }],
  ])('with %s is refused', async (_, parameters) => {
    if (transport.endsWith('GET') && 'documentId' in parameters) return;
    expect(await codeOver(transport, parameters)).toBe('BAD_REQUEST');
  });
});

it('Apollo Client sends the text of a document once, and only its hash from then on', async () => {
  const bodies: string[] = [];
  const http = new HttpLink({
    uri: gateway.url,
    fetch(url, init) {
      bodies.push(String(init!.body));
      return fetch(url, init);
    },
  });
  const link = new PersistedQueryLink({ sha256: hashOf }).concat(http);
  const client = new ApolloClient({ link, cache: new InMemoryCache() });
  const query = gql(newDocument());
  for (const slug of ['article-1', 'none'])
    await client.query({ query, variables: { slug }, fetchPolicy: 'network-only' });
  client.stop();
  expect(bodies.map((body) => 'query' in JSON.parse(body))).toEqual([false, true, false]);
});

describe('an automatic persisted query', () => {
  it('that is not found has the status 200 and may not be cached, as Apollo Server answers it', async () => {
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE])
      for (const { status, headers, json } of [
        await post(gateway, persisted(hashOf('never sent')), { accept }),
        await get(gateway, { extensions: JSON.stringify(persisted(hashOf('never sent')).extensions) }, { accept }),
      ]) {
        expect(status).toBe(200);
        expect(headers['cache-control']).toBe('private, no-cache, must-revalidate');
        expect(json).toEqual(NOT_FOUND);
      }
  });

  it('is limited as every document: too long, and too expensive', async () => {
    const long = `{ ${'a'.repeat(100_000)} }`;
    const refused = await post(gateway, { query: long, ...persisted(hashOf(long)) });
    expect(refused.json.errors?.[0]?.extensions?.code).toBe('DOCUMENT_TOO_LARGE');
    expect((await post(gateway, persisted(hashOf(long)))).json).toEqual(NOT_FOUND);
    const expensive =
      'query ($n: Int!) { articles(first: $n) { nodes { comments(first: $n) { nodes { replies(first: $n) { totalCount } } } } } }';
    const few = await post(gateway, { query: expensive, variables: { n: 1 }, ...persisted(hashOf(expensive)) });
    expect(few.json.errors).toBeUndefined();
    const many = await post(gateway, { variables: { n: 100 }, ...persisted(hashOf(expensive)) });
    expect(many.json.errors?.[0]?.extensions?.code).toBe('OPERATION_TOO_EXPENSIVE');
  });

  it('with a mutation is refused over GET', async () => {
    const query = ADD_COMMENT;
    await post(gateway, { query, variables: commentInput('By POST'), ...persisted(hashOf(query)) });
    const { status } = await get(gateway, { extensions: JSON.stringify(persisted(hashOf(query)).extensions) });
    expect(status).toBe(405);
  });

  it('is forgotten when newer ones have used all the memory for them', async () => {
    const first = newDocument();
    await post(gateway, { query: first, variables: { slug: 'x' }, ...persisted(hashOf(first)) });
    // Strings are not limited by tokens: 90 kB each, of which 16 MB are kept.
    for (let i = 0; i < 100; i++) {
      const query = `{ article(slug: "${i}${'x'.repeat(90_000)}") { id } }`;
      await post(gateway, { query, ...persisted(hashOf(query)) });
    }
    expect((await post(gateway, persisted(hashOf(first)))).json).toEqual(NOT_FOUND);
  });

  it('over WebSocket without any name of a document is still an invalid message', async () => {
    const socket = await openAcknowledged(gateway);
    socket.send({ id: 'a', type: 'subscribe', payload: { extensions: {} } });
    expect(await socket.closeCode()).toBe(4400);
  });
});
