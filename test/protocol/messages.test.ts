import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../gateway.ts';
import { write } from '../seed.ts';
import { ADDED, awaitComment, expectNothingLeft, openAcknowledged, openSocket } from './socket.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

afterEach(() => expectNothingLeft(gateway));

const query = '{ __typename }';

describe('a frame that is not a message closes the WebSocket with 4400:', () => {
  it.each<[string, string | Buffer]>([
    ['an empty text', ''],
    ['a space', ' '],
    ['a truncated object', '{"type":"ping"'],
    ['two objects', '{"type":"ping"}{"type":"ping"}'],
    ['JSON with a comment', '{"type":"ping"} // x'],
    ['JSON with a byte order mark', '\ufeff{"type":"ping"}'],
    ['a bare word', 'ping'],
    ['a string', '"ping"'],
    ['a number', '1'],
    ['null', 'null'],
    ['true', 'true'],
    ['an empty list', '[]'],
    ['a list of messages', '[{"type":"ping"}]'],
    ['an empty object', '{}'],
    ['50,000 opening brackets', '['.repeat(50_000)],
    ['an empty binary frame', Buffer.alloc(0)],
    ['a binary frame', Buffer.from([0xff, 0xfe, 0x00, 0x01])],
  ])('%s', async (_, frame) => {
    const socket = await openAcknowledged(gateway);
    socket.socket.send(frame);
    expect(await socket.closeCode()).toBe(4400);
  });
});

describe('a message closes the WebSocket with 4400', () => {
  it.each<[string, object]>([
    ['of an unknown type', { type: 'hello' }],
    ['of a type of the older protocol', { type: 'start', id: 'a', payload: { query } }],
    ['of the type that closed connections in the older protocol', { type: 'connection_terminate' }],
    ['of a type in capitals', { type: 'PING' }],
    ['of a type with a space', { type: 'ping ' }],
    ['of a type that is a property of every object', { type: 'constructor' }],
    ['of the type __proto__', { type: '__proto__' }],
    ['of an empty type', { type: '' }],
    ['of a type that is a list', { type: ['ping'] }],
    ['of a type that is a number', { type: 1 }],
    ['of the type null', { type: null }],
    ['without a type', { id: 'a', payload: { query } }],
    ['that only a server sends: connection_ack', { type: 'connection_ack' }],
    ['that only a server sends: next', { type: 'next', id: 'a', payload: { data: null } }],
    ['that only a server sends: error', { type: 'error', id: 'a', payload: [{ message: 'x' }] }],
    ['ping with a string as payload', { type: 'ping', payload: 'x' }],
    ['ping with a list as payload', { type: 'ping', payload: [] }],
    ['pong with a number as payload', { type: 'pong', payload: 1 }],
    ['complete without an id', { type: 'complete' }],
    ['complete with an empty id', { type: 'complete', id: '' }],
    ['complete with a number as id', { type: 'complete', id: 1 }],
    ['subscribe without an id', { type: 'subscribe', payload: { query } }],
    ['subscribe with an empty id', { type: 'subscribe', id: '', payload: { query } }],
    ['subscribe with null as id', { type: 'subscribe', id: null, payload: { query } }],
    ['subscribe with a number as id', { type: 'subscribe', id: 1, payload: { query } }],
    ['subscribe with a list as id', { type: 'subscribe', id: ['a'], payload: { query } }],
    ['subscribe with an object as id', { type: 'subscribe', id: { a: 1 }, payload: { query } }],
    ['subscribe without a payload', { type: 'subscribe', id: 'a' }],
    ['subscribe with null as payload', { type: 'subscribe', id: 'a', payload: null }],
    ['subscribe with a string as payload', { type: 'subscribe', id: 'a', payload: query }],
    ['subscribe with a list as payload', { type: 'subscribe', id: 'a', payload: [{ query }] }],
    ['subscribe without a query', { type: 'subscribe', id: 'a', payload: {} }],
    ['subscribe with null as query', { type: 'subscribe', id: 'a', payload: { query: null } }],
    ['subscribe with a document as query', { type: 'subscribe', id: 'a', payload: { query: { kind: 'x' } } }],
    ['subscribe with a list as variables', { type: 'subscribe', id: 'a', payload: { query, variables: [] } }],
    ['subscribe with a string as variables', { type: 'subscribe', id: 'a', payload: { query, variables: '{}' } }],
    ['subscribe with a number as variables', { type: 'subscribe', id: 'a', payload: { query, variables: 1 } }],
    ['subscribe with a number as operation name', { type: 'subscribe', id: 'a', payload: { query, operationName: 1 } }],
    [
      'subscribe with a list as operation name',
      { type: 'subscribe', id: 'a', payload: { query, operationName: ['A'] } },
    ],
    ['subscribe with a string as extensions', { type: 'subscribe', id: 'a', payload: { query, extensions: 'x' } }],
    ['subscribe with a list as extensions', { type: 'subscribe', id: 'a', payload: { query, extensions: [] } }],
  ])('%s', async (_, message) => {
    const socket = await openAcknowledged(gateway);
    socket.send(message);
    expect(await socket.closeCode()).toBe(4400);
    expect(socket.messages).toEqual([{ type: 'connection_ack' }]);
  });

  it('before connection_init too', async () => {
    for (const frame of ['', '{', '[]', '{"type":"hello"}']) {
      const socket = await openSocket(gateway);
      socket.socket.send(frame);
      expect(await socket.closeCode(), frame).toBe(4400);
    }
  });

  it('and ends the subscriptions of that WebSocket only', async () => {
    const bad = await openAcknowledged(gateway);
    const good = await openAcknowledged(gateway);
    for (const socket of [bad, good]) {
      socket.subscribe('live', ADDED);
      await awaitComment(gateway, socket, 'live');
    }
    bad.socket.send('{');
    expect(await bad.closeCode()).toBe(4400);
    await awaitComment(gateway, good, 'live');
    await good.close();
  });
});

describe('a ping', () => {
  it.each<[string, object]>([
    ['without a payload', { type: 'ping' }],
    ['with a payload', { type: 'ping', payload: { at: 1 } }],
    ['with an empty payload', { type: 'ping', payload: {} }],
    ['with a nested payload', { type: 'ping', payload: { a: [{ b: ['ü', null] }] } }],
  ])('%s is answered by a pong without a payload', async (_, ping) => {
    const socket = await openAcknowledged(gateway);
    socket.send(ping);
    await socket.awaitPong();
    expect(socket.messages.slice(1)).toEqual([{ type: 'pong' }, { type: 'pong' }]);
    await socket.close();
  });

  it('is answered before connection_init too', async () => {
    const socket = await openSocket(gateway);
    socket.send({ type: 'ping' });
    await socket.awaitPong();
    expect(socket.messages[0]).toEqual({ type: 'pong' });
    await socket.close();
  });

  it('is answered each of a thousand times', async () => {
    const socket = await openAcknowledged(gateway);
    for (let i = 0; i < 1_000; i++) socket.send({ type: 'ping', payload: { i } });
    await socket.awaitPong();
    // The server's own pings come between them.
    const answers = socket.messages.slice(1).filter(({ type }) => type !== 'ping');
    expect(answers).toEqual(Array.from({ length: 1_001 }, () => ({ type: 'pong' })));
    await socket.close();
  });
});

describe('a pong', () => {
  it('that answers no ping changes nothing', async () => {
    const socket = await openSocket(gateway);
    socket.send({ type: 'pong' });
    socket.send({ type: 'connection_init' });
    await socket.acknowledged();
    for (const payload of [undefined, null, {}, { a: 1 }]) socket.send({ type: 'pong', payload });
    await socket.awaitPong();
    expect(socket.messages.map(({ type }) => type)).toEqual(['connection_ack', 'pong']);
    await socket.close();
  });
});

describe('a complete', () => {
  it('for an unknown id changes nothing', async () => {
    const socket = await openAcknowledged(gateway);
    for (const id of ['a', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', ' ', 'x'.repeat(10_000)])
      socket.send({ type: 'complete', id });
    await socket.awaitPong();
    expect(socket.messages.map(({ type }) => type)).toEqual(['connection_ack', 'pong']);
    await socket.close();
  });

  it('before connection_init changes nothing', async () => {
    const socket = await openSocket(gateway);
    socket.send({ type: 'complete', id: 'a' });
    socket.send({ type: 'connection_init' });
    await socket.acknowledged();
    await socket.close();
  });
});
