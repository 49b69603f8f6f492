import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../gateway.ts';
import { EVENT_STREAM, get, JSON_TYPE, post, send } from './requests.ts';

const ORIGIN = 'https://example.com';
const OTHER = 'https://other.example';

let open: TestGateway;
let restricted: TestGateway;

beforeAll(async () => {
  open = await startGateway();
  restricted = await startGateway(undefined, { CORS_ORIGINS: `${ORIGIN}, ${OTHER}` });
});

afterAll(async () => {
  await open.stop();
  await restricted.stop();
});

describe('a page of another origin', () => {
  it('may read every response, without credentials, while no origins are configured', async () => {
    const query = '{ __typename }';
    for (const { headers } of [
      await post(open, { query }, { origin: ORIGIN }),
      await post(open, { query }, { origin: ORIGIN, accept: EVENT_STREAM }),
      await get(open, { query }, { origin: ORIGIN }),
      await send(open, '/graphql', { method: 'OPTIONS', headers: { origin: ORIGIN } }),
      await post(open, 'x', { origin: ORIGIN }),
      await post(open, 'x', { origin: ORIGIN, 'content-type': 'text/plain' }),
    ]) {
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it.each([
    [ORIGIN, ORIGIN],
    [OTHER, OTHER],
    ['https://evil.example', undefined],
    ['https://example.com.evil.example', undefined],
    ['null', undefined],
  ])('such as %s may read responses only when its origin is configured', async (origin, allowed) => {
    for (const { headers } of [
      await post(restricted, { query: '{__typename}' }, { origin }),
      await get(restricted, { query: '{__typename}' }, { origin, accept: JSON_TYPE }),
      await send(restricted, '/graphql', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      }),
    ]) {
      expect(headers['access-control-allow-origin']).toBe(allowed);
      expect(headers.vary).toMatch(/origin/i);
    }
  });
});
