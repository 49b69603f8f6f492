import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { WebSocket } from 'ws';
import { JWT_SECRET, type TestGateway } from './gateway.ts';

export const VIEWER = '{ viewer { role author { slug name kind avatarUrl } } }';
export const ISSUER = 'https://id.example.com/';
export const AUDIENCE = 'broadsheet';

/** Seconds since 1970. */
export function now(): number {
  return Math.floor(Date.now() / 1_000);
}

/** Claims of a valid token, with some of them changed. */
export function claims(changed: Record<string, unknown> = {}): Record<string, unknown> {
  return { sub: 'ann', name: 'Ann', iss: ISSUER, aud: AUDIENCE, exp: now() + 3_600, ...changed };
}

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export type Signer = (input: string) => Buffer;

export const hmac = (secret: string | Buffer, digest = 'sha256'): Signer => {
  return (input) => createHmac(digest, secret).update(input).digest();
};

/** Builds a token by hand, so that any part of it can be wrong. */
export function token(
  payload: unknown,
  { header = { alg: 'HS256' } as unknown, signer = hmac(JWT_SECRET) } = {},
): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

/** Opens a WebSocket with this `authorization`. @returns `acknowledged`, or the code with which it was closed */
export function connect(url: string, authorization: unknown): Promise<'acknowledged' | number> {
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

/** Expects a refusal over POST with either content type, and over a WebSocket. */
export async function expectRefused(gateway: TestGateway, authorization: string): Promise<void> {
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

/** Expects that the token signs a viewer in, over POST and over a WebSocket. */
export async function expectAccepted(gateway: TestGateway, authorization: string): Promise<void> {
  const { status, data, errors } = await gateway.showing(authorization).ask<{ viewer: object | null }>(VIEWER);
  expect({ status, errors }).toEqual({ status: 200, errors: undefined });
  expect(data.viewer).toMatchObject({ author: { name: expect.any(String) } });
  expect(await connect(gateway.url, authorization)).toBe('acknowledged');
}
