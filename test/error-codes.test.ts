import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { openTransports, type Transports } from './hostile/replies.ts';
import { type HttpResponse, JSON_TYPE, post, send } from './http/requests.ts';
import { openAcknowledged } from './protocol/socket.ts';
import { write } from './seed.ts';

const BY_SLUG = 'query A($slug: String!) { article(slug: $slug) { title } }';
const ADD = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { __typename } }';
const EVENTS =
  'subscription A($id: ID!, $after: EventCursor) { commentEvents(articleId: $id, after: $after) { cursor } }';
const NESTED = `{ nodes(ids: ${'['.repeat(201)}${']'.repeat(201)}) { id } }`;
const EXPENSIVE =
  '{ articles(first: 100) { nodes { comments(first: 100) { nodes { replies(first: 100) { totalCount } } } } } }';

let gateway: TestGateway;
let transports: Transports;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }), {
    LOG_LEVEL: 'silent',
  });
});

afterAll(() => gateway.stop());

beforeEach(async () => {
  transports = await openTransports(gateway);
});

afterEach(() => transports.close());

/** The codes of all errors, with the message of each that has none. */
function codesOf(errors: readonly GraphQLFormattedError[]): unknown[] {
  return [...new Set(errors.map(({ message, extensions }) => extensions?.code ?? `no code: ${message}`))];
}

/** Operations that fail, with the code of each error that they get. */
const FAILING: [what: string, parameters: Record<string, unknown>, code: string][] = [
  ['an empty document', { query: '' }, 'GRAPHQL_PARSE_FAILED'],
  ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
  ['a character that is not GraphQL', { query: '{ a \u0000 }' }, 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['many unknown fields', { query: '{ a b c }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['more errors than are reported', { query: `{ ${'a { b } '.repeat(40)} }` }, 'GRAPHQL_VALIDATION_FAILED'],
  ['an argument of another type', { query: '{ article(slug: 1) { title } }' }, 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a scalar that is not valid',
    { query: '{ articles(where: { publishedAfter: "x" }) { totalCount } }' },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['fields that conflict', { query: '{ a: __typename a: topics { totalCount } }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['no operation', { query: 'fragment F on Query { __typename }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['a type definition', { query: 'type A { a: Int }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ['a document that is too large', { query: NESTED }, 'DOCUMENT_TOO_LARGE'],
  ['an operation that is too expensive', { query: EXPENSIVE }, 'OPERATION_TOO_EXPENSIVE'],
  ['no value of a variable', { query: BY_SLUG }, 'BAD_USER_INPUT'],
  ['null for a variable', { query: BY_SLUG, variables: { slug: null } }, 'BAD_USER_INPUT'],
  ['a variable of another type', { query: BY_SLUG, variables: { slug: {} } }, 'BAD_USER_INPUT'],
  [
    'an unknown value of an enum',
    { query: 'query ($o: ArticleOrder) { articles(orderBy: $o) { totalCount } }', variables: { o: 'X' } },
    'BAD_USER_INPUT',
  ],
  [
    'a variable that is no date',
    {
      query: 'query ($w: ArticleFilter) { articles(where: $w) { totalCount } }',
      variables: { w: { publishedAfter: 'x' } },
    },
    'BAD_USER_INPUT',
  ],
  ['a variable of a directive', { query: 'query ($s: Boolean!) { __typename @skip(if: $s) }' }, 'BAD_USER_INPUT'],
  ['an unknown operation name', { query: BY_SLUG, operationName: 'B' }, 'BAD_USER_INPUT'],
  ['an empty operation name', { query: BY_SLUG, operationName: '' }, 'BAD_USER_INPUT'],
  ['no name for two operations', { query: 'query A { __typename } query B { __typename }' }, 'BAD_USER_INPUT'],
  ['an argument out of range', { query: '{ articles(first: 101) { totalCount } }' }, 'BAD_USER_INPUT'],
  ['a cursor of another list', { query: '{ articles(after: "x") { totalCount nodes { id } } }' }, 'BAD_USER_INPUT'],
  ...[2_147_483_648, 1.5, '1', -1].map((first): (typeof FAILING)[number] => [
    `a number of rows that is ${JSON.stringify(first)}`,
    { query: 'query ($first: Int) { articles(first: $first) { totalCount } }', variables: { first } },
    'BAD_USER_INPUT',
  ]),
  ...[1.5, true, ['x', 'y'], {}].map((id): (typeof FAILING)[number] => [
    `an id that is ${JSON.stringify(id)}`,
    { query: 'query ($id: ID!) { node(id: $id) { id } }', variables: { id } },
    'BAD_USER_INPUT',
  ]),
  [
    'an integer that is too large',
    { query: '{ articles(first: 99999999999) { totalCount } }' },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'an unknown field of an input object',
    { query: 'query ($w: ArticleFilter) { articles(where: $w) { totalCount } }', variables: { w: { nothing: 1 } } },
    'BAD_USER_INPUT',
  ],
  [
    'null in a list',
    { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', variables: { ids: [null] } },
    'BAD_USER_INPUT',
  ],
  [
    'an unknown type of a variable',
    { query: 'query ($w: Nothing) { articles(where: $w) { totalCount } }' },
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['half of a character', { query: '{ article(slug: "a\\uD800") { id } }' }, 'GRAPHQL_PARSE_FAILED'],
  ['an operation name of Object.prototype', { query: BY_SLUG, operationName: 'constructor' }, 'BAD_USER_INPUT'],
  ['a field for moderators', { query: '{ moderationQueue { nodes { id } } }' }, 'FORBIDDEN'],
  ['an unknown hash', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }, 'PERSISTED_QUERY_NOT_FOUND'],
  ['an unknown id', { documentId: 'x' }, 'PERSISTED_QUERY_NOT_FOUND'],
  ['a wrong version', { extensions: { persistedQuery: { version: 2, sha256Hash: 'x' } } }, 'BAD_REQUEST'],
  [
    'a wrong hash',
    { query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
    'PERSISTED_QUERY_HASH_MISMATCH',
  ],
];

const FAILING_MUTATIONS: typeof FAILING = [
  ['no input', { query: ADD }, 'BAD_USER_INPUT'],
  ['unknown fields of the input', { query: ADD, variables: { input: { a: 1, b: 2 } } }, 'BAD_USER_INPUT'],
  [
    'more mistakes than are reported',
    { query: ADD, variables: { input: Object.fromEntries(Array.from({ length: 80 }, (_, i) => [`a${i}`, i])) } },
    'BAD_USER_INPUT',
  ],
];

const FAILING_SUBSCRIPTIONS: typeof FAILING = [
  ['no value of a variable', { query: EVENTS }, 'BAD_USER_INPUT'],
  ['a variable of another type', { query: EVENTS, variables: { id: {} } }, 'BAD_USER_INPUT'],
  ['an unknown article', { query: EVENTS, variables: { id: 'x' } }, 'NOT_FOUND'],
  ['an unknown operation name', { query: EVENTS, variables: { id: 'x' }, operationName: 'B' }, 'BAD_USER_INPUT'],
  [
    'two fields',
    { query: 'subscription { a: articlePublished { id } b: articlePublished { id } }' },
    'GRAPHQL_VALIDATION_FAILED',
  ],
];

describe('every error has a code, over every transport:', () => {
  /** @param skip names of transports that the operation cannot be sent over */
  async function expectCodes(parameters: Record<string, unknown>, code: string, skip: RegExp | null): Promise<void> {
    for (const [name, transport] of Object.entries(transports.byName)) {
      if (skip?.test(name)) continue;
      const [result] = (await transport.send(parameters)) as FormattedExecutionResult[];
      expect(codesOf(result!.errors ?? []), name).toEqual([code]);
    }
  }

  it.each(FAILING)('a query with %s', (_, parameters, code) => expectCodes(parameters, code, null));
  it.each(FAILING_MUTATIONS)('a mutation with %s', (_, parameters, code) => expectCodes(parameters, code, /GET/));
  it.each(FAILING_SUBSCRIPTIONS)('a subscription with %s', (_, parameters, code) =>
    expectCodes(parameters, code, /^(POST|GET)$/),
  );
});

describe('every refusal of a request has a code:', () => {
  const json = { 'content-type': JSON_TYPE };
  const token = { authorization: 'Bearer x' };
  const body = JSON.stringify({ query: '{ __typename }' });

  it.each<[string, () => Promise<HttpResponse>, string]>([
    ['a body that is not JSON', () => post(gateway, '{'), 'BAD_REQUEST'],
    ['an empty body', () => post(gateway, ''), 'BAD_REQUEST'],
    [
      'a body that is not UTF-8',
      () => post(gateway, Buffer.from('{"query":"\xff"}', 'latin1')),
      'GRAPHQL_PARSE_FAILED',
    ],
    ['null', () => post(gateway, 'null'), 'BAD_REQUEST'],
    ['an empty batch', () => post(gateway, []), 'BAD_REQUEST'],
    ['null as a query', () => post(gateway, { query: null }), 'BAD_REQUEST'],
    ['extensions that are a list', () => post(gateway, { query: '{a}', extensions: [] }), 'BAD_REQUEST'],
    ['a URL that is not UTF-8', () => send(gateway, '/graphql?query=%ff'), 'GRAPHQL_PARSE_FAILED'],
    ['a batch', () => post(gateway, [{ query: '{ __typename }' }]), 'BAD_REQUEST'],
    ['no query', () => post(gateway, {}), 'BAD_REQUEST'],
    ['a query that is a number', () => post(gateway, { query: 1 }), 'BAD_REQUEST'],
    ['variables that are a list', () => post(gateway, { query: '{a}', variables: [] }), 'BAD_REQUEST'],
    ['an operation name that is a number', () => post(gateway, { query: '{a}', operationName: 1 }), 'BAD_REQUEST'],
    ['extensions that are a text', () => post(gateway, { query: '{a}', extensions: 'x' }), 'BAD_REQUEST'],
    ['variables in a URL that are not JSON', () => send(gateway, '/graphql?query={a}&variables={'), 'BAD_REQUEST'],
    ['a URL without a query', () => send(gateway, '/graphql'), 'BAD_REQUEST'],
    ['a body that is not gzip', () => post(gateway, 'x', { 'content-encoding': 'gzip' }), 'BAD_REQUEST'],
    ['another encoding', () => post(gateway, 'x', { 'content-encoding': 'x' }), 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form', () => post(gateway, 'x', { 'content-type': 'text/plain' }), 'UNSUPPORTED_MEDIA_TYPE'],
    ['a body that is too large', () => post(gateway, 'x'.repeat(1_000_001)), 'PAYLOAD_TOO_LARGE'],
    ['another method', () => send(gateway, '/graphql', { method: 'PUT', headers: json, body }), 'METHOD_NOT_ALLOWED'],
    ['a type that is not sent', () => post(gateway, body, { accept: 'image/png' }), 'NOT_ACCEPTABLE'],
    [
      'a subscription for one result',
      () => post(gateway, { query: 'subscription { articlePublished { id } }' }),
      'NOT_ACCEPTABLE',
    ],
    [
      'a mutation in a URL',
      () => send(gateway, `/graphql?${new URLSearchParams({ query: ADD })}`),
      'METHOD_NOT_ALLOWED',
    ],
    ['an invalid token', () => post(gateway, body, token), 'UNAUTHENTICATED'],
    ['another expectation', () => post(gateway, body, { expect: 'x' }), 'EXPECTATION_FAILED'],
    [
      'an unknown path, sent JSON',
      () => send(gateway, '/nothing', { method: 'POST', headers: json, body }),
      'NOT_FOUND',
    ],
    ['an unknown path', () => send(gateway, '/nothing', { headers: { accept: JSON_TYPE } }), 'NOT_FOUND'],
  ])('%s', async (_, request, code) => {
    const { json } = await request();
    expect(codesOf(json.errors ?? [])).toEqual([code]);
  });

  it('more operations on one WebSocket than it may have', async () => {
    const socket = await openAcknowledged(gateway);
    for (let i = 0; i <= 100; i++) socket.subscribe(`${i}`, 'subscription { articlePublished { id } }');
    const [error] = await socket.ended('100');
    expect(codesOf(error!.payload as GraphQLFormattedError[])).toEqual(['TOO_MANY_OPERATIONS']);
    await socket.close();
  });
});
