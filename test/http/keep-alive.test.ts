import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../client.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { largeQuery, largeResults } from '../large-results.ts';
import { post } from './requests.ts';

const REQUESTS = 1_000;
const CLIENTS = 10;

let gateway: TestGateway;
let proxy: Server;
/** Of the proxy to the gateway: open for 60 seconds without a request, as those of common proxies. */
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS, timeout: 60_000 });
/** Of the clients to the proxy. */
const clients = new Agent({ keepAlive: true });
const upstream = new Set<Socket>();

beforeAll(async () => {
  gateway = await startGateway(undefined, {}, largeResults());
  proxy = createServer((incoming, outgoing) => {
    const { hostname, port } = new URL(gateway.url);
    const { method, url } = incoming;
    // Each connection has its own.
    const { connection, ...headers } = incoming.headers;
    const sent = request({ hostname, port, path: url, method, headers, agent }, (response) => {
      outgoing.writeHead(response.statusCode!, response.headers);
      response.pipe(outgoing);
    });
    sent.on('socket', (socket) => upstream.add(socket));
    sent.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(sent);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  agent.destroy();
  clients.destroy();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
  await gateway.stop();
});

function throughProxy(query: string, headers: Record<string, string> = {}): Promise<{ status: number }> {
  const { port } = proxy.address() as AddressInfo;
  return exchange(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    agent: clients,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
}

describe('behind a proxy that reuses its connections', () => {
  it('no request is lost, also beside large ones and refused ones, and no connection is closed', async () => {
    let begun = 0;
    const statuses = new Map<number, number>();
    async function client(): Promise<void> {
      while (begun < REQUESTS) {
        begun += 1;
        const isLarge = begun % 100 === 0;
        const isRefused = begun % 50 === 1;
        const { status } = await throughProxy(
          isLarge ? largeQuery(2_000_000) : '{ __typename }',
          isRefused ? { authorization: 'Bearer wrong' } : {},
        );
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }
    await Promise.all(Array.from({ length: CLIENTS }, client));
    expect(Object.fromEntries(statuses)).toEqual({ 200: REQUESTS - REQUESTS / 50, 401: REQUESTS / 50 });
    expect(upstream.size).toBeLessThanOrEqual(CLIENTS);
  }, 300_000);

  it('an idle connection stays open for longer than proxies keep theirs, or as long as configured', async () => {
    const { headers } = await post(gateway, { query: '{ __typename }' }, { connection: 'keep-alive' });
    expect(headers['keep-alive']).toBe('timeout=620');
    const other = await startGateway(undefined, { KEEP_ALIVE_TIMEOUT: '75000' });
    const configured = await post(other, { query: '{ __typename }' }, { connection: 'keep-alive' });
    await other.stop();
    expect(configured.headers['keep-alive']).toBe('timeout=75');
  });
});
