import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../gateway.ts';
import { write } from '../seed.ts';
import { ADDED, hears, isUnharmed, openReady, openSocket } from './socket.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

afterEach(() => isUnharmed(gateway));

const query = '{ __typename }';

describe('what is no message closes the socket with 4400:', () => {
  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['a space', ' '],
    ['half of an object', '{"type":"ping"'],
    ['two objects', '{"type":"ping"}{"type":"ping"}'],
    ['JSON with a comment', '{"type":"ping"} // x'],
    ['JSON with a byte order mark', '\ufeff{"type":"ping"}'],
    ['words', 'ping'],
    ['a text', '"ping"'],
    ['a number', '1'],
    ['null', 'null'],
    ['true', 'true'],
    ['an empty list', '[]'],
    ['a list of messages', '[{"type":"ping"}]'],
    ['an empty object', '{}'],
    ['brackets without end', '['.repeat(50_000)],
    ['no bytes', Buffer.alloc(0)],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00, 0x01])],
  ])('%s', async (_, frame) => {
    const socket = await openReady(gateway);
    socket.socket.send(frame);
    expect(await socket.closedWith()).toBe(4400);
  });
});

describe('a message closes the socket with 4400', () => {
  it.each<[string, object]>([
    ['of a type that is not there', { type: 'hello' }],
    ['of a type of the protocol before', { type: 'start', id: 'a', payload: { query } }],
    ['of the type that ended connections before', { type: 'connection_terminate' }],
    ['of a type in capitals', { type: 'PING' }],
    ['of a type with a space', { type: 'ping ' }],
    ['of a type that every object has', { type: 'constructor' }],
    ['of the type __proto__', { type: '__proto__' }],
    ['of a type that is empty', { type: '' }],
    ['of a type that is a list', { type: ['ping'] }],
    ['of a type that is a number', { type: 1 }],
    ['of the type null', { type: null }],
    ['without a type', { id: 'a', payload: { query } }],
    ['that only a server sends: connection_ack', { type: 'connection_ack' }],
    ['that only a server sends: next', { type: 'next', id: 'a', payload: { data: null } }],
    ['that only a server sends: error', { type: 'error', id: 'a', payload: [{ message: 'x' }] }],
    ['that pings with a text', { type: 'ping', payload: 'x' }],
    ['that pings with a list', { type: 'ping', payload: [] }],
    ['that pongs with a number', { type: 'pong', payload: 1 }],
    ['that completes without an id', { type: 'complete' }],
    ['that completes an empty id', { type: 'complete', id: '' }],
    ['that completes an id that is a number', { type: 'complete', id: 1 }],
    ['that subscribes without an id', { type: 'subscribe', payload: { query } }],
    ['that subscribes with an empty id', { type: 'subscribe', id: '', payload: { query } }],
    ['that subscribes with null for an id', { type: 'subscribe', id: null, payload: { query } }],
    ['that subscribes with a number for an id', { type: 'subscribe', id: 1, payload: { query } }],
    ['that subscribes with a list for an id', { type: 'subscribe', id: ['a'], payload: { query } }],
    ['that subscribes with an object for an id', { type: 'subscribe', id: { a: 1 }, payload: { query } }],
    ['that subscribes without a payload', { type: 'subscribe', id: 'a' }],
    ['that subscribes with null for a payload', { type: 'subscribe', id: 'a', payload: null }],
    ['that subscribes with a text for a payload', { type: 'subscribe', id: 'a', payload: query }],
    ['that subscribes with a list for a payload', { type: 'subscribe', id: 'a', payload: [{ query }] }],
    ['that subscribes without a query', { type: 'subscribe', id: 'a', payload: {} }],
    ['that subscribes with null for a query', { type: 'subscribe', id: 'a', payload: { query: null } }],
    ['that subscribes with a document for a query', { type: 'subscribe', id: 'a', payload: { query: { kind: 'x' } } }],
    ['that subscribes with a list for variables', { type: 'subscribe', id: 'a', payload: { query, variables: [] } }],
    ['that subscribes with a text for variables', { type: 'subscribe', id: 'a', payload: { query, variables: '{}' } }],
    ['that subscribes with a number for variables', { type: 'subscribe', id: 'a', payload: { query, variables: 1 } }],
    ['that names an operation by a number', { type: 'subscribe', id: 'a', payload: { query, operationName: 1 } }],
    ['that names an operation by a list', { type: 'subscribe', id: 'a', payload: { query, operationName: ['A'] } }],
    ['whose extensions are a text', { type: 'subscribe', id: 'a', payload: { query, extensions: 'x' } }],
    ['whose extensions are a list', { type: 'subscribe', id: 'a', payload: { query, extensions: [] } }],
  ])('%s', async (_, message) => {
    const socket = await openReady(gateway);
    socket.say(message);
    expect(await socket.closedWith()).toBe(4400);
    expect(socket.messages).toEqual([{ type: 'connection_ack' }]);
  });

  it('also before the first one, which it is not', async () => {
    for (const frame of ['', '{', '[]', '{"type":"hello"}']) {
      const socket = await openSocket(gateway);
      socket.socket.send(frame);
      expect(await socket.closedWith(), frame).toBe(4400);
    }
  });

  it('and ends the subscriptions of that socket, and of no other', async () => {
    const bad = await openReady(gateway);
    const good = await openReady(gateway);
    for (const socket of [bad, good]) {
      socket.subscribe('live', ADDED);
      await hears(gateway, socket, 'live');
    }
    bad.socket.send('{');
    expect(await bad.closedWith()).toBe(4400);
    await hears(gateway, good, 'live');
    await good.close();
  });
});

describe('a ping', () => {
  it.each<[string, object, object]>([
    ['without a payload', { type: 'ping' }, { type: 'pong' }],
    ['with a payload', { type: 'ping', payload: { at: 1 } }, { type: 'pong', payload: { at: 1 } }],
    ['with an empty payload', { type: 'ping', payload: {} }, { type: 'pong', payload: {} }],
    [
      'with a deep one',
      { type: 'ping', payload: { a: [{ b: ['ü', null] }] } },
      { type: 'pong', payload: { a: [{ b: ['ü', null] }] } },
    ],
  ])('%s is answered by a pong with the same', async (_, ping, pong) => {
    const socket = await openReady(gateway);
    socket.say(ping);
    await socket.answersPing();
    expect(socket.messages[1]).toEqual(pong);
    await socket.close();
  });

  it('is answered before the first message too', async () => {
    const socket = await openSocket(gateway);
    socket.say({ type: 'ping' });
    await socket.answersPing();
    expect(socket.messages[0]).toEqual({ type: 'pong' });
    await socket.close();
  });

  it('is answered a thousand times', async () => {
    const socket = await openReady(gateway);
    for (let i = 0; i < 1_000; i++) socket.say({ type: 'ping', payload: { i } });
    await socket.answersPing();
    expect(socket.messages.slice(1, -1)).toEqual(
      Array.from({ length: 1_000 }, (_, i) => ({ type: 'pong', payload: { i } })),
    );
    await socket.close();
  });
});

describe('a pong', () => {
  it('that nobody asked for changes nothing', async () => {
    const socket = await openSocket(gateway);
    socket.say({ type: 'pong' });
    socket.say({ type: 'connection_init' });
    await socket.acknowledged();
    for (const payload of [undefined, null, {}, { a: 1 }]) socket.say({ type: 'pong', payload });
    await socket.answersPing();
    expect(socket.messages.map(({ type }) => type)).toEqual(['connection_ack', 'pong']);
    await socket.close();
  });
});

describe('a complete', () => {
  it('for an operation that is not there changes nothing', async () => {
    const socket = await openReady(gateway);
    for (const id of ['a', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', ' ', 'x'.repeat(10_000)])
      socket.say({ type: 'complete', id });
    await socket.answersPing();
    expect(socket.messages.map(({ type }) => type)).toEqual(['connection_ack', 'pong']);
    await socket.close();
  });

  it('before the first message changes nothing either', async () => {
    const socket = await openSocket(gateway);
    socket.say({ type: 'complete', id: 'a' });
    socket.say({ type: 'connection_init' });
    await socket.acknowledged();
    await socket.close();
  });
});
