import { execFile } from 'node:child_process';
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeId } from '../schema/content/ids.ts';
import { JWT_SECRET, startGateway, type TestGateway, until } from './gateway.ts';

const VIEWER = '{ viewer { role author { slug name kind avatarUrl } } }';
const ISSUER = 'https://id.example.com/';
const AUDIENCE = 'broadsheet';

/** Seconds since 1970. */
function now(): number {
  return Math.floor(Date.now() / 1_000);
}

function claims(changed: Record<string, unknown> = {}): Record<string, unknown> {
  return { sub: 'ann', name: 'Ann', iss: ISSUER, aud: AUDIENCE, exp: now() + 3_600, ...changed };
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

type Signer = (input: string) => Buffer;

const hmac = (secret: string | Buffer, digest = 'sha256'): Signer => {
  return (input) => createHmac(digest, secret).update(input).digest();
};

/** A token made by hand, so that nothing about it has to be right. */
function token(payload: unknown, { header = { alg: 'HS256' } as unknown, signer = hmac(JWT_SECRET) } = {}): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

/** What becomes of a socket that shows this: acknowledged, or closed with a code. */
function connect(url: string, authorization: unknown): Promise<'acknowledged' | number> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
    socket.once('close', resolve);
    socket.once('message', () => {
      resolve('acknowledged');
      socket.close();
    });
  });
}

/** Refused over POST under both types, and over a socket. */
async function expectRefused(gateway: TestGateway, authorization: string): Promise<void> {
  for (const accept of ['application/json', 'application/graphql-response+json']) {
    const response = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, authorization },
      body: JSON.stringify({ query: VIEWER }),
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain(accept);
    expect(await response.json()).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }],
    });
  }
  expect(await connect(gateway.url, authorization)).toBe(4403);
}

async function expectTaken(gateway: TestGateway, authorization: string): Promise<void> {
  const { status, data, errors } = await gateway.showing(authorization).ask<{ viewer: object | null }>(VIEWER);
  expect({ status, errors }).toEqual({ status: 200, errors: undefined });
  expect(data.viewer).toMatchObject({ author: { name: expect.any(String) } });
  expect(await connect(gateway.url, authorization)).toBe('acknowledged');
}

describe('somebody who signs in', () => {
  let gateway: TestGateway;

  beforeAll(async () => {
    gateway = await startGateway();
  });

  afterAll(() => gateway.stop());

  async function viewer(payload: Record<string, unknown>): Promise<unknown> {
    const { data } = await gateway.showing(`Bearer ${token(payload)}`).ask<{ viewer: unknown }>(VIEWER);
    return data.viewer;
  }

  it('is nobody without a token', async () => {
    expect((await gateway.ask(VIEWER)).data).toEqual({ viewer: null });
  });

  it('becomes a member when first seen, and one of the staff with a role that writes', async () => {
    expect((await gateway.as({ name: 'Ann' }).ask(VIEWER)).data).toEqual({
      viewer: { role: 'READER', author: { slug: 'ann', name: 'Ann', kind: 'MEMBER', avatarUrl: null } },
    });
    expect((await gateway.as({ name: 'Ann', sub: 'other', role: 'WRITER' }).ask(VIEWER)).data).toEqual({
      viewer: { role: 'WRITER', author: { slug: 'ann-2', name: 'Ann', kind: 'STAFF', avatarUrl: null } },
    });
  });

  it('is one author, however many requests are the first at once', async () => {
    const asked = Array.from({ length: 30 }, (_, i) => gateway.as({ name: 'Bea', sub: `bea-${i % 3}` }).ask(VIEWER));
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(3);
    const { rows } = await gateway.sql.query("SELECT count(*)::int AS n FROM author WHERE name = 'Bea'");
    expect(rows).toEqual([{ n: 3 }]);
  });

  it('costs no statement to be known again', async () => {
    const carl = gateway.as({ name: 'Carl' });
    await carl.ask('{ __typename }');
    expect((await carl.ask('{ __typename }')).statements).toEqual([]);
  });

  it('keeps name and picture as the latest token has them, and the slug as it was', async () => {
    const person = { sub: 'dora', name: 'Dora', picture: 'https://example.com/a.png' };
    const author = { slug: 'dora', name: 'Dora', kind: 'MEMBER', avatarUrl: 'https://example.com/a.png' };
    expect(await viewer(person)).toMatchObject({ author });
    const renamed = { ...person, name: ' Dora\u202e  the\nFirst ', picture: 'https://example.com/b.png' };
    const changed = { ...author, name: 'Dora the First', avatarUrl: 'https://example.com/b.png' };
    expect(await viewer(renamed)).toMatchObject({ author: changed });
    expect(await viewer({ ...renamed, picture: undefined })).toMatchObject({ author: changed });
    expect(await viewer({ ...renamed, picture: 'javascript:alert(1)' })).toMatchObject({ author: changed });
  });

  it('is another person by another issuer', async () => {
    const slug = async (iss: string) => (await viewer({ sub: 'eve', name: 'Eve', iss })) as object;
    expect(await slug('https://a.example')).toMatchObject({ author: { slug: 'eve' } });
    expect(await slug('https://b.example')).toMatchObject({ author: { slug: 'eve-2' } });
  });

  it.each<[unknown, string]>([
    [undefined, 'READER'],
    [null, 'READER'],
    [[], 'READER'],
    [['editor', 'publisher'], 'READER'],
    [['reader', 'Moderator', 'WRITER'], 'MODERATOR'],
    ['openid writer profile', 'WRITER'],
    ['admin', 'ADMIN'],
    ['administrator', 'READER'],
  ])('with the roles %j is a %s', async (roles, role) => {
    expect(await viewer({ sub: 'finn', name: 'Finn', roles })).toMatchObject({ role });
  });

  it('may have roles under another claim, also within objects', async () => {
    for (const [claim, payload] of [
      ['https://example.com/roles', { 'https://example.com/roles': ['writer'] }],
      ['realm_access.roles', { realm_access: { roles: ['writer'] } }],
    ] as const) {
      const other = await startGateway(undefined, { JWT_ROLES_CLAIM: claim });
      try {
        const shown = `Bearer ${token({ sub: 'gus', name: 'Gus', roles: ['admin'], ...payload })}`;
        expect((await other.showing(shown).ask(VIEWER)).data).toMatchObject({ viewer: { role: 'WRITER' } });
      } finally {
        await other.stop();
      }
    }
  });
});

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
    ['as it should be', () => `Bearer ${token(claims())}`],
    ['under a scheme in capitals', () => `BEARER ${token(claims())}`],
    ['after two spaces', () => `Bearer  ${token(claims())}`],
    ['for several audiences', () => `Bearer ${token(claims({ aud: ['other', AUDIENCE] }))}`],
    [
      'that ended half a minute ago, by a clock that may be wrong',
      () => `Bearer ${token(claims({ exp: now() - 30 }))}`,
    ],
    ['that begins in half a minute', () => `Bearer ${token(claims({ nbf: now() + 30 }))}`],
    ['that never ends', () => `Bearer ${token(claims({ exp: undefined }))}`],
    [
      'whose header speaks of keys that nobody reads',
      () =>
        `Bearer ${token(claims(), { header: { alg: 'HS256', kid: 'x', jku: 'https://evil.example', jwk: { kty: 'oct', k: 'AA' } } })}`,
    ],
  ])('%s is taken', (_, make) => expectTaken(gateway, make()));

  const right = (): string => token(claims());
  const parts = (): [string, string, string] => right().split('.') as [string, string, string];
  const headed = (header: unknown, signer?: Signer): string => token(claims(), { header, ...(signer && { signer }) });
  const own = '{"kty":"oct","k":"b3du"}';

  it.each<[string, () => string]>([
    ['signed with another secret', () => token(claims(), { signer: hmac('another secret that is as long as it') })],
    ['signed with an empty secret', () => token(claims(), { signer: hmac('') })],
    ['of algorithm none', () => headed({ alg: 'none' }, () => Buffer.alloc(0))],
    ['of algorithm None', () => headed({ alg: 'None' }, () => Buffer.alloc(0))],
    ['of algorithm none with a right signature', () => headed({ alg: 'none' })],
    ['of algorithm HS384', () => headed({ alg: 'HS384' }, hmac(JWT_SECRET, 'sha384'))],
    ['of algorithm HS512', () => headed({ alg: 'HS512' }, hmac(JWT_SECRET, 'sha512'))],
    ['of algorithm hs256', () => headed({ alg: 'hs256' })],
    ['of no algorithm', () => headed({ typ: 'JWT' })],
    ['of an algorithm that is a number', () => headed({ alg: 256 })],
    ['of an algorithm that is a list', () => headed({ alg: ['HS256'] })],
    ['whose header is no object', () => headed('"HS256"')],
    ['whose header is no JSON', () => headed('{')],
    ['that brings its own key', () => headed({ alg: 'HS256', jwk: JSON.parse(own) }, hmac('own'))],
    ['that says where its key is', () => headed({ alg: 'HS256', jku: `data:,{"keys":[${own}]}` }, hmac('own'))],
    ['that names a file as its key', () => headed({ alg: 'HS256', kid: '../../../dev/null' }, hmac(''))],
    ['with an extension that must be understood', () => headed({ alg: 'HS256', crit: ['exp2'], exp2: 1 })],
    ['whose payload is not encoded', () => headed({ alg: 'HS256', b64: false, crit: ['b64'] })],
    ['whose payload is a list', () => token([claims()])],
    ['whose payload is null', () => token('null')],
    ['whose payload is a text', () => token('"ann"')],
    ['whose payload is no JSON', () => token('{"sub":')],
    ['without its signature', () => `${parts()[0]}.${parts()[1]}.`],
    ['without its last part', () => parts().slice(0, 2).join('.')],
    ['without its last characters', () => right().slice(0, -4)],
    ['with a part too many', () => `${right()}.${parts()[2]}`],
    ['with two dots for one', () => right().replace('.', '..')],
    ['in the shape of an encrypted one', () => `${parts()[0]}....${parts()[2]}`],
    ['with the payload of another', () => `${parts()[0]}.${encode(claims({ sub: 'root' }))}.${parts()[2]}`],
    ['with a space inside', () => right().replace('.', ' .')],
    ['with a tab inside', () => right().replace('.', '\t.')],
    ['twice', () => `${right()}, Bearer ${right()}`],
    ['that has expired', () => token(claims({ exp: now() - 61 }))],
    ['that has expired in 1970', () => token(claims({ exp: 0 }))],
    ['that ends at a text', () => token(claims({ exp: String(now() + 3_600) }))],
    ['that ends at null', () => token(claims({ exp: null }))],
    ['that is not yet valid', () => token(claims({ nbf: now() + 120 }))],
    ['that begins at a text', () => token(claims({ nbf: 'now' }))],
    ['of another issuer', () => token(claims({ iss: 'https://evil.example/' }))],
    ['of nearly that issuer', () => token(claims({ iss: ISSUER.slice(0, -1) }))],
    ['of a list of issuers', () => token(claims({ iss: [ISSUER] }))],
    ['of no issuer', () => token(claims({ iss: undefined }))],
    ['for another audience', () => token(claims({ aud: 'elsewhere' }))],
    ['for other audiences', () => token(claims({ aud: ['elsewhere', 'broadsheet2'] }))],
    ['for no audience', () => token(claims({ aud: undefined }))],
    ['for an audience that is an object', () => token(claims({ aud: { [AUDIENCE]: AUDIENCE } }))],
    ['of nobody', () => token(claims({ sub: undefined }))],
    ['of a subject with no text', () => token(claims({ sub: '' }))],
    ['of a subject that is a number', () => token(claims({ sub: 1 }))],
    ['of a subject that is a list', () => token(claims({ sub: ['ann'] }))],
    ['of a subject that is too long', () => token(claims({ sub: 'x'.repeat(256) }))],
    ['of a subject with NUL in it', () => token(claims({ sub: 'ann\0' }))],
    ['with no name', () => token(claims({ name: undefined }))],
    ['with a blank name', () => token(claims({ name: ' \u202e ' }))],
    ['with a name that nobody sees', () => token(claims({ name: '\u200b\u2060' }))],
    ['with a name that is an object', () => token(claims({ name: { first: 'Ann' } }))],
    ['with half a character for a name', () => token(JSON.stringify(claims()).replace('"Ann"', '"\\ud800"'))],
    ['with a picture that is a number', () => token(claims({ picture: 1 }))],
    ['with roles that are a number', () => token(claims({ roles: 3 }))],
    ['with roles that are an object', () => token(claims({ roles: { admin: true } }))],
    ['with roles that are not all texts', () => token(claims({ roles: ['admin', 1] }))],
    ['that is very long', () => token(claims({ more: 'x'.repeat(7_000) }))],
    ['with nothing in it', () => ''],
    ['that is no token', () => 'undefined'],
  ])('%s is refused', (_, make) => expectRefused(gateway, `Bearer ${make()}`));

  it.each<[string, () => string]>([
    ['without a scheme', right],
    ['under Basic', () => `Basic ${right()}`],
    ['under JWT', () => `JWT ${right()}`],
    ['under Bearer and a colon', () => `Bearer: ${right()}`],
    ['under Bearer twice', () => `Bearer Bearer ${right()}`],
    ['in quotes', () => `Bearer "${right()}"`],
    ['replaced by nothing', () => ''],
    ['replaced by Bearer alone', () => 'Bearer'],
  ])('%s is refused', (_, make) => expectRefused(gateway, make()));

  it('is refused over a socket when it is no text', async () => {
    for (const shown of [0, 1, true, false, '', [], {}, [`Bearer ${right()}`]])
      expect(await connect(gateway.url, shown)).toBe(4403);
    for (const shown of [null, undefined]) expect(await connect(gateway.url, shown)).toBe('acknowledged');
  });

  it('is looked at over GET and for streams too', async () => {
    const get = (accept: string, authorization: string) =>
      fetch(`${gateway.url}?query=${encodeURIComponent(VIEWER)}`, { headers: { accept, authorization } });
    for (const accept of ['application/json', 'text/event-stream']) {
      expect((await get(accept, `Bearer ${right()}x`)).status).toBe(401);
      expect(await (await get(accept, `Bearer ${right()}`)).text()).toContain('"name":"Ann"');
    }
  });

  it('refuses what comes with it before anything is done', async () => {
    const { data, errors } = await gateway
      .showing('Bearer x')
      .ask(
        `mutation { addComment(input: { articleId: "${encodeId('Article', 1)}", body: "No", guest: { name: "A", email: "a@example.com" } }) { __typename } }`,
      );
    expect({ data, code: errors?.[0]?.extensions.code }).toEqual({ data: undefined, code: 'UNAUTHENTICATED' });
    expect((await gateway.sql.query('SELECT FROM comment')).rowCount).toBe(0);
  });

  const FOLLOW = `subscription { commentAdded(articleId: "${encodeId('Article', 1)}") { id } }`;

  /** A socket that has shown a token and was let in. */
  async function open(authorization: string): Promise<{ socket: WebSocket; closed: Promise<number> }> {
    const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('open', resolve));
    const acknowledged = new Promise((resolve) => socket.once('message', resolve));
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    await acknowledged;
    return { socket, closed };
  }

  it.each<[string, () => number, (exp: number) => number]>([
    ['at its end', () => now() + 3, (exp) => exp],
    // One that was past its end already is taken for a minute longer, of which some seconds are left.
    ['a minute later when it was past its end already', () => now() - 57, (exp) => exp + 60],
  ])('ends the sockets and streams that were opened with it %s', async (_, make, endOf) => {
    const exp = make();
    const authorization = `Bearer ${token(claims({ exp }))}`;
    const { socket, closed } = await open(authorization);
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: FOLLOW } }));
    const stream = await fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization },
      body: JSON.stringify({ query: FOLLOW }),
    });
    expect(stream.status).toBe(200);
    const ended = (ending: Promise<unknown>) => ending.catch(() => 'broken off').then(() => Date.now() / 1_000);
    const ends = await Promise.all([ended(closed), ended(stream.text())]);
    expect(await closed).toBe(4403);
    for (const end of ends) {
      expect(end).toBeGreaterThanOrEqual(endOf(exp));
      expect(end).toBeLessThan(endOf(exp) + 2);
    }
    await until('nobody follows the article', () => gateway.watched === 0);
  });

  it('does nothing more for a socket that does not hear that it is closed', async () => {
    const exp = now() + 2;
    const { socket, closed } = await open(`Bearer ${token(claims({ exp }))}`);
    const add = (body: string): string =>
      `mutation { addComment(input: { articleId: "${encodeId('Article', 1)}", body: "${body}" }) { __typename } }`;
    const write = (id: string): void =>
      socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: add('Mine') } }));
    const written = async () => (await gateway.sql.query("SELECT FROM comment WHERE body_source = 'Mine'")).rowCount;
    write('in time');
    await until('it is written', async () => (await written()) === 1);
    // What is not read is not answered: the server waits for the answer to its close.
    socket.pause();
    await until('the token has ended', () => Date.now() / 1_000 > exp + 0.2);
    write('late');
    await until('it has gone', () => socket.bufferedAmount === 0);
    socket.resume();
    expect(await closed).toBe(4403);
    // Comments of one article are written one after the other: had it begun, it would be there before these.
    for (let i = 0; i < 5; i++) await gateway.as({ name: 'Somebody' }).ask(add(`Other ${i}`));
    expect(await written()).toBe(1);
  });
});

/** A pair of keys, the public one as an identity provider publishes it. */
interface Pair {
  alg: 'RS256' | 'ES256' | 'EdDSA';
  kid: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

function makePair(alg: Pair['alg'], kid: string): Pair {
  if (alg === 'RS256') return { alg, kid, ...generateKeyPairSync('rsa', { modulusLength: 2_048 }) };
  if (alg === 'ES256') return { alg, kid, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
  return { alg, kid, ...generateKeyPairSync('ed25519') };
}

function signer({ alg, privateKey }: Pair): Signer {
  const digest = alg === 'EdDSA' ? null : 'sha256';
  return (input) => sign(digest, Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
}

function signed(pair: Pair, header: Record<string, unknown> = {}, payload = claims()): string {
  const { alg, kid } = pair;
  return `Bearer ${token(payload, { header: { alg, kid, ...header }, signer: signer(pair) })}`;
}

describe('a token of an identity provider that publishes its keys', () => {
  const rsa = makePair('RS256', 'r1');
  const ec = makePair('ES256', 'e1');
  const ed = makePair('EdDSA', 'd1');
  const foreign = makePair('RS256', 'r1');
  const next = makePair('RS256', 'r2');
  let published: Pair[] = [rsa, ec, ed];
  let isDown = false;
  let asked = 0;
  let provider: Server;
  let gateway: TestGateway;

  beforeAll(async () => {
    provider = createServer((_, response) => {
      asked += 1;
      if (isDown) {
        response.writeHead(500).end();
        return;
      }
      const keys = published.map(({ publicKey, kid, alg }) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg }));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    gateway = await startGateway(undefined, {
      JWT_SECRET: '',
      JWT_JWKS_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`,
      JWT_JWKS_COOLDOWN: '0',
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      LOG_LEVEL: 'silent',
    });
  });

  afterAll(async () => {
    await gateway.stop();
    provider.closeAllConnections();
    await new Promise((resolve) => provider.close(resolve));
  });

  it('is taken, signed in any of three ways, and the keys are read once', async () => {
    for (const pair of [rsa, ec, ed]) await expectTaken(gateway, signed(pair));
    expect(asked).toBe(1);
  });

  const pem = (): string => rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const byHmac = (secret: string | Buffer): string =>
    `Bearer ${token(claims(), { header: { alg: 'HS256', kid: 'r1' }, signer: hmac(secret) })}`;
  it.each<[string, () => string]>([
    ['by HMAC with the public key for a secret', () => byHmac(pem())],
    ['by HMAC with the public key less its last line break', () => byHmac(pem().trimEnd())],
    ['by HMAC with the bytes of the public key', () => byHmac(rsa.publicKey.export({ type: 'spki', format: 'der' }))],
    ['by HMAC with the public key as published', () => byHmac(JSON.stringify(rsa.publicKey.export({ format: 'jwk' })))],
    ['by HMAC with the secret of another time', () => byHmac(JWT_SECRET)],
    ['by nobody', () => `Bearer ${token(claims(), { header: { alg: 'none' }, signer: () => Buffer.alloc(0) })}`],
    ['with a foreign key under a name that is known', () => signed(foreign)],
    ['with a foreign key under a name that is not', () => signed(foreign, { kid: 'unknown' })],
    ['with a foreign key that it brings', () => signed(foreign, { jwk: foreign.publicKey.export({ format: 'jwk' }) })],
    [
      'with a foreign key where it says',
      () =>
        signed(foreign, { jku: `data:,${JSON.stringify({ keys: [foreign.publicKey.export({ format: 'jwk' })] })}` }),
    ],
    ['with a foreign certificate', () => signed(foreign, { x5u: 'http://127.0.0.1:9/x', x5c: ['MIIB'] })],
    ['with a known key under the name of another', () => signed(rsa, { kid: 'e1' })],
    ['with a known key under another algorithm', () => signed(rsa, { alg: 'RS512' })],
    ['with a known key under an algorithm of its kind', () => signed(rsa, { alg: 'PS256' })],
    ['with a known key under the algorithm of another kind', () => signed(ec, { alg: 'RS256' })],
    ['for somebody else', () => signed(rsa, {}, claims({ aud: 'elsewhere' }))],
    ['long ago', () => signed(rsa, {}, claims({ exp: now() - 61 }))],
  ])('signed %s is refused', (_, make) => expectRefused(gateway, make()));

  it('is taken with a new key as soon as that is published, and refused with one that is no longer', async () => {
    await expectRefused(gateway, signed(next));
    published = [next, ec, ed];
    await expectTaken(gateway, signed(next));
    await expectRefused(gateway, signed(rsa));
  });

  it('is neither taken nor called bad while its key cannot be read', async () => {
    isDown = true;
    const unknown = signed(makePair('ES256', 'e2'));
    const { status, data, errors } = await gateway.showing(unknown).ask(VIEWER);
    expect({ status, data, code: errors?.[0]?.extensions.code }).toEqual({
      status: 503,
      data: undefined,
      code: 'SERVICE_UNAVAILABLE',
    });
    expect(await connect(gateway.url, unknown)).toBe(1013);
    await expectTaken(gateway, signed(ec));
    isDown = false;
    await expectRefused(gateway, unknown);
  });
});

/** The real command. */
async function printToken(environment: Record<string, string>, ...options: string[]) {
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', 'src/main.ts', 'token', ...options], {
    cwd: join(import.meta.dirname, '..'),
    env: { PATH: process.env.PATH, ...environment },
  });
  return run.catch((error: { stdout: string; stderr: string }) => error);
}

describe('the command that prints tokens', { timeout: 120_000 }, () => {
  it('prints one that a gateway with nothing else to go by takes, from a secret for its owner alone', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-token-'));
    const environment = { JWT_SECRET: '', DATA_DIR: dataDir };
    const gateway = await startGateway(undefined, environment);
    const inProduction = await startGateway(undefined, { ...environment, NODE_ENV: 'production' });
    try {
      await expectRefused(gateway, `Bearer ${token({ sub: 'ann', name: 'Ann', iss: 'broadsheet:local' })}`);
      expect(existsSync(join(dataDir, 'token-secret'))).toBe(false);

      const { stdout } = await printToken({ DATA_DIR: dataDir }, '--role', 'moderator', '--name', 'Ann');
      expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      expect((await stat(join(dataDir, 'token-secret'))).mode & 0o777).toBe(0o600);
      await expectTaken(gateway, `Bearer ${stdout.trim()}`);
      const { data } = await gateway.showing(`Bearer ${stdout.trim()}`).ask(VIEWER);
      expect(data).toMatchObject({ viewer: { role: 'MODERATOR', author: { name: 'Ann' } } });

      await expectRefused(inProduction, `Bearer ${stdout.trim()}`);
      const refused = await printToken({ DATA_DIR: dataDir, NODE_ENV: 'production' }, '--name', 'Ann');
      expect(refused).toMatchObject({
        stdout: '',
        stderr: expect.stringMatching(/^NODE_ENV=production: .*JWT_SECRET/),
      });
    } finally {
      await inProduction.stop();
      await gateway.stop();
      await rm(dataDir, { recursive: true });
    }
  });
});
