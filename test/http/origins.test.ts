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

  it('gets the headers that any other request gets when all origins are allowed, as shared caches keep one copy for all', async () => {
    const ofOrigin = async (headers: Record<string, string>) => {
      const response = await get(open, { query: '{__typename}' }, { ...headers, accept: JSON_TYPE });
      const { date: _, 'x-request-id': __, ...others } = response.headers;
      return others;
    };
    const without = await ofOrigin({});
    expect(without['access-control-expose-headers']).toContain('etag');
    expect(without.vary).not.toMatch(/origin/i);
    expect(await ofOrigin({ origin: ORIGIN })).toEqual(without);
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

  const preflight = async (gateway: TestGateway, requested: string, origin = ORIGIN) => {
    const { status, headers } = await send(gateway, '/graphql', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': requested },
    });
    expect(status).toBe(204);
    expect(headers['access-control-allow-methods']).toBe('GET, POST');
    return { allowed: headers['access-control-allow-headers'], vary: headers.vary };
  };

  it.each([
    ["Apollo's client awareness", 'apollographql-client-name,apollographql-client-version,content-type'],
    ['Apollo Client without a body', 'apollo-require-preflight,x-apollo-operation-name'],
    ['Sentry', 'baggage,content-type,sentry-trace'],
    ['OpenTelemetry', 'content-type,traceparent,tracestate,b3'],
    ['Relay and others', 'authorization,content-type,x-fb-friendly-name,x-requested-with'],
    ['a name of every character', "a!#$%&'*+.^_`|~-9"],
  ])('may send the headers of %s', async (_, requested) => {
    const expected = requested.split(',').join(', ');
    expect(await preflight(open, requested)).toEqual({ allowed: expected, vary: 'access-control-request-headers' });
    const vary = 'origin, access-control-request-headers';
    expect(await preflight(restricted, requested)).toEqual({ allowed: expected, vary });
    expect(await preflight(restricted, ` ${requested.toUpperCase().replaceAll(',', ' , ')},,`)).toEqual({
      allowed: expected,
      vary,
    });
    // Of another origin it may not.
    expect(await preflight(restricted, requested, 'https://evil.example')).toEqual({
      allowed: 'authorization, content-type',
      vary,
    });
  });

  it.each([
    ['empty', ''],
    ['of commas', ',,'],
    ['with a space in a name', 'traceparent, a b'],
    ['with a name that is no token', 'traceparent, x:y'],
    ['with a quoted name', '"traceparent"'],
    ['with bytes beyond ASCII', 'traceparent, \u00e9'],
    ['that is too long', `traceparent,${'x'.repeat(2_000)}`],
  ])('that requests a list of headers %s may send the usual ones', async (_, requested) => {
    for (const gateway of [open, restricted])
      expect((await preflight(gateway, requested)).allowed).toBe('authorization, content-type');
  });
});
