import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startGateway, type TestGateway, until } from './gateway.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(undefined, { CONNECTIONS_PER_ADDRESS: '2', TRUST_PROXY: '1' });
});

afterAll(() => gateway.stop());

/** @returns the socket, or the status with which it was refused */
function openSocket(address: string): Promise<WebSocket | number> {
  const headers = { 'x-forwarded-for': address };
  const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
  return new Promise((resolve) => {
    // A listener for it has to end the connection itself.
    socket.on('unexpected-response', (refused, { statusCode }) => {
      refused.destroy();
      resolve(statusCode!);
    });
    socket.on('open', () => resolve(socket));
    socket.on('error', () => undefined);
  });
}

/** @returns the status of an event stream, and a function that aborts it */
function openStream(address: string): Promise<{ status: number; abort(): void }> {
  const { hostname, port } = new URL(gateway.url);
  const headers = { 'x-forwarded-for': address, accept: 'text/event-stream', 'content-type': 'application/json' };
  return new Promise((resolve) => {
    const sent = request({ hostname, port, path: '/graphql', method: 'POST', headers, agent: false }, (response) => {
      response.on('error', () => undefined);
      response.resume();
      resolve({ status: response.statusCode!, abort: () => sent.destroy() });
    });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify({ query: 'subscription { articlePublished { id } }' }));
  });
}

describe('the connections of one address', () => {
  it('are limited, sockets and streams together, and a closed connection makes room for another', async () => {
    const socket = (await openSocket('192.0.2.1')) as WebSocket;
    const stream = await openStream('192.0.2.1');
    expect(stream.status).toBe(200);
    expect(await openSocket('192.0.2.1')).toBe(429);
    expect((await openStream('192.0.2.1')).status).toBe(429);
    // Other addresses have their own limit; the addresses of one IPv6 network share one.
    const others = [await openSocket('192.0.2.2'), await openSocket('2001:db8::1'), await openSocket('2001:db8::2')];
    for (const other of others) expect(other).toBeInstanceOf(WebSocket);
    expect(await openSocket('2001:db8::3')).toBe(429);

    stream.abort();
    await until('the stream is closed', async () => (await gateway.metrics()).streams === 0);
    const next = await openSocket('192.0.2.1');
    expect(next).toBeInstanceOf(WebSocket);
    for (const one of [socket, next, ...others]) (one as WebSocket).terminate();
    await until('all sockets are closed', async () => (await gateway.metrics()).sockets === 0);
  });

  it('do not limit its queries', async () => {
    const sockets = [await openSocket('192.0.2.3'), await openSocket('192.0.2.3')];
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.3' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(response.status).toBe(200);
    for (const one of sockets) (one as WebSocket).terminate();
  });
});
