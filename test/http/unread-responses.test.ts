import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startGateway, type TestGateway, until } from '../gateway.ts';
import { largeQuery, largeResults } from '../large-results.ts';
import { openRawHttp, postText, type RawHttp } from './raw-http.ts';
import { post } from './requests.ts';

/** Milliseconds between the gateway's looks at its open requests. */
const LOOK = 5_000;
const LARGE = postText(JSON.stringify({ query: largeQuery(15_000_000) }));
const MAX_UNREAD_PER_ADDRESS = 48_000_000;
const MAX_BODIES_PER_ADDRESS = 8_000_000;

const large = largeResults();
const opened: RawHttp[] = [];
let gateway: TestGateway;
/** Of pictures. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unread '));
  // The gateway's looks are made to happen by advancing the time. No other time passes, so that results are made in one slice of it:
  // in many, a busy machine takes half a minute for some.
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  gateway = await startGateway(undefined, { TRUST_PROXY: '1', REQUESTS_PER_ADDRESS: '20', MEDIA: folder }, large);
});

afterEach(async () => {
  for (const { socket } of opened.splice(0)) socket.destroy();
  await until('no request is in progress', async () => (await gateway.metrics()).requests === 0);
  const { request_bytes: bodies, unread_response_bytes: responses } = await gateway.metrics();
  expect({ bodies, responses }).toEqual({ bodies: 0, responses: 0 });
});

afterAll(async () => {
  vi.useRealTimers();
  await gateway.stop();
  await rm(folder, { recursive: true });
});

async function open(): Promise<RawHttp> {
  const raw = await openRawHttp(gateway);
  opened.push(raw);
  return raw;
}

/** Lets the gateway look so many times, with time between for what it does. */
async function look(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    vi.advanceTimersByTime(LOOK);
    await new Promise(setImmediate);
  }
}

const unread = async (): Promise<number> => (await gateway.metrics()).unread_response_bytes!;

describe('a client that does not read responses', () => {
  it('has only the first of its requests on one connection executed until it reads', async () => {
    const before = large.executed();
    const raw = await open();
    raw.socket.pause();
    for (let i = 0; i < 3; i++) raw.socket.write(LARGE);
    await until('the first response waits', async () => (await unread()) > 0);
    expect(large.executed() - before).toBe(1);
    expect((await gateway.metrics()).requests).toBe(1);
    raw.socket.resume();
    await until('all are executed', () => large.executed() - before === 3);
  });

  it('over many connections is refused with 429 above the limit of its address, and others are not', async () => {
    const raws = await Promise.all(Array.from({ length: 5 }, open));
    for (const { socket } of raws) socket.pause();
    for (const { socket } of raws)
      socket.write(postText(JSON.stringify({ query: largeQuery(15_000_000) }), ['X-Forwarded-For: 192.0.2.1']));
    await until('three wait, and those above the limit are answered', async () => {
      const { requests, unread_response_bytes: bytes } = await gateway.metrics();
      return requests === 3 && bytes! > 2 * 15_000_000;
    });
    expect(await unread()).toBeLessThanOrEqual(MAX_UNREAD_PER_ADDRESS);
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    const refused = await post(gateway, { query: largeQuery(15_000_000) }, headers);
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json.errors![0]!.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    const other = await post(gateway, { query: largeQuery(15_000_000) }, { 'x-forwarded-for': '192.0.2.2' });
    expect(other.status).toBe(200);
  });

  it('is disconnected after a minute, and one that reads slowly is not', async () => {
    const [stalled, slow] = [await open(), await open()];
    for (const { socket } of [stalled, slow]) {
      socket.pause();
      socket.write(LARGE);
    }
    await until('both responses wait', async () => (await unread()) > 25_000_000);
    let target = 0;
    slow.socket.on('data', () => slow.socket.bytesRead >= target && slow.socket.pause());
    for (let i = 0; i < 13; i++) {
      target = slow.socket.bytesRead + 1_000_000;
      slow.socket.resume();
      await until('the slow client has read a megabyte', () => slow.socket.bytesRead >= target);
      await look(1);
    }
    target = Number.POSITIVE_INFINITY;
    stalled.socket.resume();
    slow.socket.resume();
    await until('the stalled client sees the end', () => stalled.isClosed);
    expect(stalled.text().length).toBeLessThan(15_000_000);
    await until('the slow client has everything', () => slow.text().length > 15_000_000);
    expect(slow.isClosed).toBe(false);
  });

  it('is disconnected after a minute with a picture, too', async () => {
    const name = `${'0'.repeat(32)}-9000x7000.png`;
    await mkdir(join(folder, '00'));
    await writeFile(join(folder, '00', name), Buffer.alloc(20_000_000));
    const raw = await open();
    raw.socket.pause();
    raw.socket.write(`GET /media/${name} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await until('it is in progress', async () => (await gateway.metrics()).requests === 1);
    await until('it is closed', async () => {
      await look(1);
      return (await gateway.metrics()).requests === 0;
    });
    raw.socket.resume();
    await until('the client sees the end', () => raw.isClosed);
    expect(raw.text()).toMatch(/^HTTP\/1\.1 200 /);
    expect(raw.text().length).toBeLessThan(20_000_000);
  });

  it('cannot have more requests on one connection wait than a bound', async () => {
    const raw = await open();
    raw.socket.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(1_500));
    await until('the connection is closed', () => raw.isClosed);
    const responses = await raw.responses(1);
    expect(responses.length).toBeGreaterThan(100);
    expect(responses.at(-1)).toContain('RATE_LIMITED');
  });
});

describe('a body that does not arrive', () => {
  const head = 'POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

  it('is answered with 408 after some seconds, and one that arrives slowly is read', async () => {
    const [never, slow] = [await open(), await open()];
    never.socket.write(`${head}Content-Length: 100\r\n\r\n{`);
    const body = JSON.stringify({ query: '{ __typename }', x: 'x'.repeat(10_000) });
    slow.socket.write(`${head}Content-Length: ${body.length}\r\n\r\n`);
    await until('both are in progress', async () => (await gateway.metrics()).requests === 2);
    for (let i = 0; i < 5; i++) {
      slow.socket.write(body.slice(i * 1_200, (i + 1) * 1_200));
      await until('it has arrived', async () => (await gateway.metrics()).request_bytes! >= (i + 1) * 1_200);
      await look(1);
    }
    expect((await never.responses(1))[0]).toMatch(/^HTTP\/1\.1 408 [\s\S]*REQUEST_TIMEOUT/);
    slow.socket.write(body.slice(5 * 1_200));
    expect((await slow.responses(1))[0]).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('takes memory for what has arrived of it, and not for what it announces', async () => {
    const [COUNT, ANNOUNCED, SENT] = [100, 900_000, 60_000];
    const raws = await Promise.all(Array.from({ length: COUNT }, open));
    const before = process.memoryUsage().arrayBuffers;
    for (const [i, { socket }] of raws.entries())
      socket.write(`${head}X-Forwarded-For: 192.0.2.${i}\r\nContent-Length: ${ANNOUNCED}\r\n\r\n{`);
    for (const bytes of [1, SENT]) {
      await until('it has arrived', async () => (await gateway.metrics()).request_bytes === COUNT * bytes);
      for (const { socket } of raws) socket.write(' '.repeat(SENT - bytes));
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan((COUNT * ANNOUNCED) / 2);
  });

  it('is refused with 429 above the limit of its address', async () => {
    const raws = await Promise.all(Array.from({ length: 12 }, open));
    for (const { socket } of raws) socket.write(`${head}Content-Length: 1000000\r\n\r\n${'x'.repeat(990_000)}`);
    await until('some are refused', () => raws.some(({ text }) => text() !== ''));
    expect((await gateway.metrics()).request_bytes).toBeLessThanOrEqual(MAX_BODIES_PER_ADDRESS);
    const refused = raws.filter(({ text }) => text() !== '');
    for (const raw of refused) expect((await raw.responses(1))[0]).toMatch(/^HTTP\/1\.1 429 [\s\S]*RATE_LIMITED/);
    expect(refused.length).toBeLessThan(12);
  });
});

describe('requests of one address', () => {
  it('are refused with 429 above their number in progress', async () => {
    const raws = await Promise.all(Array.from({ length: 20 }, open));
    for (const { socket } of raws)
      socket.write('POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{');
    await until('all are in progress', async () => (await gateway.metrics()).requests === 20);
    const refused = await post(gateway, { query: '{ __typename }' });
    expect(refused.status).toBe(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.json.errors![0]!.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 1 });
    const headers = { 'x-forwarded-for': '192.0.2.7' };
    expect((await post(gateway, { query: '{ __typename }' }, headers)).status).toBe(200);
  });
});
