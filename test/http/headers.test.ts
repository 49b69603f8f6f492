import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptedCoding } from '../../src/transport/http/accepted-coding.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { openRawHttp } from './raw-http.ts';
import { post, send } from './requests.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway.stop());

async function firstResponse(text: string): Promise<string> {
  const raw = await openRawHttp(gateway);
  raw.socket.write(text);
  const [response] = await raw.responses(1);
  raw.socket.destroy();
  return response!;
}

describe('a response', () => {
  it('of any kind forbids browsers to guess its type', async () => {
    for (const path of ['/', '/graphql', '/graphql?query={__typename}', '/health', '/metrics', '/nothing'])
      expect((await send(gateway, path)).headers['x-content-type-options'], path).toBe('nosniff');
    expect((await post(gateway, '{')).headers['x-content-type-options']).toBe('nosniff');
    for (const text of ['nonsense\r\n\r\n', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`])
      expect(await firstResponse(text)).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*x-content-type-options: nosniff/);
  });

  it.each([
    ['two Host headers', 'GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['two equal Host headers', 'GET /health HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n'],
    ['no Host header', 'GET /health HTTP/1.1\r\nX: a\r\n\r\n'],
  ])('to a request with %s is 400', async (_, text) => {
    expect(await firstResponse(text)).toMatch(/^HTTP\/1\.1 400 [\s\S]*BAD_REQUEST/);
  });

  it('that refuses an operation is an error with a code', async () => {
    const put = await send(gateway, '/graphql', { method: 'PUT' });
    expect([put.status, put.json.errors![0]!.extensions]).toEqual([405, { code: 'METHOD_NOT_ALLOWED' }]);
    const text = await post(gateway, 'x', { 'content-type': 'text/plain' });
    expect([text.status, text.json.errors![0]!.extensions]).toEqual([415, { code: 'UNSUPPORTED_MEDIA_TYPE' }]);
    const unknown = await send(gateway, '/graphql/', { headers: { accept: 'application/json' } });
    expect([unknown.status, unknown.json.errors![0]!.extensions]).toEqual([404, { code: 'NOT_FOUND' }]);
  });
});

describe('the GraphiQL page', () => {
  it.each<[string | undefined, string | null]>([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip', 'gzip'],
    ['GZIP, br', 'gzip'],
    ['*', 'gzip'],
    ['br', 'identity'],
    ['identity', 'identity'],
    ['gzip;q=0', 'identity'],
    ['gzip; q=0.0, *', 'identity'],
    ['gzip;q=0.2, identity;q=0.8', 'identity'],
    ['gzip;q=0.8, identity;q=0.2', 'gzip'],
    ['identity;q=0, gzip', 'gzip'],
    ['identity;q=0', null],
    ['*;q=0', null],
    ['*;q=0, identity', 'identity'],
  ])('is for a client that accepts %j in the coding %s', (header, coding) => {
    expect(acceptedCoding(header, ['gzip'])).toBe(coding);
  });

  it('is sent without compression where gzip is not accepted', async () => {
    const page = await send(gateway, '/graphql', { headers: { accept: 'text/html', 'accept-encoding': 'gzip;q=0' } });
    expect(page.status).toBe(200);
    expect(page.headers['content-encoding']).toBeUndefined();
    expect(page.headers.vary).toContain('accept-encoding');
    expect(page.body).toHaveLength(Number(page.headers['content-length']));
    expect(page.body.toString()).toMatch(/^\s*<!doctype html>/i);
    const none = await send(gateway, '/graphql', { headers: { accept: 'text/html', 'accept-encoding': '*;q=0' } });
    expect(none.status).toBe(406);
  });
});
