import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { createClient as createSseClient } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeId } from '../schema/content/ids.ts';
import { startGateway, type TestGateway, until } from './gateway.ts';
import { write } from './seed.ts';

let gateway: TestGateway;
const ARTICLE = encodeId('Article', 1);

beforeAll(async () => {
  gateway = await startGateway((sql) =>
    write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }, { id: 2 }], comments: [{ id: 1, article: 1 }] }),
  );
});

afterAll(() => gateway.stop());

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** The body as JSON. */
  json: { data?: Record<string, unknown> | null; errors?: { message: string; extensions?: Record<string, unknown> }[] };
}

/** A request as it goes over the wire: fetch would add headers of its own. */
function send(
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.url);
    const sent = request({ hostname, port, path, method, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
      const whole = Buffer.concat(chunks);
      resolve({
        status: response.statusCode!,
        headers: response.headers,
        body: whole,
        get json() {
          return JSON.parse(whole.toString()) as Answer['json'];
        },
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';
const EVENTS = 'text/event-stream';

function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return send('/graphql', {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, ...headers },
    body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
}

function get(params: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
  return send(`/graphql?${new URLSearchParams(params)}`, { headers: { accept: JSON_TYPE, ...headers } });
}

const TITLE = 'query Title($slug: String!) { article(slug: $slug) { title } }';
const ADD = `mutation ($input: AddCommentInput!) { addComment(input: $input) { ... on AddCommentSuccess { comment { id } } ... on Error { message } } }`;
const ADDED = 'subscription ($id: ID!) { commentAdded(articleId: $id) { id body { text } } }';

function comment(body: string, articleId = ARTICLE) {
  return { input: { articleId, body, guest: { name: 'Ann', email: 'ann@example.com' } } };
}

async function add(body: string, articleId = ARTICLE): Promise<void> {
  const { errors } = await gateway.ask(ADD, comment(body, articleId));
  expect(errors).toBeUndefined();
}

describe('POST', () => {
  const asked = { query: TITLE, variables: { slug: 'article-1' } };

  it('answers in the media type that is asked for, JSON when none is', async () => {
    for (const [accept, type] of [
      [undefined, JSON_TYPE],
      ['*/*', JSON_TYPE],
      [JSON_TYPE, JSON_TYPE],
      [GRAPHQL_TYPE, GRAPHQL_TYPE],
      [`${GRAPHQL_TYPE}, ${JSON_TYPE};q=0.9`, GRAPHQL_TYPE],
      [`${JSON_TYPE}, multipart/mixed`, JSON_TYPE],
    ]) {
      const { status, headers, json } = await post(asked, accept ? { accept } : {});
      expect(status).toBe(200);
      expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
      expect(json).toEqual({ data: { article: { title: 'Title 1' } } });
    }
    expect((await post(asked, { 'content-type': 'application/json; charset=utf-8' })).json.data).toEqual({
      article: { title: 'Title 1' },
    });
  });

  it('picks the operation by its name', async () => {
    const query = 'query A { a: __typename } query B { b: __typename }';
    expect((await post({ query, operationName: 'B' })).json).toEqual({ data: { b: 'Query' } });
    for (const operationName of [undefined, null, 'C', ''])
      expect(
        (await post({ query, operationName }, { accept: GRAPHQL_TYPE })).json.errors,
        String(operationName),
      ).toHaveLength(1);
  });

  it.each([
    ['a syntax error', { query: '{' }],
    ['an empty document', { query: '' }],
    ['a field that is not there', { query: '{ nothing }' }],
    ['a variable that is missing', { query: TITLE }],
    ['a variable of another type', { query: TITLE, variables: { slug: {} } }],
    ['an operation that is not there', { query: TITLE, operationName: 'Other' }],
  ])('says of %s: 400 in the one media type, 200 with errors alone in the other', async (_, body) => {
    for (const [accept, status] of [
      [GRAPHQL_TYPE, 400],
      [JSON_TYPE, 200],
    ] as const) {
      const answer = await post(body, { accept });
      expect(answer.status).toBe(status);
      expect(answer.json.errors).toHaveLength(1);
      expect(answer.json).not.toHaveProperty('data');
      // What it says over HTTP is the status; clients read the rest.
      expect(answer.json.errors![0]!.extensions ?? {}).not.toHaveProperty('http');
      expect(JSON.stringify(answer.json)).not.toMatch(/stack|node_modules|originalError/);
    }
  });

  it('answers 200 where only a field failed', async () => {
    const { status, json } = await post(
      { query: '{ __typename articles(first: 101) { totalCount } }' },
      { accept: GRAPHQL_TYPE },
    );
    expect(status).toBe(200);
    expect(json).toMatchObject({ data: null, errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it.each([
    ['no JSON', 'query'],
    ['nothing', ''],
    ['a batch', [asked, asked]],
    ['an empty batch', []],
    ['a string', '"{ __typename }"'],
    ['null', 'null'],
    ['no query', {}],
    ['a query that is no string', { query: 1 }],
    ['variables that are no object', { query: TITLE, variables: [] }],
    ['variables as text', { query: TITLE, variables: '{}' }],
    ['an operation name that is no string', { query: TITLE, operationName: 1 }],
    ['extensions that are no object', { query: TITLE, extensions: 1 }],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
  ])('refuses a body that holds %s with 400, also when a stream is asked for', async (_, body) => {
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE, EVENTS]) {
      const answer = await post(body, { accept });
      // A stream says it in its only event.
      expect(answer.status, accept).toBe(accept === EVENTS && answer.status === 200 ? 200 : 400);
      expect(answer.body.toString()).toContain('errors');
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
  ])('refuses a body of the type "%s", which any page could send', async (type) => {
    const before = await gateway.sql.query('SELECT count(*) FROM comment');
    const json = JSON.stringify({ query: ADD, variables: comment('forged') });
    const multipart = `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${json}\r\n--x--\r\n`;
    const form = new URLSearchParams({
      query: `mutation { addComment(input: {articleId: "${ARTICLE}", body: "forged", guest: {name: "A", email: "a@example.com"}}) { __typename } }`,
    }).toString();
    for (const body of [json, multipart, form])
      for (const accept of ['*/*', JSON_TYPE, EVENTS, 'text/html']) {
        const { status } = await send('/graphql', {
          method: 'POST',
          headers: { accept, ...(type && { 'content-type': type }) },
          body,
        });
        expect(status, `${accept} ${body.slice(0, 20)}`).toBe(415);
      }
    expect((await gateway.sql.query('SELECT count(*) FROM comment')).rows).toEqual(before.rows);
  });

  it('refuses a body that is too large with 413, whatever is asked for, and reads no further', async () => {
    const body = JSON.stringify({ query: TITLE, variables: { slug: 'x'.repeat(1_100_000) } });
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE, EVENTS, 'text/html'])
      expect((await post(body, { accept })).status, accept).toBe(413);
  });
});

describe('GET', () => {
  it('answers a query in its address', async () => {
    const { status, headers, json } = await get({
      query: TITLE,
      variables: '{"slug": "article-1"}',
      operationName: 'Title',
    });
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(json).toEqual({ data: { article: { title: 'Title 1' } } });
    expect((await get({ query: '{ __typename }' }, { accept: GRAPHQL_TYPE })).headers['content-type']).toMatch(
      /^application\/graphql-response\+json/,
    );
  });

  it('refuses mutations with 405 and does nothing', async () => {
    const before = await gateway.sql.query('SELECT count(*) FROM comment');
    for (const accept of [JSON_TYPE, GRAPHQL_TYPE, EVENTS, '*/*']) {
      const { status } = await get({ query: ADD, variables: JSON.stringify(comment('by GET')) }, { accept });
      expect(status, accept).toBe(405);
    }
    expect((await gateway.sql.query('SELECT count(*) FROM comment')).rows).toEqual(before.rows);
  });

  it('refuses what POST refuses', async () => {
    const bad: Record<string, string>[] = [{ query: '{' }, { query: '{ nothing }' }, { query: TITLE }];
    for (const params of bad) {
      const answer = await get(params, { accept: GRAPHQL_TYPE });
      expect(answer.status, JSON.stringify(params)).toBe(400);
      expect(answer.json.errors).toHaveLength(1);
      expect((await get(params)).status).toBe(200);
    }
    for (const params of [
      {},
      { query: '' },
      { query: TITLE, variables: '{' },
      { query: TITLE, variables: '[]' },
    ] as Record<string, string>[])
      expect((await get(params, { accept: GRAPHQL_TYPE })).status, JSON.stringify(params)).toBe(400);
  });
});

describe('other methods and addresses', () => {
  it('answers OPTIONS, and refuses methods that mean nothing here', async () => {
    const options = await send('/graphql', {
      method: 'OPTIONS',
      headers: { origin: 'https://example.com', 'access-control-request-method': 'POST' },
    });
    expect(options.status).toBe(204);
    expect(options.headers['access-control-allow-methods']).toBe('GET, POST');
    for (const method of ['PUT', 'DELETE', 'PATCH'])
      expect(
        (
          await send('/graphql', {
            method,
            headers: { 'content-type': JSON_TYPE },
            body: JSON.stringify({ query: '{ __typename }' }),
          })
        ).status,
        method,
      ).toBe(405);
  });

  it('answers 404 elsewhere', async () => {
    for (const path of [
      '/nothing',
      '/graphql/',
      '/graphql/x',
      '/GRAPHQL',
      '//graphql',
      '/health/x',
      '/..%2fgraphql',
      '/?query={__typename}x'.replace('/?', '/x?'),
    ])
      expect((await send(path)).status, path).toBe(404);
    expect((await send('/nothing', { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await send('/')).status).toBe(302);
  });
});

describe('an event stream', () => {
  const streams = () =>
    (['GET', 'POST'] as const).map((method) => ({
      method,
      open: (params: { query: string; variables?: Record<string, unknown> }) => openStream(method, params),
    }));

  it('delivers new comments over GET and POST, one event each', async () => {
    for (const { method, open } of streams()) {
      const stream = await open({ query: ADDED, variables: { id: encodeId('Article', 2) } });
      expect(stream.status, method).toBe(200);
      expect(stream.type).toMatch(/^text\/event-stream/);
      await heard(stream, async () => add(`Hello over ${method}`, encodeId('Article', 2)));
      expect(stream.text()).toMatch(/event: next\ndata: \{"data":\{"commentAdded":/);
      expect(stream.text()).toContain(`Hello over ${method}`);
      stream.close();
    }
    await until('nobody follows the article', () => gateway.watched === 0);
  });

  it('serves the client of graphql-sse in distinct connections mode', async () => {
    const client = createSseClient({ url: gateway.url, singleConnection: false, retryAttempts: 0 });
    const received: unknown[] = [];
    let failed: unknown;
    const stop = client.subscribe(
      { query: ADDED, variables: { id: encodeId('Article', 2) } },
      { next: (result) => received.push(result), error: (error) => (failed = error), complete: () => undefined },
    );
    await until('a comment arrives', async () => {
      if (received.length > 0 || failed) return true;
      await add('Hello, client', encodeId('Article', 2));
      return false;
    });
    expect(failed).toBeUndefined();
    expect(received[0]).toMatchObject({ data: { commentAdded: { body: { text: 'Hello, client' } } } });
    stop();
    client.dispose();
    await until('nobody follows the article', () => gateway.watched === 0);
  });

  it('answers queries too, and ends', async () => {
    for (const { method, open } of streams()) {
      const stream = await open({ query: TITLE, variables: { slug: 'article-1' } });
      await stream.ended;
      expect(stream.text(), method).toContain('event: next\ndata: {"data":{"article":{"title":"Title 1"}}}');
      expect(stream.text()).toContain('event: complete');
    }
  });

  it('is not opened for an article that is not public: the error is its only event', async () => {
    for (const { open } of streams())
      for (const id of [encodeId('Article', 99), 'x', encodeId('Author', 1)]) {
        const stream = await open({ query: ADDED, variables: { id } });
        await stream.ended;
        expect(stream.text()).toContain('NOT_FOUND');
        expect(stream.text()).not.toContain('"http"');
      }
  });
});

interface Stream {
  status: number;
  type: string;
  text(): string;
  ended: Promise<void>;
  close(): void;
}

function openStream(
  method: 'GET' | 'POST',
  { query, variables }: { query: string; variables?: Record<string, unknown> },
): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(gateway.url);
    const params = new URLSearchParams({ query, variables: JSON.stringify(variables ?? {}) });
    const body = JSON.stringify({ query, variables });
    const sent = request(
      {
        hostname,
        port,
        method,
        path: method === 'GET' ? `/graphql?${params}` : '/graphql',
        headers: {
          accept: EVENTS,
          ...(method === 'POST' && { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body) }),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        resolve({
          status: response.statusCode!,
          type: response.headers['content-type'] ?? '',
          text: () => text,
          ended: new Promise((end) => response.on('close', end)),
          close: () => sent.destroy(),
        });
      },
    );
    sent.on('error', reject);
    sent.end(method === 'POST' ? body : undefined);
  });
}

/** Comments until the stream has heard one: it has no sign of listening but what it hears. */
async function heard(stream: Stream, say: () => Promise<void>): Promise<void> {
  await until('the stream hears a comment', async () => {
    if (stream.text().includes('event: next')) return true;
    await say();
    return false;
  });
}

/** A socket that speaks graphql-transport-ws message by message. */
async function openSocket() {
  const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
  const messages: { type: string; id?: string; payload?: unknown }[] = [];
  let closed: number | null = null;
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  socket.on('close', (code) => {
    closed = code;
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('open', resolve));
  const say = (message: object) => socket.send(JSON.stringify(message));
  say({ type: 'connection_init' });
  await until('the connection is acknowledged', () => messages.some(({ type }) => type === 'connection_ack'));
  return {
    messages,
    say,
    of: (id: string) => messages.filter((message) => message.id === id),
    get closed() {
      return closed;
    },
    async close() {
      socket.close();
      await until('the socket is closed', () => closed !== null);
    },
  };
}

describe('a WebSocket', () => {
  it('answers what is refused on its own id, and leaves the socket and other subscriptions alone', async () => {
    const socket = await openSocket();
    socket.say({ id: 'live', type: 'subscribe', payload: { query: ADDED, variables: { id: ARTICLE } } });
    await until('it listens', async () => {
      if (socket.of('live').length > 0) return true;
      await add('are you there?');
      return false;
    });
    const refused: [id: string, payload: object][] = [
      ['syntax', { query: '{' }],
      ['empty', { query: '' }],
      ['field', { query: '{ nothing }' }],
      ['field in a subscription', { query: 'subscription { nothing }' }],
      ['variable', { query: TITLE }],
      ['variable of a subscription', { query: ADDED }],
      ['operation', { query: TITLE, operationName: 'Other' }],
      ['tokens', { query: `{ ${'a '.repeat(5_001)} }` }],
      ['not found', { query: ADDED, variables: { id: encodeId('Article', 99) } }],
      ['bad input', { query: '{ articles(first: 101) { totalCount } }' }],
    ];
    for (const [id, payload] of refused) socket.say({ id, type: 'subscribe', payload });
    for (const [id] of refused) {
      await until(`${id} is answered`, () => socket.of(id).length > 0);
      const [answer] = socket.of(id);
      expect(JSON.stringify(answer), id).toMatch(/"message":/);
      expect(JSON.stringify(answer), id).not.toMatch(/"http"|INTERNAL_SERVER_ERROR/);
    }
    expect(socket.closed).toBeNull();
    const before = socket.of('live').length;
    await add('still there?');
    await until('the subscription hears it', () => socket.of('live').length > before);
    expect(JSON.stringify(socket.of('live').at(-1))).toContain('still there?');
    await socket.close();
    await until('nobody follows the article', () => gateway.watched === 0);
  });

  it('answers queries and mutations', async () => {
    const socket = await openSocket();
    socket.say({ id: 'q', type: 'subscribe', payload: { query: TITLE, variables: { slug: 'article-1' } } });
    socket.say({ id: 'm', type: 'subscribe', payload: { query: ADD, variables: comment('over a socket') } });
    socket.say({
      id: 'b',
      type: 'subscribe',
      payload: { query: 'query A { a: __typename } query B { b: __typename }', operationName: 'B' },
    });
    for (const id of ['q', 'm', 'b']) await until(`${id} is complete`, () => socket.of(id).at(-1)?.type === 'complete');
    expect(socket.of('q')[0]).toEqual({ id: 'q', type: 'next', payload: { data: { article: { title: 'Title 1' } } } });
    expect(JSON.stringify(socket.of('m')[0])).toContain('"comment":{"id"');
    expect(socket.of('b')[0]).toEqual({ id: 'b', type: 'next', payload: { data: { b: 'Query' } } });
    await socket.close();
  });

  it('is opened at the address of the graph alone', async () => {
    for (const path of ['/', '/health', '/graphql/x']) {
      const socket = new WebSocket(new URL(path, gateway.url.replace('http', 'ws')), 'graphql-transport-ws');
      const status = await new Promise((resolve) => {
        socket
          .on('unexpected-response', (_, response) => resolve(response.statusCode))
          .on('error', () => resolve('refused'))
          .on('open', () => resolve('open'));
      });
      expect(status, path).not.toBe('open');
    }
  });
});

describe('a limit on documents', () => {
  // Messages by transport: what each of them says to a document.
  const transports: Record<string, (query: string) => Promise<string>> = {
    POST: async (query) => (await post({ query }, { accept: GRAPHQL_TYPE })).body.toString(),
    GET: async (query) => (await get({ query }, { accept: GRAPHQL_TYPE })).body.toString(),
    'GET of a stream': async (query) => {
      const stream = await openStream('GET', { query });
      await stream.ended;
      return stream.text();
    },
    'POST of a stream': async (query) => {
      const stream = await openStream('POST', { query });
      await stream.ended;
      return stream.text();
    },
    WebSocket: async (query) => {
      const socket = await openSocket();
      socket.say({ id: 'x', type: 'subscribe', payload: { query } });
      await until('it is answered', () => socket.of('x').length > 0 || socket.closed !== null);
      expect(socket.closed).toBeNull();
      await socket.close();
      return JSON.stringify(socket.of('x'));
    },
  };

  it('of tokens is the same over every transport', async () => {
    // One letter each, so that it is short enough for an address.
    const query = (tokens: number) => `{${'a '.repeat(tokens - 2)}}`;
    for (const [name, ask] of Object.entries(transports)) {
      expect(await ask(query(5_001)), name).toMatch(/more tha[nt] 5000 tokens/);
      expect(await ask(query(5_000)), name).toMatch(/GRAPHQL_VALIDATION_FAILED/);
    }
  });

  it('of length is the same over every transport that can carry it', async () => {
    const query = (length: number) => `{__typename}#${'x'.repeat(length - 13)}`;
    for (const [name, ask] of Object.entries(transports)) {
      // An address has fewer characters than that, and a message fewer bytes.
      if (!name.startsWith('POST')) continue;
      expect(await ask(query(100_001)), name).toMatch(/DOCUMENT_TOO_LARGE/);
      expect(await ask(query(100_000)), name).toMatch(/"__typename":"Query"/);
    }
  });
});

describe('pages of other origins', () => {
  const origin = 'https://example.com';

  it('may read every answer unless origins are named, and never with credentials', async () => {
    for (const answer of [
      await post({ query: '{ __typename }' }, { origin }),
      await post({ query: '{ __typename }' }, { origin, accept: EVENTS }),
      await get({ query: '{ __typename }' }, { origin }),
      await send('/graphql', { method: 'OPTIONS', headers: { origin } }),
      await post('x', { origin }),
      await post('x', { origin, 'content-type': 'text/plain' }),
    ]) {
      expect(answer.headers['access-control-allow-origin']).toBe('*');
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('may read no answer when others are named', async () => {
    const strict = await startGateway(undefined, { CORS_ORIGINS: `${origin}, https://other.example` });
    try {
      for (const [from, allowed] of [
        [origin, origin],
        ['https://other.example', 'https://other.example'],
        ['https://evil.example', null],
        ['https://example.com.evil.example', null],
        ['null', null],
      ] as const)
        for (const init of [
          { method: 'POST', body: '{"query":"{__typename}"}', headers: { origin: from, 'content-type': JSON_TYPE } },
          { method: 'OPTIONS', headers: { origin: from, 'access-control-request-method': 'POST' } },
        ]) {
          const { headers } = await fetch(strict.url, init);
          expect(headers.get('access-control-allow-origin'), from).toBe(allowed);
          expect(headers.get('vary')).toMatch(/origin/i);
        }
      const { headers } = await fetch(`${strict.url}?query={__typename}`, { headers: { origin, accept: JSON_TYPE } });
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('vary')).toMatch(/origin/i);
    } finally {
      await strict.stop();
    }
  });
});

describe('GraphiQL', () => {
  it('is sent to browsers once, compressed, and then only its tag', async () => {
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-encoding': 'gzip, br' };
    const page = await send('/graphql', { headers });
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'content-encoding': 'gzip' });
    expect(gunzipSync(page.body).toString()).toMatch(/^\s*<!doctype html>/i);
    const tag = page.headers.etag as string;
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
      const again = await send('/graphql', { headers: { ...headers, 'if-none-match': known } });
      expect(again.status, known).toBe(304);
      expect(again.body).toHaveLength(0);
      expect(again.headers.etag).toBe(tag);
    }
    expect((await send('/graphql', { headers: { ...headers, 'if-none-match': '"other"' } })).status).toBe(200);
    const head = await send('/graphql', { method: 'HEAD', headers });
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    expect(head.headers['content-length']).toBe(page.headers['content-length']);
  }, 60_000);

  it('can be turned off', async () => {
    const without = await startGateway(undefined, { GRAPHIQL: 'off' });
    try {
      const response = await fetch(without.url, { headers: { accept: 'text/html' } });
      expect(response.headers.get('content-type') ?? '').not.toContain('html');
      expect(response.status).toBeGreaterThanOrEqual(400);
    } finally {
      await without.stop();
    }
  });
});

describe('a probe', () => {
  it('tells that the process lives, and whether the database answers, without knowing the graph', async () => {
    const losing = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
    const origin = new URL(losing.url).origin;
    const status = async (path: string, method = 'GET') => (await fetch(origin + path, { method })).status;
    const ask = () => losing.ask('{ article(slug: "article-1") { title } }');
    try {
      expect([
        await status('/health'),
        await status('/ready'),
        await status('/health', 'HEAD'),
        await status('/ready', 'HEAD'),
      ]).toEqual([200, 200, 200, 200]);
      const name = new URL(losing.databaseUrl).pathname.slice(1);
      // Nobody can rename a database that is in use, so everybody is sent away, this connection too; it says so. The
      // gateway would be back at once.
      losing.sql.on('error', () => undefined);
      await gateway.sql.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await gateway.sql.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      await gateway.sql.query(`ALTER DATABASE ${name} RENAME TO ${name}_away`);
      await gateway.sql.query(`ALTER DATABASE ${name}_away ALLOW_CONNECTIONS true`);
      expect([await status('/health'), await status('/ready')]).toEqual([200, 503]);
      expect(await ask()).toMatchObject({ status: 503, errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] });
      await gateway.sql.query(`ALTER DATABASE ${name}_away RENAME TO ${name}`);
      expect(await status('/ready')).toBe(200);
      expect(await ask()).toMatchObject({ status: 200, data: { article: { title: 'Title 1' } } });
    } finally {
      await losing.stop();
    }
  });
});
