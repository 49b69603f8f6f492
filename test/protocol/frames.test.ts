import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { write } from '../seed.ts';
import { frame, OPCODE, openRaw, type RawConnection } from './raw-connection.ts';
import { ADDED, hears, isUnharmed, openReady } from './socket.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

afterEach(() => isUnharmed(gateway));

const INIT = '{"type":"connection_init"}';
const SUBSCRIBE = JSON.stringify({ id: 'a', type: 'subscribe', payload: { query: ADDED } });

/** Bytes of a message that are the most. */
const MOST = 65_536;

/** A ping of so many bytes. */
function pingOf(bytes: number, letter = 'x'): string {
  const around = JSON.stringify({ type: 'ping', payload: { a: '' } });
  return around.replace('""', `"${letter.repeat((bytes - around.length) / Buffer.byteLength(letter))}"`);
}

async function openRawReady(): Promise<RawConnection> {
  const raw = await openRaw(gateway);
  raw.send(frame(INIT));
  await until('the connection is acknowledged', () => raw.texts().length === 1);
  return raw;
}

describe('a message', () => {
  it('of 64 KiB is read', async () => {
    const socket = await openReady(gateway);
    socket.socket.send(pingOf(MOST));
    await until('it is answered', () => socket.messages.length === 2);
    expect(socket.messages[1]).toEqual({ ...JSON.parse(pingOf(MOST)), type: 'pong' });
    await socket.close();
  });

  it.each<[string, string]>([
    ['of one byte more', pingOf(MOST + 1)],
    ['of fewer characters but more bytes', pingOf(MOST + 2, 'ü')],
    ['of a megabyte', pingOf(1_000_000)],
  ])('%s closes the socket with 1009', async (_, text) => {
    const socket = await openReady(gateway);
    socket.socket.send(text);
    expect(await socket.closedWith()).toBe(1009);
    expect(socket.messages).toEqual([{ type: 'connection_ack' }]);
  });

  it('in fragments that are more together closes the socket with 1009', async () => {
    const socket = await openReady(gateway);
    for (let i = 0; i < 10; i++) socket.socket.send('x'.repeat(10_000), { fin: false });
    expect(await socket.closedWith()).toBe(1009);
  });

  it('that says it is longer than is read closes the socket before it has come', async () => {
    const raw = await openRawReady();
    // A length of eight bytes, 2^40 here.
    raw.send(Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4]));
    expect(await raw.closedWith()).toBe(1009);
    raw.socket.destroy();
  });

  it('in fragments is read as one, with a ping between them', async () => {
    const socket = await openReady(gateway);
    const text = JSON.stringify({ id: 'a', type: 'subscribe', payload: { query: '{ __typename } # ü' } });
    const bytes = Buffer.from(text);
    // Byte by byte, so that letters are cut too.
    for (const byte of bytes.subarray(0, -1)) socket.socket.send(Buffer.of(byte), { binary: false, fin: false });
    const ponged = new Promise<string>((resolve) => socket.socket.once('pong', (data) => resolve(String(data))));
    socket.socket.ping('between');
    expect(await ponged).toBe('between');
    socket.socket.send(bytes.subarray(-1), { binary: false, fin: true });
    expect((await socket.ended('a'))[0]).toMatchObject({ type: 'next', payload: { data: { __typename: 'Query' } } });
    await socket.close();
  });

  it('in fragments of nothing is read as well', async () => {
    const raw = await openRaw(gateway);
    raw.send(
      frame('', { isLast: false }),
      frame(INIT, { opcode: OPCODE.continuation, isLast: false }),
      frame('', { opcode: OPCODE.continuation }),
    );
    await until('it is acknowledged', () => raw.texts().length === 1);
    raw.socket.destroy();
  });

  it('that comes byte by byte is read', async () => {
    const raw = await openRaw(gateway);
    raw.socket.setNoDelay(true);
    for (const byte of frame(INIT)) raw.send(Buffer.of(byte));
    await until('it is acknowledged', () => raw.texts().length === 1);
    raw.socket.destroy();
  });

  it('that comes with others in one piece is read before them', async () => {
    const raw = await openRaw(gateway);
    raw.send(frame(INIT), frame('{"type":"ping"}'), frame('{"type":"ping"}'));
    await until('all are answered', () => raw.texts().length === 3);
    expect(raw.texts()).toEqual(expect.arrayContaining(['{"type":"connection_ack"}', '{"type":"pong"}']));
    raw.socket.destroy();
  });
});

describe('a frame', () => {
  const CLOSE = OPCODE.close;
  it.each<[string, number, Buffer]>([
    ['without a mask', 1002, frame('{"type":"ping"}', { isMasked: false })],
    ['of a kind that is not there', 1002, frame('x', { opcode: 3 })],
    ['of a kind that controls and is not there', 1002, frame('x', { opcode: 11 })],
    ['with a reserved bit', 1002, frame('{"type":"ping"}', { reserved: 1 })],
    ['that says it is compressed, which was not agreed', 1002, frame('{"type":"ping"}', { reserved: 4 })],
    ['that goes on with nothing', 1002, frame('x', { opcode: OPCODE.continuation })],
    ['that begins in the middle of another', 1002, Buffer.concat([frame('{', { isLast: false }), frame('}')])],
    ['that pings in fragments', 1002, frame('x', { opcode: OPCODE.ping, isLast: false })],
    ['that pings with too much', 1002, frame('x'.repeat(126), { opcode: OPCODE.ping })],
    ['that closes with half a code', 1002, frame(Buffer.of(3), { opcode: CLOSE })],
    ['that closes with a code that is none', 1002, frame(Buffer.of(0, 0), { opcode: CLOSE })],
    ['that closes with a code that is not for sending', 1002, frame(Buffer.of(3, 0xee), { opcode: CLOSE })],
    ['that closes with bytes that are no text', 1007, frame(Buffer.of(3, 0xe8, 0xff), { opcode: CLOSE })],
    ['with bytes that are no text', 1007, frame(Buffer.of(0x7b, 0xff, 0x7d))],
    ['with half a character', 1007, frame(Buffer.of(0x22, 0xc3))],
    ['with a lone surrogate', 1007, frame(Buffer.of(0x22, 0xed, 0xa0, 0x80, 0x22))],
    ['with a letter in more bytes than it takes', 1007, frame(Buffer.of(0x22, 0xc0, 0xa2, 0x22))],
  ])('%s closes the connection with %i', async (_, code, bytes) => {
    const raw = await openRawReady();
    raw.send(bytes);
    expect(await raw.closedWith()).toBe(code);
    expect(raw.texts()).toEqual(['{"type":"connection_ack"}']);
    raw.socket.destroy();
  });

  it('that pings is answered with the same, before the first message too', async () => {
    const raw = await openRaw(gateway);
    raw.send(frame('as before', { opcode: OPCODE.ping }));
    await until('it is answered', () => raw.received.length === 1);
    expect(raw.received[0]).toEqual({ opcode: OPCODE.pong, payload: Buffer.from('as before') });
    raw.socket.destroy();
  });

  it('that pongs without being asked changes nothing', async () => {
    const raw = await openRawReady();
    raw.send(frame('x', { opcode: OPCODE.pong }), frame('{"type":"ping"}'));
    await until('the message after it is answered', () => raw.texts().length === 2);
    raw.socket.destroy();
  });

  it('is not compressed, though the client can', async () => {
    const socket = await openReady(gateway);
    expect(socket.socket.extensions).toBe('');
    await socket.close();
  });
});

describe('a wrong subprotocol', () => {
  it.each(['graphql-ws', 'soap'])(
    'called %s is closed with 4406 when the client goes on all the same',
    async (name) => {
      const raw = await openRaw(gateway, name);
      expect(await raw.closedWith()).toBe(4406);
      raw.socket.destroy();
    },
  );
});

describe('a client that closes', () => {
  it.each([1000, 1001, 3000, 4000, 4499, 4999])('with %i is answered with the same', async (code) => {
    const socket = await openReady(gateway);
    socket.subscribe('a', ADDED);
    await hears(gateway, socket, 'a');
    socket.socket.close(code, 'as it likes');
    expect(await socket.closedWith()).toBe(code);
  });

  it('without a code is answered, and the connection ends', async () => {
    const raw = await openRawReady();
    const ended = once(raw.socket, 'close');
    raw.send(frame('', { opcode: OPCODE.close }));
    await ended;
    expect(raw.received.at(-1)!.opcode).toBe(OPCODE.close);
  });

  it('and goes on sending is not listened to', async () => {
    const raw = await openRawReady();
    const ended = once(raw.socket, 'close');
    raw.send(frame(Buffer.of(3, 0xe8), { opcode: OPCODE.close }), frame('{"type":"ping"}'));
    expect(await raw.closedWith()).toBe(1000);
    await ended;
    expect(raw.texts()).toEqual(['{"type":"connection_ack"}']);
  });
});

describe('a connection that breaks', () => {
  it.each<[string, (raw: RawConnection) => void]>([
    ['in the middle of a frame', (raw) => raw.send(frame('{"type":"ping"', { length: 1_000 }))],
    ['in the middle of the head of a frame', (raw) => raw.send(Buffer.of(0x81))],
    ['between two fragments', (raw) => raw.send(frame('{"type":', { isLast: false }))],
    ['between two messages', () => undefined],
  ])('%s leaves nothing behind', async (_, last) => {
    for (const end of ['destroy', 'resetAndDestroy', 'end'] as const) {
      const raw = await openRawReady();
      raw.send(frame(SUBSCRIBE));
      await until('it follows the article', () => gateway.watched === 1);
      last(raw);
      raw.socket[end]();
      await until('nobody follows the article', () => gateway.watched === 0);
      raw.socket.destroy();
    }
  });

  it('before the upgrade is answered leaves nothing behind', async () => {
    for (let i = 0; i < 20; i++) {
      const opening = openRaw(gateway);
      opening.then(
        ({ socket }) => socket.resetAndDestroy(),
        () => undefined,
      );
    }
    await isUnharmed(gateway);
  });
});
