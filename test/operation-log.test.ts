import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { everyTransport } from './every-transport.ts';
import { startGateway, type TestGateway, tokenOf, until } from './gateway.ts';
import {
  ADD_COMMENT,
  ARTICLE,
  COMMENT_ADDED,
  commentInput,
  GRAPHQL_TYPE,
  openStream,
  post,
  send,
} from './http/requests.ts';
import { recordLines } from './log-lines.ts';
import { openAcknowledged } from './protocol/socket.ts';
import { write } from './seed.ts';

const PAGE = `query ArticlePage($slug: String!, $first: Int!) {
  # Its newest comments
  article(slug: $slug) { title comments(first: $first) { nodes { id body { text } } } }
}`;
const SLUG = { slug: 'article-1', first: 2 };

const lines = recordLines();
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(
    (sql) =>
      write(sql, {
        authors: [{ id: 1 }],
        articles: [{ id: 1 }],
        comments: [1, 2, 3].map((id) => ({ id, article: 1 })),
      }),
    { LOG_LEVEL: 'info', LOG_OPERATIONS: '1', CACHE_SIZE: '1000000' },
    { log: lines.log },
  );
});

afterAll(() => gateway.stop());

afterEach(() => lines.forget());

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the line of an operation', () => {
  it('names the operation and has what it cost, read and took', async () => {
    const { statements } = await gateway.ask(PAGE, SLUG);
    const [line] = await lines.arrived('Operation', 1);
    expect(line).toEqual({
      level: 'info',
      time: expect.any(String),
      msg: 'Operation',
      requestId: expect.any(String),
      operation: 'ArticlePage',
      kind: 'query',
      document: sha256(PAGE),
      transport: 'http',
      viewer: null,
      cost: expect.any(Number),
      // The statement that checks kept responses is the gateway's own.
      statements: statements.filter((text) => !text.includes('content_change')).length,
      rows: expect.any(Number),
      databaseMs: expect.any(Number),
      ms: expect.any(Number),
      bytes: expect.any(Number),
      cacheHit: false,
    });
    const { cost, rows, databaseMs, ms, bytes } = line as unknown as Record<string, number>;
    for (const figure of [cost, rows, databaseMs, bytes]) expect(figure).toBeGreaterThan(0);
    expect(ms).toBeGreaterThan(databaseMs!);
  });

  it('says that a kept response was sent, which takes no statement, with the same name, document, cost and bytes', async () => {
    const query = PAGE.replace('ArticlePage', 'KeptPage');
    for (let i = 0; i < 2; i++) await gateway.ask(query, SLUG);
    const [made, kept] = await lines.arrived('Operation', 2);
    const same = {
      operation: 'KeptPage',
      kind: 'query',
      document: sha256(query),
      cost: made!.cost,
      bytes: made!.bytes,
    };
    expect(made).toMatchObject({ ...same, cacheHit: false });
    expect(kept).toMatchObject({ ...same, cacheHit: true, statements: 0, rows: 0 });
  });

  it('counts every statement of a change: its transaction, too', async () => {
    const { statements } = await gateway.ask(ADD_COMMENT, commentInput('A text'));
    const [line] = await lines.arrived('Operation', 1);
    expect(line).toMatchObject({ kind: 'mutation', operation: null, statements: statements.length });
    expect(statements).toContain('COMMIT');
  });

  it('has the number of its viewer, and one document for texts that differ in literals alone', async () => {
    await gateway.as({ name: 'Nia' }).ask('{ article(slug: "article-1") { title } }');
    await gateway.as({ name: 'Nia' }).ask('{ article(slug: "article-2") { title } }');
    const [first, second] = await lines.arrived('Operation', 2);
    const { rows } = await gateway.sql.query("SELECT id FROM author WHERE name = 'Nia'");
    expect([first!.viewer, second!.viewer]).toEqual([rows[0].id, rows[0].id]);
    expect(first!.document).toBe(second!.document);
  });

  it('is written over every transport, once for each operation, also for those that fail', async () => {
    const failing = 'query Wrong { nothing }';
    for (const [name, ask] of Object.entries(everyTransport(gateway))) {
      lines.forget();
      await ask('query Right { viewer { role } }');
      await ask(failing);
      await ask('query { viewer');
      const transport = name === 'WebSocket' ? 'websocket' : name.startsWith('SSE') ? 'event-stream' : 'http';
      expect(await lines.arrived('Operation', 3), name).toMatchObject([
        { transport, operation: 'Right', kind: 'query' },
        { transport, operation: 'Wrong', document: sha256(failing), codes: ['GRAPHQL_VALIDATION_FAILED'] },
        { transport, operation: null, document: null, codes: ['GRAPHQL_PARSE_FAILED'] },
      ]);
      expect(lines.of('Operation')[0], name).not.toHaveProperty('codes');
    }
  });

  it('is written for a subscription when it has begun, or was refused', async () => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('1', COMMENT_ADDED, { variables: { id: ARTICLE } });
    await lines.arrived('Operation', 1);
    socket.subscribe('2', COMMENT_ADDED, { variables: { id: 'x' } });
    await lines.arrived('Operation', 2);
    const stream = await openStream(gateway, { query: COMMENT_ADDED, variables: { id: ARTICLE } }, { method: 'POST' });
    expect(await lines.arrived('Operation', 3)).toMatchObject([
      { kind: 'subscription', transport: 'websocket' },
      { kind: 'subscription', transport: 'websocket', codes: [expect.any(String)] },
      { kind: 'subscription', transport: 'event-stream' },
    ]);
    await socket.close();
    stream.close();
    await until('the stream is closed', async () => (await gateway.metrics()).streams === 0);
    expect(lines.of('Operation')).toHaveLength(3);
  });

  it.each([
    ['METHOD_NOT_ALLOWED', { method: 'PUT' }],
    ['UNSUPPORTED_MEDIA_TYPE', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }],
    ['BAD_REQUEST', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }],
    ['NOT_ACCEPTABLE', { headers: { accept: 'image/png' } }],
    ['UNAUTHENTICATED', { headers: { authorization: 'Bearer x' } }],
    ['METHOD_NOT_ALLOWED', {}, 'mutation Kept { react(input: { commentId: "", kind: LIKE }) { __typename } }'],
  ])('has %s of a request that is refused', async (code, options, query = '{ __typename }') => {
    const { status } = await send(gateway, `/graphql?query=${encodeURIComponent(query)}`, options);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(await lines.arrived('Operation', 1)).toMatchObject([{ codes: [code], statements: 0 }]);
  });

  it('has nothing that a person wrote, their addresses and tokens', async () => {
    const token = await tokenOf({ name: 'Secretive', role: 'MODERATOR' });
    const secret = 'a-word-of-a-person';
    const guest = `guest: { name: "${secret}", email: "${secret}@example.com" }`;
    const texts = [
      `mutation { addComment(input: { articleId: "${ARTICLE}", body: "${secret}", ${guest} }) { __typename } }`,
      `query ($a: String = "${secret}") { article(slug: $a) { title } } # ${secret}`,
      `{ article(slug: """${secret}""") { title nothing(of: "${secret}") } }`,
      `{ article(slug: "${secret}`,
      `{ node(id: "${secret}") { id } }`,
    ];
    for (const query of texts)
      await post(
        gateway,
        { query, variables: { b: secret } },
        { authorization: `Bearer ${token}`, accept: GRAPHQL_TYPE },
      );
    await lines.arrived('Operation', texts.length);
    expect(lines.text()).not.toContain(secret);
    expect(lines.text()).not.toContain(token.slice(-20));
    expect(lines.text()).not.toContain('127.0.0.1');
  });
});

describe('the request id', () => {
  const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
  const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

  it.each([
    ['x-request-id', { 'x-request-id': 'proxy-1', traceparent: PARENT }, 'proxy-1'],
    ['the trace of traceparent', { traceparent: PARENT }, TRACE],
    ['the trace of a later version of traceparent', { traceparent: `01-${TRACE}-00f067aa0ba902b7-01-more` }, TRACE],
    ['a new one for a wrong traceparent', { traceparent: `00-${TRACE.slice(1)}-00f067aa0ba902b7-01` }, null],
    ['a new one for a trace of zeros', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }, null],
    ['a new one for a version that is forbidden', { traceparent: `ff-${TRACE}-00f067aa0ba902b7-01` }, null],
    ['a new one for a text that is too long', { 'x-request-id': 'x'.repeat(129) }, null],
  ])('is %s, in the line and in the response', async (_, headers, expected) => {
    const response = await post(gateway, { query: '{ viewer { role } }' }, headers as Record<string, string>);
    const id = response.headers['x-request-id'];
    expect(id).toMatch(expected === null ? /^[0-9a-f-]{36}$/ : new RegExp(`^${expected}$`));
    expect(await lines.arrived('Operation', 1)).toMatchObject([{ requestId: id }]);
  });

  it('can be read by pages of other origins', async () => {
    const { headers } = await post(gateway, { query: '{ viewer { role } }' }, { origin: 'https://example.com' });
    expect(headers['access-control-expose-headers']).toContain('x-request-id');
  });

  it('is given back when a WebSocket is opened', async () => {
    const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws', {
      headers: { 'x-request-id': 'socket-1' },
    });
    const [response] = (await once(socket, 'upgrade')) as [IncomingMessage];
    expect(response.headers['x-request-id']).toBe('socket-1');
    socket.terminate();
  });
});
