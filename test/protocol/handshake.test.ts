import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, tokenOf } from '../gateway.ts';
import { write } from '../seed.ts';
import { isUnharmed, openReady, openSocket } from './socket.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

afterEach(() => isUnharmed(gateway));

interface Upgrade {
  path?: string;
  method?: string;
  /** Undefined leaves a header out. */
  headers?: Record<string, string | undefined>;
}

/** Asks for a socket by hand: the status, and what comes with it. */
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
  it('is answered with the subprotocol and the key that RFC 6455 asks for', async () => {
    expect(await upgrade(gateway)).toEqual({
      status: 101,
      protocol: 'graphql-transport-ws',
      accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    });
  });

  it('picks graphql-transport-ws among several subprotocols', async () => {
    for (const offered of [
      'graphql-transport-ws, graphql-ws',
      'graphql-ws, graphql-transport-ws',
      'a,graphql-transport-ws',
    ])
      expect((await upgrade(gateway, { headers: { 'sec-websocket-protocol': offered } })).protocol, offered).toBe(
        'graphql-transport-ws',
      );
  });

  it('is taken at the address of the graph with anything after a question mark', async () => {
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
  ])('is refused at %s', async (path) => {
    expect((await upgrade(gateway, { path })).status).toSatisfy((status: number) => status >= 400 && status < 500);
  });

  it.each<[string, Upgrade]>([
    ['by another method', { method: 'POST' }],
    ['without a key', { headers: { 'sec-websocket-key': undefined } }],
    ['with a key that is too short', { headers: { 'sec-websocket-key': 'eA==' } }],
    ['without a version', { headers: { 'sec-websocket-version': undefined } }],
    ['of a version that is none', { headers: { 'sec-websocket-version': '12' } }],
    ['with a list of subprotocols that is none', { headers: { 'sec-websocket-protocol': ',,' } }],
  ])('%s is refused', async (_, asked) => {
    expect((await upgrade(gateway, asked)).status).toSatisfy((status: number) => status >= 400 && status < 500);
  });
});

describe('a subprotocol', () => {
  it('that is not offered at all closes the socket with 4406', async () => {
    const socket = await openSocket(gateway, { protocols: [] });
    expect(await socket.closedWith()).toBe(4406);
    expect(socket.messages).toEqual([]);
  });

  it.each(['graphql-ws', 'graphql-transport-ws2', 'GRAPHQL-TRANSPORT-WS', 'soap', 'graphql-ws, soap'])(
    'called %s is not agreed to, so that clients give up by themselves',
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
  ])('%s is refused with 403 when others are named', async (origin) => {
    expect((await upgrade(strict, { headers: { origin } })).status).toBe(403);
  });

  it.each([allowed, 'https://other.example:8443'])('%s is let in when it is named', async (origin) => {
    const socket = await openReady(strict, { headers: { origin } });
    await socket.close();
  });

  it('is let in from anywhere when none are named', async () => {
    const socket = await openReady(gateway, { headers: { origin: 'https://anywhere.example' } });
    await socket.close();
  });

  it('is not what apps and servers are, which name no origin', async () => {
    const socket = await openReady(strict);
    await socket.close();
  });
});

describe('the first message', () => {
  it.each<[string, object]>([
    ['without a payload', { type: 'connection_init' }],
    ['with null', { type: 'connection_init', payload: null }],
    ['with an empty object', { type: 'connection_init', payload: {} }],
    ['with whatever an app sends', { type: 'connection_init', payload: { client: { name: 'app', version: [1, 2] } } }],
    ['with names of built-in properties', { type: 'connection_init', payload: { constructor: 1, toString: 2 } }],
    ['with more beside it', { type: 'connection_init', id: 'x', more: true }],
  ])('%s is acknowledged', async (_, message) => {
    const socket = await openSocket(gateway);
    socket.say(message);
    await socket.acknowledged();
    expect(socket.messages).toEqual([{ type: 'connection_ack' }]);
    await socket.close();
  });

  it('may have __proto__ in its payload, which changes nothing', async () => {
    const socket = await openSocket(gateway);
    socket.socket.send('{"type":"connection_init","payload":{"__proto__":{"authorization":"Bearer x"}}}');
    await socket.acknowledged();
    expect(socket.messages).toEqual([{ type: 'connection_ack' }]);
    await socket.close();
  });

  it.each<[string, unknown]>([
    ['a list', []],
    ['a text', 'Bearer x'],
    ['a number', 1],
    ['a truth value', true],
    ['false', false],
  ])('with %s for a payload closes the socket with 4400', async (_, payload) => {
    const socket = await openSocket(gateway);
    socket.say({ type: 'connection_init', payload });
    expect(await socket.closedWith()).toBe(4400);
    expect(socket.messages).toEqual([]);
  });

  it('sent again closes the socket with 4429', async () => {
    const socket = await openReady(gateway);
    socket.say({ type: 'connection_init' });
    expect(await socket.closedWith()).toBe(4429);
  });

  it('sent again before it is answered closes the socket with 4429', async () => {
    const socket = await openSocket(gateway);
    socket.say({ type: 'connection_init' });
    socket.say({ type: 'connection_init' });
    expect(await socket.closedWith()).toBe(4429);
  });

  it('that never comes closes the socket with 4408', async () => {
    const socket = await openSocket(gateway);
    // Frames that keep a connection alive are no first message.
    await socket.answersPing();
    expect(await socket.closedWith()).toBe(4408);
  });

  it('is not a subscription: 4401', async () => {
    const socket = await openSocket(gateway);
    socket.subscribe('a', '{ __typename }');
    expect(await socket.closedWith()).toBe(4401);
    expect(socket.messages).toEqual([]);
  });

  it('is answered before a subscription is taken, or that is too early: 4401', async () => {
    const socket = await openSocket(gateway);
    // Who asks has to be found out first, so this comes between.
    socket.say({ type: 'connection_init', payload: { authorization: `Bearer ${await tokenOf({ name: 'Ann' })}` } });
    socket.subscribe('a', '{ __typename }');
    await Promise.race([socket.closedWith(), socket.ended('a')]);
    // Whoever does not wait is either too early or in time, never half of both.
    if (socket.closed === null) expect(socket.of('a').map(({ type }) => type)).toEqual(['next', 'complete']);
    else expect(socket.closed).toBe(4401);
    socket.socket.terminate();
  });

  it('with a token that is not valid closes the socket with 4403', async () => {
    for (const name of ['authorization', 'Authorization']) {
      const socket = await openSocket(gateway);
      socket.say({ type: 'connection_init', payload: { [name]: 'Bearer x' } });
      expect(await socket.closedWith(), name).toBe(4403);
      expect(socket.messages).toEqual([]);
    }
  });

  it('without a token leaves that of the upgrade to be looked at', async () => {
    const socket = await openSocket(gateway, { headers: { authorization: 'Bearer x' } });
    socket.say({ type: 'connection_init' });
    expect(await socket.closedWith()).toBe(4403);
  });
});
