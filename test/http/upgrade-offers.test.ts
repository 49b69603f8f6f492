import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../gateway.ts';
import { openRawHttp, postText } from './raw-http.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway.stop());

/** What `curl --http2` sends. */
const CURL = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'];
/** What Java's HttpClient sends. */
const JAVA = [
  'Connection: Upgrade, HTTP2-Settings',
  'HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
  'Upgrade: h2c',
  'User-Agent: Java-http-client/17.0.15',
];

const query = (alias: string): string => JSON.stringify({ query: `{ ${alias}: __typename }` });
const answers = (alias: string): string => `{"data":{"${alias}":"Query"}}`;

describe('an offer to upgrade to another protocol', () => {
  it.each([
    ['curl', CURL],
    ['Java', JAVA],
    ['a client of TLS in HTTP', ['Connection: upgrade', 'Upgrade: TLS/1.0']],
  ])('of %s is ignored, and the request is answered as HTTP/1.1', async (_, offer) => {
    const raw = await openRawHttp(gateway);
    raw.socket.write(postText(query('a'), offer));
    const [response] = await raw.responses(1);
    expect(response).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(response).toContain(answers('a'));
    // The connection stays open for the next request, with an offer or without.
    raw.socket.write(postText(query('b'), offer));
    raw.socket.write(postText(query('c')));
    const [, second, third] = await raw.responses(3);
    expect(second).toContain(answers('b'));
    expect(third).toContain(answers('c'));
    raw.socket.destroy();
  });

  it('is ignored in each of several requests sent at once, which are answered in their order', async () => {
    const raw = await openRawHttp(gateway);
    const aliases = ['a', 'b', 'c', 'd', 'e', 'f'];
    raw.socket.write(aliases.map((alias, i) => postText(query(alias), i % 2 ? CURL : [])).join(''));
    const responses = await raw.responses(aliases.length);
    for (const [i, alias] of aliases.entries()) expect(responses[i]).toContain(answers(alias));
    raw.socket.destroy();
  });

  it('is ignored when the body arrives in pieces, with a length or in chunks', async () => {
    const raw = await openRawHttp(gateway);
    raw.socket.setNoDelay(true);
    const text = postText(query('slow'), JAVA);
    for (const part of text.match(/[\s\S]{1,40}/g)!) {
      raw.socket.write(part);
      await new Promise(setImmediate);
    }
    expect((await raw.responses(1))[0]).toContain(answers('slow'));
    const head = ['POST /graphql HTTP/1.1', 'Host: a', 'Content-Type: application/json', ...CURL];
    raw.socket.write(`${head.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n`);
    const body = query('chunked');
    raw.socket.write(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
    expect((await raw.responses(2))[1]).toContain(answers('chunked'));
    raw.socket.destroy();
  });

  it('is ignored when the client awaits 100 Continue', async () => {
    const raw = await openRawHttp(gateway);
    const body = query('a');
    const text = postText(body, [...CURL, 'Expect: 100-continue']);
    raw.socket.write(text.slice(0, -body.length));
    expect((await raw.responses(1))[0]).toMatch(/^HTTP\/1\.1 100 Continue/);
    raw.socket.write(body);
    expect((await raw.responses(2))[1]).toContain(answers('a'));
    raw.socket.destroy();
  });
});
