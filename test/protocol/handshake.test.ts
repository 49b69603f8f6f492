import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, tokenOf } from '../gateway.ts';
import { write } from '../seed.ts';
import { expectNothingLeft, openAcknowledged, openSocket } from './socket.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

afterEach(() => expectNothingLeft(gateway));

interface Upgrade {
  path?: string;
  method?: string;
  /** Undefined leaves a header out. */
  headers?: Record<string, string | undefined>;
}

/** Sends an upgrade request without a library. */
function upgrade({ url }: { url: string }, { path = '/graphql', method = 'GET', headers = {} }: Upgrade = {}) {
  const { hostname, port } = new URL(url);
  const asked = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': 'graphql-transport-ws',
    ...headers,
  };
  const present = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return new Promise<{ status: number; protocol: string | undefined; accept: string | undefined }>(
    (resolve, reject) => {
      const sent = request({ hostname, port, path, method, headers: present as Record<string, string>, agent: false });
      sent.on('response', (response) => {
        response.resume();
        resolve({ status: response.statusCode!, protocol: undefined, accept: undefined });
      });
      sent.on('upgrade', ({ statusCode, headers: answered }, socket) => {
        socket.destroy();
        resolve({
          status: statusCode!,
          protocol: answered['sec-websocket-protocol'],
          accept: answered['sec-websocket-accept'] as string | undefined,
        });
      });
      sent.on('error', reject);
      sent.end();
    },
  );
}

describe('an upgrade', () => {
  it('is answered with the subprotocol and the accept key of RFC 6455', async () => {
    expect(await upgrade(gateway)).toEqual({
      status: 101,
      protocol: 'graphql-transport-ws',
      accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    });
  });

  it('selects graphql-transport-ws among several subprotocols', async () => {
    for (const offered of [
      'graphql-transport-ws, graphql-ws',
      'graphql-ws, graphql-transport-ws',
      'a,graphql-transport-ws',
    ])
      expect((await upgrade(gateway, { headers: { 'sec-websocket-protocol': offered } })).protocol, offered).toBe(
        'graphql-transport-ws',
      );
  });

  it('to /graphql is accepted with any query string', async () => {
    expect((await upgrade(gateway, { path: '/graphql?from=a-page' })).status).toBe(101);
  });

  it.each([
    '/',
    '/nothing',
    '/health',
    '/ready',
    '/graphql/',
    '/graphql/x',
    '/GRAPHQL',
    '//graphql',
    '/graphqlx',
    '/%67raphql',
  ])('to %s is refused', async (path) => {
    expect((await upgrade(gateway, { path })).status).toSatisfy((status: number) => status >= 400 && status < 500);
  });

  it.each<[string, Upgrade]>([
    ['with another method', { method: 'POST' }],
    ['without a key', { headers: { 'sec-websocket-key': undefined } }],
    ['with a key that is too short', { headers: { 'sec-websocket-key': 'eA==' } }],
    ['without a version', { headers: { 'sec-websocket-version': undefined } }],
    ['with an unknown version', { headers: { 'sec-websocket-version': '12' } }],
    ['with a malformed list of subprotocols', { headers: { 'sec-websocket-protocol': ',,' } }],
  ])('%s is refused', async (_, asked) => {
    expect((await upgrade(gateway, asked)).status).toSatisfy((status: number) => status >= 400 && status < 500);
  });
});

describe('a client', () => {
  it('that offers no subprotocol is closed with 4406', async () => {
    const socket = await openSocket(gateway, { protocols: [] });
    expect(await socket.closeCode()).toBe(4406);
    expect(socket.messages).toEqual([]);
  });

  it.each(['graphql-ws', 'graphql-ws, soap', 'soap, graphql-ws'])(
    'of the old protocol, which offers %s, gets an error of that protocol and is closed with 4406 and the reason',
    async (offered) => {
      const socket = await openSocket(gateway, { protocols: offered.split(', ') });
      let reason = '';
      socket.socket.once('close', (_, text) => {
        reason = String(text);
      });
      expect(socket.socket.protocol).toBe('graphql-ws');
      socket.send({ type: 'connection_init', payload: {} });
      socket.send({ type: 'start', id: '1', payload: { query: '{ __typename }' } });
      expect(await socket.closeCode()).toBe(4406);
      expect(reason).toMatch(/graphql-transport-ws.*package graphql-ws/);
      expect(socket.messages).toEqual([{ type: 'connection_error', payload: { message: reason } }]);
    },
  );

  it.each(['graphql-transport-ws2', 'GRAPHQL-TRANSPORT-WS', 'soap', 'graphql-ws2'])(
    'that offers only %s gets no subprotocol, and closes by itself',
    async (offered) => {
      const protocols = offered.split(', ');
      await expect(openSocket(gateway, { protocols })).rejects.toThrow('Server sent no subprotocol');
    },
  );
});

describe('a page of another origin', () => {
  const allowed = 'https://example.com';
  let strict: TestGateway;

  beforeAll(async () => {
    strict = await startGateway(undefined, { CORS_ORIGINS: `${allowed}, https://other.example:8443` });
  });

  afterAll(() => strict.stop());

  it.each([
    'https://evil.example',
    'http://example.com',
    'https://example.com:444',
    'https://www.example.com',
    'https://example.com.evil.example',
    'https://example.com/',
    'https://EXAMPLE.com.',
    'null',
    '*',
  ])('%s is refused with 403 when only others are configured', async (origin) => {
    expect((await upgrade(strict, { headers: { origin } })).status).toBe(403);
  });

  it.each([allowed, 'https://other.example:8443'])('%s is accepted when it is configured', async (origin) => {
    const socket = await openAcknowledged(strict, { headers: { origin } });
    await socket.close();
  });

  it('is accepted from any origin while none are configured', async () => {
    const socket = await openAcknowledged(gateway, { headers: { origin: 'https://anywhere.example' } });
    await socket.close();
  });

  it('is recognised by its Origin header: a client without one is accepted', async () => {
    const socket = await openAcknowledged(strict);
    await socket.close();
  });
});

describe('connection_init', () => {
  it.each<[string, object]>([
    ['without a payload', { type: 'connection_init' }],
    ['with a null payload', { type: 'connection_init', payload: null }],
    ['with an empty payload', { type: 'connection_init', payload: {} }],
    [
      'with any other object as payload',
      { type: 'connection_init', payload: { client: { name: 'app', version: [1, 2] } } },
    ],
    ['with keys of built-in properties', { type: 'connection_init', payload: { constructor: 1, toString: 2 } }],
    ['with further fields', { type: 'connection_init', id: 'x', more: true }],
  ])('%s is acknowledged', async (_, message) => {
    const socket = await openSocket(gateway);
    socket.send(message);
    await socket.acknowledged();
    expect(socket.messages).toEqual([{ type: 'connection_ack' }]);
    await socket.close();
  });

  it('with __proto__ in its payload is acknowledged, and sets no token', async () => {
    const socket = await openSocket(gateway);
    socket.socket.send('{"type":"connection_init","payload":{"__proto__":{"authorization":"Bearer x"}}}');
    await socket.acknowledged();
    expect(socket.messages).toEqual([{ type: 'connection_ack' }]);
    await socket.close();
  });

  it.each<[string, unknown]>([
    ['a list', []],
    ['a string', 'Bearer x'],
    ['a number', 1],
    ['true', true],
    ['false', false],
  ])('with %s as payload closes the WebSocket with 4400', async (_, payload) => {
    const socket = await openSocket(gateway);
    socket.send({ type: 'connection_init', payload });
    expect(await socket.closeCode()).toBe(4400);
    expect(socket.messages).toEqual([]);
  });

  it('sent again closes the WebSocket with 4429', async () => {
    const socket = await openAcknowledged(gateway);
    socket.send({ type: 'connection_init' });
    expect(await socket.closeCode()).toBe(4429);
  });

  it('sent again before it is acknowledged closes the WebSocket with 4429', async () => {
    const socket = await openSocket(gateway);
    socket.send({ type: 'connection_init' });
    socket.send({ type: 'connection_init' });
    expect(await socket.closeCode()).toBe(4429);
  });

  it('that is never sent closes the WebSocket with 4408', async () => {
    const socket = await openSocket(gateway);
    // A ping does not count as the first message.
    await socket.awaitPong();
    expect(await socket.closeCode()).toBe(4408);
  });

  it('must be sent before an operation, which closes the WebSocket with 4401', async () => {
    const socket = await openSocket(gateway);
    socket.subscribe('a', '{ __typename }');
    expect(await socket.closeCode()).toBe(4401);
    expect(socket.messages).toEqual([]);
  });

  it('must be acknowledged before an operation, which is executed whole or closes the WebSocket with 4401', async () => {
    const socket = await openSocket(gateway);
    // The token has to be verified first, so the operation arrives before the acknowledgement.
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${await tokenOf({ name: 'Ann' })}` } });
    socket.subscribe('a', '{ __typename }');
    await Promise.race([socket.closeCode(), socket.ended('a')]);
    // The operation is too early or in time, never half of both.
    if (socket.closed === null) expect(socket.of('a').map(({ type }) => type)).toEqual(['next', 'complete']);
    else expect(socket.closed).toBe(4401);
    socket.socket.terminate();
  });

  it('with an invalid token closes the WebSocket with 4403', async () => {
    for (const name of ['authorization', 'Authorization']) {
      const socket = await openSocket(gateway);
      socket.send({ type: 'connection_init', payload: { [name]: 'Bearer x' } });
      expect(await socket.closeCode(), name).toBe(4403);
      expect(socket.messages).toEqual([]);
    }
  });

  it.each<[string, (token: string) => object]>([
    ['authorization', (authorization) => ({ authorization })],
    ['Authorization', (Authorization) => ({ Authorization })],
    ['headers.authorization', (authorization) => ({ headers: { authorization } })],
    ['headers.Authorization', (Authorization) => ({ headers: { Authorization } })],
    ['authToken', (authToken) => ({ authToken })],
    ['authToken beside empty places', (authToken) => ({ headers: null, authorization: null, authToken })],
    ['authToken beside an empty text', (authToken) => ({ authorization: '', authToken })],
  ])('may have the token as %s, with or without `Bearer`', async (_, payloadOf) => {
    const token = await tokenOf({ name: 'Ann' });
    for (const credentials of [`Bearer ${token}`, `bearer ${token}`, token]) {
      const socket = await openSocket(gateway);
      socket.send({ type: 'connection_init', payload: payloadOf(credentials) });
      await socket.acknowledged();
      socket.subscribe('a', '{ viewer { author { name } } }');
      expect((await socket.ended('a'))[0]?.payload).toEqual({ data: { viewer: { author: { name: 'Ann' } } } });
      await socket.close();
    }
    for (const credentials of ['Bearer x', 'x', `Basic ${token}`, 1, [token], { token }]) {
      const socket = await openSocket(gateway);
      socket.send({ type: 'connection_init', payload: payloadOf(credentials as string) });
      expect(await socket.closeCode(), String(credentials)).toBe(4403);
    }
  });

  it('without a token uses the one of the upgrade request', async () => {
    const socket = await openSocket(gateway, { headers: { authorization: 'Bearer x' } });
    socket.send({ type: 'connection_init' });
    expect(await socket.closeCode()).toBe(4403);
  });
});
