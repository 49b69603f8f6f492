import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { EVENT_STREAM, JSON_TYPE, open } from '../http/requests.ts';
import { openAcknowledged, type TestSocket } from '../protocol/socket.ts';

const SUBSCRIPTION = 'subscription { articlePublished { id } }';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway.stop());

describe('an open subscription counts the long request that it keeps for its address', () => {
  it('over event streams', async () => {
    const body = JSON.stringify({ query: SUBSCRIPTION, variables: { unused: 'x'.repeat(900_000) } });
    const streams = [];
    for (let i = 0; i < 9; i++) {
      const headers = { 'content-type': JSON_TYPE, accept: EVENT_STREAM };
      streams.push((await open(gateway, '/graphql', { method: 'POST', headers, body })).response);
    }
    expect(streams.map(({ statusCode }) => statusCode)).toEqual([...Array(8).fill(200), 429]);
    for (const stream of streams) stream.destroy();
    await until('all are closed', async () => (await gateway.metrics()).streams === 0);
    const headers = { 'content-type': JSON_TYPE, accept: EVENT_STREAM };
    const { response } = await open(gateway, '/graphql', { method: 'POST', headers, body });
    expect(response.statusCode).toBe(200);
    response.destroy();
  });

  it('over WebSockets', async () => {
    const variables = { unused: 'x'.repeat(64_000) };
    const [one, other] = [await openAcknowledged(gateway), await openAcknowledged(gateway)];
    const subscribe = (socket: TestSocket): void => {
      for (let i = 0; i < 80; i++) socket.subscribe(String(i), SUBSCRIPTION, { variables });
    };
    subscribe(one);
    await until('these are open', async () => (await gateway.metrics()).live_subscriptions === 80);
    subscribe(other);
    const [last] = await other.ended('79');
    expect(last).toMatchObject({ payload: { errors: [{ extensions: { code: 'RATE_LIMITED' } }] } });
    await Promise.all([one.close(), other.close()]);
    const socket = await openAcknowledged(gateway);
    socket.subscribe('again', SUBSCRIPTION, { variables });
    await until('it is open', async () => (await gateway.metrics()).live_subscriptions === 1);
    await socket.close();
  });
});
