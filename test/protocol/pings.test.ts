import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { openAcknowledged, openSocket } from './socket.ts';

const HEARTBEAT_INTERVAL = 12_000;

let gateway: TestGateway;

beforeAll(async () => {
  // Tests decide when the next heartbeat comes.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  gateway = await startGateway(undefined, {}, { heartbeatInterval: HEARTBEAT_INTERVAL });
});

afterAll(async () => {
  vi.useRealTimers();
  await gateway.stop();
});

/** The gateway pings all clients, and closes those that have not answered the pings before. */
const beat = (): unknown => vi.advanceTimersByTime(HEARTBEAT_INTERVAL);

/** Waits until a client has received so much, and the gateway has read what it has sent before. */
async function untilAnswered(hasReceived: () => boolean): Promise<void> {
  await until('the pings arrive', hasReceived);
  await gateway.metrics();
}

/** A client that answers the pings it knows: of WebSocket, or of graphql-transport-ws. */
async function open({ answers }: { answers: 'WebSocket' | 'protocol' | 'none' }) {
  const options = { autoPong: answers === 'WebSocket' };
  const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws', options);
  const received: string[] = [];
  let closed: number | null = null;
  let pings = 0;
  socket.on('close', (code) => {
    closed = code;
  });
  socket.on('ping', () => {
    pings += 1;
  });
  socket.on('message', (data) => {
    const { type } = JSON.parse(String(data));
    received.push(type);
    if (type === 'ping' && answers === 'protocol') socket.send('{"type":"pong"}');
  });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('{"type":"connection_init"}');
  await until('the connection is acknowledged', () => received.includes('connection_ack'));
  return {
    socket,
    /** Pings of the protocol. */
    messages: () => received.filter((type) => type === 'ping').length,
    pings: () => pings,
    closed: () => closed,
  };
}

describe('the pings of a WebSocket', () => {
  it('are those of WebSocket and messages, which begin after the acknowledgement', async () => {
    const silent = await openSocket(gateway);
    let pings = 0;
    silent.socket.on('ping', () => {
      pings += 1;
    });
    for (let count = 1; count <= 3; count++) {
      beat();
      await untilAnswered(() => pings === count);
    }
    expect(silent.messages).toEqual([]);
    await silent.close();

    const client = await openAcknowledged(gateway);
    beat();
    await until('a ping of the protocol arrives', () => client.messages.length > 1);
    expect(client.messages[1]).toEqual({ type: 'ping' });
    await client.close();
  });

  it.each(['WebSocket', 'protocol'] as const)('keep a client that answers those of %s alone', async (answers) => {
    const client = await open({ answers });
    for (let count = 1; count <= 6; count++) {
      beat();
      await untilAnswered(() => client.messages() === count && client.pings() === count);
    }
    expect(client.closed()).toBeNull();
    client.socket.close();
    await until('it is closed', () => client.closed() !== null);
    expect(client.closed()).toBe(1005);
  });

  it('keep a client whose answer arrived while the process was blocked, and was not read before the next heartbeat', async () => {
    const client = await open({ answers: 'WebSocket' });
    const isNextDue = new Promise<void>((resolve) =>
      client.socket.once('ping', () => {
        // The client has answered by now.
        setTimeout(() => resolve(void beat()), 1);
        for (const end = performance.now() + 5; performance.now() < end; );
      }),
    );
    beat();
    await isNextDue;
    await gateway.metrics();
    expect(client.closed()).toBeNull();
    beat();
    await untilAnswered(() => client.closed() !== null || client.pings() === 2);
    expect(client.closed()).toBeNull();
    client.socket.close();
    await until('it is closed', () => client.closed() !== null);
  });

  it('close a client that answers none', async () => {
    const client = await open({ answers: 'none' });
    beat();
    await untilAnswered(() => client.pings() === 1);
    beat();
    await until('it is closed', () => client.closed() !== null);
    expect(client.closed()).toBe(4413);
  });
});
