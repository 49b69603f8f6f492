import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startGateway, type TestGateway } from '../gateway.ts';
import { holdDelays } from '../held-delays.ts';
import { openRawHttp, postText } from './raw-http.ts';

let gateway: TestGateway;
let endDrain = (): void => {};

afterEach(async () => {
  endDrain();
  await gateway.stop();
});

const QUERY = JSON.stringify({ query: '{ __typename }' });

describe('a gateway that has received the signal to stop', () => {
  it('is not ready for DRAIN_SECONDS, answers what still arrives, has connections closed, and then refuses them', async () => {
    gateway = await startGateway(undefined, { DRAIN_SECONDS: '300' });
    const ready = new URL('/ready', gateway.url);
    const kept = await openRawHttp(gateway);
    kept.socket.write(postText(QUERY));
    expect((await kept.responses(1))[0]).not.toMatch(/^connection: close/im);

    endDrain = holdDelays(200_000);
    const stopped = gateway.stopGateway();
    expect((await fetch(ready)).status).toBe(503);
    expect((await fetch(new URL('/health', gateway.url))).status).toBe(200);
    kept.socket.write(postText(QUERY));
    const [, second] = await kept.responses(2);
    expect(second).toMatch(/^HTTP\/1\.1 200 /);
    expect(second).toMatch(/^connection: close/im);
    const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.send('{"type":"connection_init"}');

    endDrain();
    await stopped;
    expect(await closed).toBe(1012);
    await expect(fetch(ready)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  });
});

describe('a request that arrives slowly', () => {
  it('is refused after HEADERS_TIMEOUT, or after BODY_TIMEOUT', async () => {
    gateway = await startGateway(undefined, { HEADERS_TIMEOUT: '1000', BODY_TIMEOUT: '1500' });
    const headers = await openRawHttp(gateway);
    headers.socket.write('POST /graphql HTTP/1.1\r\nHost: local');
    const body = await openRawHttp(gateway);
    body.socket.write(postText(QUERY).slice(0, -1));
    for (const connection of [headers, body]) {
      const [response] = await connection.responses(1);
      expect(response).toMatch(/^HTTP\/1\.1 408 /);
      expect(response).toContain('The request arrives too slowly.');
    }
  });
});
