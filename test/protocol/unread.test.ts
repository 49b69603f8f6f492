import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { largeQuery, largeResults } from '../large-results.ts';
import { frame, OPCODE, openRaw } from './raw-connection.ts';
import { expectNothingLeft, openAcknowledged } from './socket.ts';

/** Megabytes that a client sends without reading. */
const MOST_BLOCKS = 30;

const large = largeResults();
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(undefined, { REQUESTS_PER_ADDRESS: '20' }, large);
});

afterAll(() => gateway.stop());

afterEach(async () => {
  await expectNothingLeft(gateway);
  expect((await gateway.metrics()).unread_response_bytes).toBe(0);
});

describe('a WebSocket whose client does not read', () => {
  it.each([
    ['pings as messages', frame(JSON.stringify({ type: 'ping', payload: { a: 'x'.repeat(60_000) } }))],
    ['pings as messages without a payload', frame('{"type":"ping"}')],
    ['pings as frames', frame('x'.repeat(125), { opcode: OPCODE.ping })],
  ])('and sends %s is not read, and little waits for it', async (_, bytes) => {
    const raw = await openRaw(gateway);
    raw.send(frame('{"type":"connection_init"}'));
    await until('the connection is acknowledged', () => raw.texts().length === 1);
    raw.socket.pause();
    const block = Buffer.concat(Array.from({ length: Math.ceil(1_000_000 / bytes.length) }, () => bytes));
    // As much as the gateway takes, up to many times what the kernel buffers in each direction.
    let taken = true;
    for (let i = 0; i < MOST_BLOCKS && taken; i++)
      taken = await new Promise<boolean>((resolve) => {
        if (raw.socket.destroyed) return resolve(false);
        const giveUp = setTimeout(() => resolve(false), 2_000);
        raw.socket.write(block, () => {
          clearTimeout(giveUp);
          resolve(true);
        });
      });
    expect((await gateway.metrics()).unread_response_bytes).toBeLessThan(1_100_000);
    raw.socket.destroy();
  });

  it('is sent no result before it has read the one before, and then all of them', async () => {
    const socket = await openAcknowledged(gateway);
    const { _socket: connection } = socket.socket as unknown as { _socket: Socket };
    connection.pause();
    for (const id of ['a', 'b', 'c']) socket.subscribe(id, largeQuery(12_000_000));
    await until('results wait', async () => (await gateway.metrics()).unread_response_bytes! > 20_000_000);
    expect((await gateway.metrics()).unread_response_bytes).toBeLessThan(48_000_000);
    connection.resume();
    for (const id of ['a', 'b', 'c'])
      expect((await socket.ended(id)).map(({ type }) => type)).toEqual(['next', 'complete']);
    await socket.close();
  });
});

describe('a result that is too large', () => {
  it('is the error RESPONSE_TOO_LARGE over each transport', async () => {
    const query = largeQuery(17_000_000);
    const { data, errors } = await gateway.ask(query);
    expect({ data, errors }).toMatchObject({ data: null, errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE' } }] });
    const socket = await openAcknowledged(gateway);
    socket.subscribe('a', query);
    expect((await socket.ended('a'))[0]!.payload).toMatchObject({
      errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE' } }],
    });
    await socket.close();
    for (const accept of ['text/event-stream', 'multipart/mixed']) {
      const response = await fetch(`${gateway.url}?${new URLSearchParams({ query })}`, { headers: { accept } });
      expect(await response.text()).toContain('RESPONSE_TOO_LARGE');
    }
  });
});
