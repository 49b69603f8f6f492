import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { openAcknowledged, openSocket } from './socket.ts';

const HEARTBEAT_INTERVAL = 500;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(undefined, {}, { heartbeatInterval: HEARTBEAT_INTERVAL });
});

afterAll(() => gateway.stop());

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
    await until('several pings of WebSocket arrive', () => pings >= 3);
    expect(silent.messages).toEqual([]);
    await silent.close();

    const client = await openAcknowledged(gateway);
    await until('a ping of the protocol arrives', () => client.messages.length > 1);
    expect(client.messages[1]).toEqual({ type: 'ping' });
    await client.close();
  });

  it.each(['WebSocket', 'protocol'] as const)('keep a client that answers those of %s alone', async (answers) => {
    const client = await open({ answers });
    await until('it has many pings', () => client.messages() >= 6 && client.pings() >= 6);
    expect(client.closed()).toBeNull();
    client.socket.close();
    await until('it is closed', () => client.closed() !== null);
    expect(client.closed()).toBe(1005);
  });

  it('close a client that answers none', async () => {
    const client = await open({ answers: 'none' });
    await until('it is closed', () => client.closed() !== null);
    expect(client.closed()).toBe(4413);
  });
});
