import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { encodeId } from '../schema/content/ids.ts';
import { JWT_SECRET, startGateway, type TestGateway, until } from './gateway.ts';
import {
  AUDIENCE,
  claims,
  connect,
  encode,
  expectAccepted,
  expectRefused,
  hmac,
  ISSUER,
  now,
  type Signer,
  token,
  VIEWER,
} from './tokens.ts';

describe('a token', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startGateway(
      async (sql) => {
        await sql.query(`
          INSERT INTO author (id, slug, name, kind) VALUES (1000, 'writer', 'Writer', 'STAFF');
          INSERT INTO article (id, slug, title, excerpt, body_source, body_html, body_text, status, published_at, author_id)
            VALUES (1, 'open', 'Open', '', '', '', '', 'PUBLISHED', now(), 1000)`);
      },
      { JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE },
    );
  });

  afterAll(() => gateway.stop());

  it.each<[string, () => string]>([
    ['that is valid', () => `Bearer ${token(claims())}`],
    ['with the scheme in capitals', () => `BEARER ${token(claims())}`],
    ['after two spaces', () => `Bearer  ${token(claims())}`],
    ['for several audiences', () => `Bearer ${token(claims({ aud: ['other', AUDIENCE] }))}`],
    ['that expired half a minute ago, within the clock skew', () => `Bearer ${token(claims({ exp: now() - 30 }))}`],
    [
      'that becomes valid in half a minute, within the clock skew',
      () => `Bearer ${token(claims({ nbf: now() + 30 }))}`,
    ],
    ['without an expiry', () => `Bearer ${token(claims({ exp: undefined }))}`],
    [
      'whose header names keys, which are ignored',
      () =>
        `Bearer ${token(claims(), { header: { alg: 'HS256', kid: 'x', jku: 'https://evil.example', jwk: { kty: 'oct', k: 'AA' } } })}`,
    ],
  ])('%s is accepted', (_, make) => expectAccepted(gateway, make()));

  const valid = (): string => token(claims());
  const parts = (): [string, string, string] => valid().split('.') as [string, string, string];
  const withHeader = (header: unknown, signer?: Signer): string =>
    token(claims(), { header, ...(signer && { signer }) });
  const ownKey = '{"kty":"oct","k":"b3du"}';

  it.each<[string, () => string]>([
    ['signed with another secret', () => token(claims(), { signer: hmac('another secret that is as long as it') })],
    ['signed with an empty secret', () => token(claims(), { signer: hmac('') })],
    ['of algorithm none', () => withHeader({ alg: 'none' }, () => Buffer.alloc(0))],
    ['of algorithm None', () => withHeader({ alg: 'None' }, () => Buffer.alloc(0))],
    ['of algorithm none with a valid signature', () => withHeader({ alg: 'none' })],
    ['of algorithm HS384', () => withHeader({ alg: 'HS384' }, hmac(JWT_SECRET, 'sha384'))],
    ['of algorithm HS512', () => withHeader({ alg: 'HS512' }, hmac(JWT_SECRET, 'sha512'))],
    ['of algorithm hs256', () => withHeader({ alg: 'hs256' })],
    ['of no algorithm', () => withHeader({ typ: 'JWT' })],
    ['of an algorithm that is a number', () => withHeader({ alg: 256 })],
    ['of an algorithm that is a list', () => withHeader({ alg: ['HS256'] })],
    ['whose header is no object', () => withHeader('"HS256"')],
    ['whose header is no JSON', () => withHeader('{')],
    ['that contains its own key', () => withHeader({ alg: 'HS256', jwk: JSON.parse(ownKey) }, hmac('own'))],
    [
      'that contains the URL of its key',
      () => withHeader({ alg: 'HS256', jku: `data:,{"keys":[${ownKey}]}` }, hmac('own')),
    ],
    ['that names a file as its key', () => withHeader({ alg: 'HS256', kid: '../../../dev/null' }, hmac(''))],
    ['with a critical extension', () => withHeader({ alg: 'HS256', crit: ['exp2'], exp2: 1 })],
    ['whose payload is not encoded', () => withHeader({ alg: 'HS256', b64: false, crit: ['b64'] })],
    ['whose payload is a list', () => token([claims()])],
    ['whose payload is null', () => token('null')],
    ['whose payload is a text', () => token('"ann"')],
    ['whose payload is no JSON', () => token('{"sub":')],
    ['without its signature', () => `${parts()[0]}.${parts()[1]}.`],
    ['without its third part', () => parts().slice(0, 2).join('.')],
    ['without its last characters', () => valid().slice(0, -4)],
    ['with a fourth part', () => `${valid()}.${parts()[2]}`],
    ['with two dots instead of one', () => valid().replace('.', '..')],
    ['in the shape of an encrypted one', () => `${parts()[0]}....${parts()[2]}`],
    ['with the payload of another', () => `${parts()[0]}.${encode(claims({ sub: 'root' }))}.${parts()[2]}`],
    ['with a space inside', () => valid().replace('.', ' .')],
    ['with a tab inside', () => valid().replace('.', '\t.')],
    ['twice', () => `${valid()}, Bearer ${valid()}`],
    ['that has expired', () => token(claims({ exp: now() - 61 }))],
    ['that has expired in 1970', () => token(claims({ exp: 0 }))],
    ['whose expiry is a text', () => token(claims({ exp: String(now() + 3_600) }))],
    ['whose expiry is null', () => token(claims({ exp: null }))],
    ['that is not yet valid', () => token(claims({ nbf: now() + 120 }))],
    ['whose start is a text', () => token(claims({ nbf: 'now' }))],
    ['of another issuer', () => token(claims({ iss: 'https://evil.example/' }))],
    ['of an issuer that lacks the last character', () => token(claims({ iss: ISSUER.slice(0, -1) }))],
    ['of a list of issuers', () => token(claims({ iss: [ISSUER] }))],
    ['of no issuer', () => token(claims({ iss: undefined }))],
    ['for another audience', () => token(claims({ aud: 'elsewhere' }))],
    ['for other audiences', () => token(claims({ aud: ['elsewhere', 'broadsheet2'] }))],
    ['for no audience', () => token(claims({ aud: undefined }))],
    ['for an audience that is an object', () => token(claims({ aud: { [AUDIENCE]: AUDIENCE } }))],
    ['without a subject', () => token(claims({ sub: undefined }))],
    ['with an empty subject', () => token(claims({ sub: '' }))],
    ['with a subject that is a number', () => token(claims({ sub: 1 }))],
    ['with a subject that is a list', () => token(claims({ sub: ['ann'] }))],
    ['with a subject that is too long', () => token(claims({ sub: 'x'.repeat(256) }))],
    ['with NUL in its subject', () => token(claims({ sub: 'ann\0' }))],
    ['without a name', () => token(claims({ name: undefined }))],
    ['with a blank name', () => token(claims({ name: ' \u202e ' }))],
    ['with an invisible name', () => token(claims({ name: '\u200b\u2060' }))],
    ['with a name that is an object', () => token(claims({ name: { first: 'Ann' } }))],
    ['with a lone surrogate as its name', () => token(JSON.stringify(claims()).replace('"Ann"', '"\\ud800"'))],
    ['with a picture that is a number', () => token(claims({ picture: 1 }))],
    ['with roles that are a number', () => token(claims({ roles: 3 }))],
    ['with roles that are an object', () => token(claims({ roles: { admin: true } }))],
    ['with a role that is not a text', () => token(claims({ roles: ['admin', 1] }))],
    ['that is very long', () => token(claims({ more: 'x'.repeat(7_000) }))],
    ['that is empty', () => ''],
    ['that is the text undefined', () => 'undefined'],
  ])('%s is refused', (_, make) => expectRefused(gateway, `Bearer ${make()}`));

  it.each<[string, () => string]>([
    ['with the scheme Basic', () => `Basic ${valid()}`],
    ['with the scheme JWT', () => `JWT ${valid()}`],
    ['with a colon after Bearer', () => `Bearer: ${valid()}`],
    ['with Bearer twice', () => `Bearer Bearer ${valid()}`],
    ['in quotes', () => `Bearer "${valid()}"`],
    ['replaced by Bearer alone', () => 'Bearer'],
  ])('%s is refused', (_, make) => expectRefused(gateway, make()));

  it('without a scheme is refused over HTTP, and accepted in the payload of a WebSocket, where clients send it so', async () => {
    const { status } = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: valid() },
      body: JSON.stringify({ query: VIEWER }),
    });
    expect(status).toBe(401);
    expect(await connect(gateway.url, valid())).toBe('acknowledged');
    expect(await connect(gateway.url, `${valid()}x`)).toBe(4403);
  });

  it('is refused over a WebSocket when it is not a text', async () => {
    for (const authorization of [0, 1, true, false, [], {}, [`Bearer ${valid()}`]])
      expect(await connect(gateway.url, authorization)).toBe(4403);
    for (const authorization of [null, undefined])
      expect(await connect(gateway.url, authorization)).toBe('acknowledged');
  });

  it('replaced by an empty text, as pages do while nobody is signed in, is none', async () => {
    const { status, data } = await gateway.showing('').ask(VIEWER);
    expect({ status, data }).toEqual({ status: 200, data: { viewer: null } });
    expect(await connect(gateway.url, '')).toBe('acknowledged');
  });

  it('is checked over GET and for event streams too', async () => {
    const get = (accept: string, authorization: string) =>
      fetch(`${gateway.url}?query=${encodeURIComponent(VIEWER)}`, { headers: { accept, authorization } });
    for (const accept of ['application/json', 'text/event-stream']) {
      expect((await get(accept, `Bearer ${valid()}x`)).status).toBe(401);
      expect(await (await get(accept, `Bearer ${valid()}`)).text()).toContain('"name":"Ann"');
    }
  });

  it('that is invalid refuses the whole request before anything is executed', async () => {
    const { data, errors } = await gateway
      .showing('Bearer x')
      .ask(
        `mutation { addComment(input: { articleId: "${encodeId('Article', 1)}", body: "No", guest: { name: "A", email: "a@example.com" } }) { __typename } }`,
      );
    expect({ data, code: errors?.[0]?.extensions.code }).toEqual({ data: undefined, code: 'UNAUTHENTICATED' });
    expect((await gateway.sql.query('SELECT FROM comment')).rowCount).toBe(0);
  });

  const FOLLOW = `subscription { commentAdded(articleId: "${encodeId('Article', 1)}") { id } }`;

  /** Opens a WebSocket whose token has been accepted. */
  async function openSocket(authorization: string): Promise<{ socket: WebSocket; closed: Promise<number> }> {
    const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    const acknowledged = new Promise((resolve) => socket.once('message', resolve));
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    await acknowledged;
    return { socket, closed };
  }

  afterEach(() => {
    vi.useRealTimers();
  });

  /** Stops the clock a moment before a time in seconds since 1970, so that a slow machine has all the time it needs. */
  function stopClockBefore(end: number): void {
    vi.useFakeTimers({ toFake: ['Date'], now: end * 1_000 - 50 });
  }

  it.each([
    ['at its expiry', 0],
    // A token past its expiry is accepted for a minute longer.
    ['a minute later when it was accepted after its expiry', 60],
  ])('ends the WebSockets and streams that were opened with it %s', async (_, later) => {
    const exp = now();
    const end = exp + later;
    stopClockBefore(end);
    const authorization = `Bearer ${token(claims({ exp }))}`;
    const { socket, closed } = await openSocket(authorization);
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: FOLLOW } }));
    const stream = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization },
      body: JSON.stringify({ query: FOLLOW }),
    });
    expect(stream.status).toBe(200);
    const ended = (ending: Promise<unknown>) => ending.catch(() => 'aborted').then(() => Date.now() / 1_000);
    const ends = [ended(closed), ended(stream.text())];
    await gateway.ask(VIEWER);
    vi.setSystemTime(end * 1_000);
    expect(await Promise.all(ends)).toEqual([end, end]);
    expect(await closed).toBe(4403);
    await until('the article has no subscribers', () => gateway.watched === 0);
  });

  it('that has expired executes nothing more, even before the client reads that the WebSocket is closed', async () => {
    const exp = now();
    stopClockBefore(exp);
    const { socket, closed } = await openSocket(`Bearer ${token(claims({ exp }))}`);
    const add = (body: string): string =>
      `mutation { addComment(input: { articleId: "${encodeId('Article', 1)}", body: "${body}" }) { __typename } }`;
    const write = (id: string): void =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: add('Mine') } }));
    const countStored = async () =>
      (await gateway.sql.query("SELECT FROM comment WHERE body_source = 'Mine'")).rowCount;
    write('in time');
    await until('the comment is stored', async () => (await countStored()) === 1);
    // A client that does not read does not answer the close frame, so the server keeps the connection open.
    socket.pause();
    vi.setSystemTime(exp * 1_000);
    write('late');
    await until('the message is sent', () => socket.bufferedAmount === 0);
    socket.resume();
    expect(await closed).toBe(4403);
    // Comments on one article are stored one after another: a late one would be stored before these.
    for (let i = 0; i < 5; i++) await gateway.as({ name: 'Somebody' }).ask(add(`Other ${i}`));
    expect(await countStored()).toBe(1);
  });
});
