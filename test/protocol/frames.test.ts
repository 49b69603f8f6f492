import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { write } from '../seed.ts';
import { frame, OPCODE, openRaw, type RawConnection } from './raw-connection.ts';
import { ADDED, awaitComment, expectNothingLeft, openAcknowledged } from './socket.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway((sql) => write(sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] }));
});

afterAll(() => gateway.stop());

afterEach(() => expectNothingLeft(gateway));

const INIT = '{"type":"connection_init"}';
const SUBSCRIBE = JSON.stringify({ id: 'a', type: 'subscribe', payload: { query: ADDED } });

/** Bytes of the largest message. */
const LIMIT = 65_536;

/** A ping message of exactly so many bytes. */
function pingOf(bytes: number, letter = 'x'): string {
  const around = JSON.stringify({ type: 'ping', payload: { a: '' } });
  return around.replace('""', `"${letter.repeat((bytes - around.length) / Buffer.byteLength(letter))}"`);
}

async function openRawAcknowledged(): Promise<RawConnection> {
  const raw = await openRaw(gateway);
  raw.send(frame(INIT));
  await until('the connection is acknowledged', () => raw.texts().length === 1);
  return raw;
}

describe('a message', () => {
  it('of 64 KiB is accepted', async () => {
    const socket = await openAcknowledged(gateway);
    socket.socket.send(pingOf(LIMIT));
    await until('it is answered', () => socket.messages.length === 2);
    expect(socket.messages[1]).toEqual({ type: 'pong' });
    await socket.close();
  });

  it.each<[string, string]>([
    ['of 64 KiB and one byte', pingOf(LIMIT + 1)],
    ['of fewer characters but more bytes than 64 KiB', pingOf(LIMIT + 2, 'ü')],
    ['of a megabyte', pingOf(1_000_000)],
  ])('%s closes the WebSocket with 1009', async (_, text) => {
    const socket = await openAcknowledged(gateway);
    socket.socket.send(text);
    expect(await socket.closeCode()).toBe(1009);
    expect(socket.messages).toEqual([{ type: 'connection_ack' }]);
  });

  it('whose fragments together exceed 64 KiB closes the WebSocket with 1009', async () => {
    const socket = await openAcknowledged(gateway);
    for (let i = 0; i < 10; i++) socket.socket.send('x'.repeat(10_000), { fin: false });
    expect(await socket.closeCode()).toBe(1009);
  });

  it('that announces a length over 64 KiB closes the WebSocket before its payload arrives', async () => {
    const raw = await openRawAcknowledged();
    // A length of eight bytes, 2^40 here.
    raw.send(Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 3, 4]));
    expect(await raw.closeCode()).toBe(1009);
    raw.socket.destroy();
  });

  it('in fragments is accepted as one, with a ping between them', async () => {
    const socket = await openAcknowledged(gateway);
    const text = JSON.stringify({ id: 'a', type: 'subscribe', payload: { query: '{ __typename } # ü' } });
    const bytes = Buffer.from(text);
    // Byte by byte, so that characters are split too.
    for (const byte of bytes.subarray(0, -1)) socket.socket.send(Buffer.of(byte), { binary: false, fin: false });
    const ponged = new Promise<string>((resolve) => socket.socket.once('pong', (data) => resolve(String(data))));
    socket.socket.ping('between');
    expect(await ponged).toBe('between');
    socket.socket.send(bytes.subarray(-1), { binary: false, fin: true });
    expect((await socket.ended('a'))[0]).toMatchObject({ type: 'next', payload: { data: { __typename: 'Query' } } });
    await socket.close();
  });

  it('with empty fragments is accepted', async () => {
    const raw = await openRaw(gateway);
    raw.send(
      frame('', { isLast: false }),
      frame(INIT, { opcode: OPCODE.continuation, isLast: false }),
      frame('', { opcode: OPCODE.continuation }),
    );
    await until('it is acknowledged', () => raw.texts().length === 1);
    raw.socket.destroy();
  });

  it('that arrives byte by byte is accepted', async () => {
    const raw = await openRaw(gateway);
    raw.socket.setNoDelay(true);
    for (const byte of frame(INIT)) raw.send(Buffer.of(byte));
    await until('it is acknowledged', () => raw.texts().length === 1);
    raw.socket.destroy();
  });

  it('that arrives in one packet with others is answered like each of them', async () => {
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
    ['with an unknown opcode', 1002, frame('x', { opcode: 3 })],
    ['with an unknown control opcode', 1002, frame('x', { opcode: 11 })],
    ['with a reserved bit', 1002, frame('{"type":"ping"}', { reserved: 1 })],
    ['marked as compressed, which was not negotiated', 1002, frame('{"type":"ping"}', { reserved: 4 })],
    ['that continues no message', 1002, frame('x', { opcode: OPCODE.continuation })],
    ['that begins a message inside another', 1002, Buffer.concat([frame('{', { isLast: false }), frame('}')])],
    ['with a fragmented ping', 1002, frame('x', { opcode: OPCODE.ping, isLast: false })],
    ['with a ping of more than 125 bytes', 1002, frame('x'.repeat(126), { opcode: OPCODE.ping })],
    ['with half a close code', 1002, frame(Buffer.of(3), { opcode: CLOSE })],
    ['with the close code 0', 1002, frame(Buffer.of(0, 0), { opcode: CLOSE })],
    ['with a close code that must not be sent', 1002, frame(Buffer.of(3, 0xee), { opcode: CLOSE })],
    ['with a close reason that is not UTF-8', 1007, frame(Buffer.of(3, 0xe8, 0xff), { opcode: CLOSE })],
    ['with text that is not UTF-8', 1007, frame(Buffer.of(0x7b, 0xff, 0x7d))],
    ['with a truncated character', 1007, frame(Buffer.of(0x22, 0xc3))],
    ['with a lone surrogate', 1007, frame(Buffer.of(0x22, 0xed, 0xa0, 0x80, 0x22))],
    ['with an overlong encoding', 1007, frame(Buffer.of(0x22, 0xc0, 0xa2, 0x22))],
  ])('%s closes the connection with %i', async (_, code, bytes) => {
    const raw = await openRawAcknowledged();
    raw.send(bytes);
    expect(await raw.closeCode()).toBe(code);
    expect(raw.texts()).toEqual(['{"type":"connection_ack"}']);
    raw.socket.destroy();
  });

  it('with a ping is answered by a pong with the same payload, before connection_init too', async () => {
    const raw = await openRaw(gateway);
    raw.send(frame('as before', { opcode: OPCODE.ping }));
    await until('it is answered', () => raw.received.length === 1);
    expect(raw.received[0]).toEqual({ opcode: OPCODE.pong, payload: Buffer.from('as before') });
    raw.socket.destroy();
  });

  it('with an unsolicited pong changes nothing', async () => {
    const raw = await openRawAcknowledged();
    raw.send(frame('x', { opcode: OPCODE.pong }), frame('{"type":"ping"}'));
    await until('the message after it is answered', () => raw.texts().length === 2);
    raw.socket.destroy();
  });

  it('is never compressed, though the client offers it', async () => {
    const socket = await openAcknowledged(gateway);
    expect(socket.socket.extensions).toBe('');
    await socket.close();
  });
});

describe('an unsupported subprotocol', () => {
  it.each(['graphql-ws', 'soap'])(
    'such as %s closes the WebSocket with 4406 when the client does not close it',
    async (name) => {
      const raw = await openRaw(gateway, name);
      expect(await raw.closeCode()).toBe(4406);
      raw.socket.destroy();
    },
  );
});

describe('a client that closes the WebSocket', () => {
  it.each([1000, 1001, 3000, 4000, 4499, 4999])('with %i receives the same code', async (code) => {
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', ADDED);
    await awaitComment(gateway, socket, 'a');
    socket.socket.close(code, 'any reason');
    expect(await socket.closeCode()).toBe(code);
  });

  it('without a code receives a close frame, and the connection ends', async () => {
    const raw = await openRawAcknowledged();
    const ended = once(raw.socket, 'close');
    raw.send(frame('', { opcode: OPCODE.close }));
    await ended;
    expect(raw.received.at(-1)!.opcode).toBe(OPCODE.close);
  });

  it('and sends more gets no answer to that', async () => {
    const raw = await openRawAcknowledged();
    const ended = once(raw.socket, 'close');
    raw.send(frame(Buffer.of(3, 0xe8), { opcode: OPCODE.close }), frame('{"type":"ping"}'));
    expect(await raw.closeCode()).toBe(1000);
    await ended;
    expect(raw.texts()).toEqual(['{"type":"connection_ack"}']);
  });
});

describe('a connection that is lost', () => {
  it.each<[string, (raw: RawConnection) => void]>([
    ['in the middle of a frame', (raw) => raw.send(frame('{"type":"ping"', { length: 1_000 }))],
    ['in the middle of a frame header', (raw) => raw.send(Buffer.of(0x81))],
    ['between two fragments', (raw) => raw.send(frame('{"type":', { isLast: false }))],
    ['between two messages', () => undefined],
  ])('%s leaves nothing behind', async (_, last) => {
    for (const end of ['destroy', 'resetAndDestroy', 'end'] as const) {
      const raw = await openRawAcknowledged();
      raw.send(frame(SUBSCRIBE));
      await until('the log is followed', () => gateway.watched === 1);
      last(raw);
      raw.socket[end]();
      await until('no log is followed', () => gateway.watched === 0);
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
    await expectNothingLeft(gateway);
  });
});
