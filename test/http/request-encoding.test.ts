import zlib, { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { openRawHttp } from './raw-http.ts';
import { GRAPHQL_TYPE, post, send } from './requests.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway.stop());

const body = Buffer.from(JSON.stringify({ query: '{ __typename }' }));
const answer = { data: { __typename: 'Query' } };
const codeOf = ({ json }: { json: { errors?: { extensions?: Record<string, unknown> }[] } }): unknown =>
  json.errors?.[0]?.extensions?.code;

const CODINGS: [string, Buffer][] = [
  ['gzip', gzipSync(body)],
  ['x-gzip', gzipSync(body)],
  ['GZIP', gzipSync(body)],
  ['deflate', deflateSync(body)],
  ['deflate', deflateRawSync(body)],
  ['br', brotliCompressSync(body)],
  ['identity', body],
  ['', body],
];
// Since Node.js 22.15.
if ('zstdCompressSync' in zlib) CODINGS.push(['zstd', (zlib.zstdCompressSync as (data: Buffer) => Buffer)(body)]);

describe('an encoded body', () => {
  it.each(CODINGS)('in %s is decoded', async (coding, encoded) => {
    const { status, json } = await post(gateway, encoded, { 'content-encoding': coding });
    expect({ status, json }).toEqual({ status: 200, json: answer });
  });

  it.each(['compress', 'gzip, gzip', 'br, gzip', 'aes128gcm', 'nonsense', '*'])(
    'in "%s" is refused with 415 and the codings that are accepted',
    async (coding) => {
      const response = await post(gateway, gzipSync(body), { 'content-encoding': coding });
      expect(response.status).toBe(415);
      expect(response.headers['accept-encoding']).toMatch(/^gzip, deflate, br/);
      expect(codeOf(response)).toBe('UNSUPPORTED_MEDIA_TYPE');
    },
  );

  it.each<[string, Buffer]>([
    ['gzip', body],
    ['gzip', gzipSync(body).subarray(0, -4)],
    ['gzip', Buffer.alloc(0)],
    ['deflate', Buffer.from([0x78])],
    ['br', gzipSync(body)],
  ])('in %s that cannot be decoded is refused with 400', async (coding, encoded) => {
    const response = await post(gateway, encoded, { 'content-encoding': coding });
    expect(response.status).toBe(400);
    expect(codeOf(response)).toBe('BAD_REQUEST');
  });

  it('that is too large when it is decoded is refused with 413, and nothing of it is kept', async () => {
    const large = Buffer.from(JSON.stringify({ query: '{ __typename }', x: ' '.repeat(50_000_000) }));
    for (const [coding, encoded] of [
      ['gzip', gzipSync(large)],
      ['deflate', deflateSync(large)],
      ['br', brotliCompressSync(large, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ] as const) {
      const response = await post(gateway, encoded, { 'content-encoding': coding, accept: GRAPHQL_TYPE });
      expect(response.status, coding).toBe(413);
      expect(codeOf(response)).toBe('PAYLOAD_TOO_LARGE');
    }
    await until('no body is held', async () => (await gateway.metrics()).request_bytes === 0);
  });
});

describe('a refused upload', () => {
  const LENGTH = 20_000_000;
  const REFUSED: [string, number, string[]][] = [
    ['that is too large', 413, ['Content-Type: application/json']],
    ['of another type', 415, ['Content-Type: text/plain']],
    ['in an unknown coding', 415, ['Content-Type: application/json', 'Content-Encoding: nonsense']],
    ['to an unknown path', 404, ['X-Path: /nothing']],
    ['by PUT', 405, ['X-Method: PUT']],
  ];

  it.each(REFUSED)('%s is answered with %i to a client that first sends all of it', async (_, status, options) => {
    for (const chunked of [false, true]) {
      const raw = await openRawHttp(gateway);
      raw.socket.pause();
      const special = (name: string): string | undefined =>
        options.find((option) => option.startsWith(name))?.slice(name.length);
      const head = [
        `${special('X-Method: ') ?? 'POST'} ${special('X-Path: ') ?? '/graphql'} HTTP/1.1`,
        'Host: localhost',
        ...options,
        chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${LENGTH}`,
      ];
      raw.socket.write(`${head.join('\r\n')}\r\n\r\n`);
      const sent = new Promise<Error | null | undefined>((resolve) => {
        const data = Buffer.alloc(LENGTH, 'x');
        if (chunked) raw.socket.write(`${LENGTH.toString(16)}\r\n`);
        raw.socket.write(chunked ? Buffer.concat([data, Buffer.from('\r\n0\r\n\r\n')]) : data, resolve);
      });
      // Only now it reads.
      expect(await sent).toBeFalsy();
      raw.socket.resume();
      const [response] = await raw.responses(1);
      expect(response).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      await until('the connection is closed', () => raw.isClosed);
    }
  });

  it('whose client awaits 100 Continue is refused before it is sent', async () => {
    const raw = await openRawHttp(gateway);
    const head = ['POST /graphql HTTP/1.1', 'Host: a', 'Content-Type: application/json', 'Expect: 100-continue'];
    raw.socket.write(`${head.join('\r\n')}\r\nContent-Length: ${LENGTH}\r\n\r\n`);
    const [response] = await raw.responses(1);
    expect(response).toMatch(/^HTTP\/1\.1 413 /);
    expect(response).toMatch(/connection: close/i);
    raw.socket.destroy();
  });

  it('that is short leaves its connection open for the next request', async () => {
    const raw = await openRawHttp(gateway);
    raw.socket.write('POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhe');
    expect((await raw.responses(1))[0]).toMatch(/^HTTP\/1\.1 415 /);
    raw.socket.write('lloGET /health HTTP/1.1\r\nHost: a\r\n\r\n');
    expect((await raw.responses(2))[1]).toMatch(/^HTTP\/1\.1 200 /);
    raw.socket.destroy();
  });

  it('with another expectation is refused with 417', async () => {
    const { status } = await send(gateway, '/graphql', { method: 'POST', headers: { expect: 'a miracle' }, body: 'x' });
    expect(status).toBe(417);
  });
});
