import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JWT_SECRET, startGateway, type TestGateway } from './gateway.ts';
import { runCommand } from './program.ts';
import {
  AUDIENCE,
  claims,
  connect,
  expectAccepted,
  expectRefused,
  hmac,
  ISSUER,
  now,
  type Signer,
  token,
  VIEWER,
} from './tokens.ts';

/** A key pair; an identity provider publishes the public key. */
interface KeyPair {
  alg: 'RS256' | 'ES256' | 'EdDSA';
  kid: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

function createKeyPair(alg: KeyPair['alg'], kid: string): KeyPair {
  if (alg === 'RS256') return { alg, kid, ...generateKeyPairSync('rsa', { modulusLength: 2_048 }) };
  if (alg === 'ES256') return { alg, kid, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
  return { alg, kid, ...generateKeyPairSync('ed25519') };
}

function signer({ alg, privateKey }: KeyPair): Signer {
  const digest = alg === 'EdDSA' ? null : 'sha256';
  return (input) => sign(digest, Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
}

function signed(pair: KeyPair, header: Record<string, unknown> = {}, payload = claims()): string {
  const { alg, kid } = pair;
  return `Bearer ${token(payload, { header: { alg, kid, ...header }, signer: signer(pair) })}`;
}

describe('a token of an identity provider that publishes its keys', () => {
  const rsa = createKeyPair('RS256', 'r1');
  const ec = createKeyPair('ES256', 'e1');
  const ed = createKeyPair('EdDSA', 'd1');
  const foreign = createKeyPair('RS256', 'r1');
  const next = createKeyPair('RS256', 'r2');
  let published: KeyPair[] = [rsa, ec, ed];
  let isDown = false;
  let fetches = 0;
  let provider: Server;
  let gateway: TestGateway;

  beforeAll(async () => {
    provider = createServer((_, response) => {
      fetches += 1;
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

  it('is accepted with RS256, ES256 and EdDSA, and the keys are fetched once', async () => {
    for (const pair of [rsa, ec, ed]) await expectAccepted(gateway, signed(pair));
    expect(fetches).toBe(1);
  });

  const pem = (): string => rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const byHmac = (secret: string | Buffer): string =>
    `Bearer ${token(claims(), { header: { alg: 'HS256', kid: 'r1' }, signer: hmac(secret) })}`;
  it.each<[string, () => string]>([
    ['by HMAC with the public key for a secret', () => byHmac(pem())],
    ['by HMAC with the public key less its last line break', () => byHmac(pem().trimEnd())],
    ['by HMAC with the bytes of the public key', () => byHmac(rsa.publicKey.export({ type: 'spki', format: 'der' }))],
    ['by HMAC with the public key as published', () => byHmac(JSON.stringify(rsa.publicKey.export({ format: 'jwk' })))],
    ['by HMAC with a secret that is not configured', () => byHmac(JWT_SECRET)],
    [
      'with algorithm none',
      () => `Bearer ${token(claims(), { header: { alg: 'none' }, signer: () => Buffer.alloc(0) })}`,
    ],
    ['with a foreign key under a published key id', () => signed(foreign)],
    ['with a foreign key under an unpublished key id', () => signed(foreign, { kid: 'unknown' })],
    [
      'with a foreign key that it contains',
      () => signed(foreign, { jwk: foreign.publicKey.export({ format: 'jwk' }) }),
    ],
    [
      'with a foreign key at a URL that it contains',
      () =>
        signed(foreign, { jku: `data:,${JSON.stringify({ keys: [foreign.publicKey.export({ format: 'jwk' })] })}` }),
    ],
    ['with a foreign certificate', () => signed(foreign, { x5u: 'http://127.0.0.1:9/x', x5c: ['MIIB'] })],
    ['with a published key under the id of another', () => signed(rsa, { kid: 'e1' })],
    ['with a published key under another algorithm', () => signed(rsa, { alg: 'RS512' })],
    ['with a published key under another algorithm for the same key type', () => signed(rsa, { alg: 'PS256' })],
    ['with a published key under the algorithm of another key type', () => signed(ec, { alg: 'RS256' })],
    ['for another audience', () => signed(rsa, {}, claims({ aud: 'elsewhere' }))],
    ['and expired', () => signed(rsa, {}, claims({ exp: now() - 61 }))],
  ])('signed %s is refused', (_, make) => expectRefused(gateway, make()));

  it('is accepted with a new key once it is published, and refused with a key that is no longer published', async () => {
    await expectRefused(gateway, signed(next));
    published = [next, ec, ed];
    await expectAccepted(gateway, signed(next));
    await expectRefused(gateway, signed(rsa));
  });

  it('gets SERVICE_UNAVAILABLE, and no refusal, while its key cannot be fetched', async () => {
    isDown = true;
    const unknown = signed(createKeyPair('ES256', 'e2'));
    const { status, data, errors } = await gateway.showing(unknown).ask(VIEWER);
    expect({ status, data, code: errors?.[0]?.extensions.code }).toEqual({
      status: 503,
      data: undefined,
      code: 'SERVICE_UNAVAILABLE',
    });
    expect(await connect(gateway.url, unknown)).toBe(1013);
    await expectAccepted(gateway, signed(ec));
    isDown = false;
    await expectRefused(gateway, unknown);
  });
});

describe('the command that prints tokens', { timeout: 120_000 }, () => {
  it('prints a token that a gateway without configured keys accepts, signed with a secret that only its owner can read', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-token-'));
    const environment = { JWT_SECRET: '', DATA_DIR: dataDir };
    const gateway = await startGateway(undefined, environment);
    const inProduction = await startGateway(undefined, { ...environment, NODE_ENV: 'production' });
    try {
      await expectRefused(gateway, `Bearer ${token({ sub: 'ann', name: 'Ann', iss: 'broadsheet:local' })}`);
      expect(existsSync(join(dataDir, 'token-secret'))).toBe(false);

      const { output } = await runCommand(['token', '--role', 'moderator', '--name', 'Ann'], {
        environment: { DATA_DIR: dataDir },
      });
      expect(output).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      expect((await stat(join(dataDir, 'token-secret'))).mode & 0o777).toBe(0o600);
      await expectAccepted(gateway, `Bearer ${output.trim()}`);
      const { data } = await gateway.showing(`Bearer ${output.trim()}`).ask(VIEWER);
      expect(data).toMatchObject({ viewer: { role: 'MODERATOR', author: { name: 'Ann' } } });

      await expectRefused(inProduction, `Bearer ${output.trim()}`);
      const refused = await runCommand(['token', '--name', 'Ann'], {
        environment: { DATA_DIR: dataDir, NODE_ENV: 'production' },
      });
      expect(refused).toMatchObject({
        code: 1,
        output: '',
        errors: expect.stringMatching(/^NODE_ENV=production: .*JWT_SECRET/),
      });
    } finally {
      await inProduction.stop();
      await gateway.stop();
      await rm(dataDir, { recursive: true });
    }
  });
});
