import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../gateway.ts';
import { send } from './requests.ts';

const PATH = '/schema.graphql';
const ORIGIN = 'https://example.com';

let gateway: TestGateway;
let restricted: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
  restricted = await startGateway(undefined, { CORS_ORIGINS: ORIGIN });
});

afterAll(async () => {
  await gateway.stop();
  await restricted.stop();
});

describe('GET /schema.graphql', () => {
  it('returns the SDL of the graph, as it is committed', async () => {
    const { status, headers, body } = await send(gateway, PATH);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/graphql; charset=utf-8');
    expect(headers['content-length']).toBe(String(body.length));
    const text = body.toString();
    expect(buildSchema(text).getQueryType()?.getFields()).toHaveProperty('article');
    const committed = await readFile(join(import.meta.dirname, '../../schema/schema.graphql'), 'utf8');
    expect(text.trim()).toBe(committed.replace(/^#.*\n+/, '').trim());
  });

  it('is answered with 304 while the client has its tag', async () => {
    const { etag } = (await send(gateway, PATH)).headers;
    expect(etag).toMatch(/^"[^"]+"$/);
    for (const known of [etag!, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await send(gateway, PATH, { headers: { 'if-none-match': known } });
      expect(again.status, known).toBe(304);
      expect(again.body).toHaveLength(0);
      expect(again.headers.etag).toBe(etag);
    }
    expect((await send(gateway, PATH, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  it('may be read by pages of the allowed origins alone', async () => {
    expect((await send(gateway, PATH, { headers: { origin: ORIGIN } })).headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'etag',
    });
    for (const [origin, allowed] of [
      [ORIGIN, ORIGIN],
      ['https://evil.example', undefined],
    ] as const)
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const { headers } = await send(restricted, PATH, { method, headers: { origin } });
        expect(headers['access-control-allow-origin'], method).toBe(allowed);
        expect(headers.vary, method).toContain('origin');
      }
    const preflight = await send(restricted, PATH, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-headers': 'if-none-match' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers['access-control-allow-headers']).toBe('if-none-match');
  });
});

describe('/schema.graphql', () => {
  it('is answered to HEAD without its body, and to other methods with 405', async () => {
    const head = await send(gateway, PATH, { method: 'HEAD' });
    const { headers } = await send(gateway, PATH);
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    for (const name of ['content-type', 'content-length', 'etag']) expect(head.headers[name]).toBe(headers[name]);
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const refused = await send(gateway, PATH, { method });
      expect(refused.status).toBe(405);
      expect(refused.headers.allow).toBe('GET, HEAD');
      expect(refused.json.errors?.[0]?.extensions?.code).toBe('METHOD_NOT_ALLOWED');
    }
  });

  it('is not found where GraphiQL is not served', async () => {
    const without = await startGateway(undefined, { GRAPHIQL: 'off' });
    for (const method of ['GET', 'HEAD', 'POST'])
      expect((await send(without, PATH, { method })).status, method).toBe(404);
    await without.stop();
  });
});
