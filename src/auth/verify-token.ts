import { type CryptoKey, createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { InvalidTokenError, KeysUnavailableError } from './errors.ts';
import { readLocalSecret } from './local-secret.ts';

/** Seconds by which the clocks of whoever signs and of this machine may differ. */
export const CLOCK_SKEW = 60;
/** Longest token, in characters: Node reads no more than 16 KB of headers, and a socket's message is as easily bounded. */
const MAX_TOKEN = 8_192;
/** Milliseconds to wait for the keys. */
const KEYS_TIMEOUT = 5_000;
/** Milliseconds after which keys are read anew, so that a withdrawn one is forgotten. */
const KEYS_AGE = 600_000;

/** RFC 6750, 2.1, its scheme in any case (RFC 9110, 11.1). */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

export const SECRET_ALGORITHM = 'HS256';
const PUBLISHED_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

/** What signs tokens when nothing is configured. */
export const LOCAL_ISSUER = 'broadsheet:local';

export type TokenConfig = Pick<
  Config,
  'jwtSecret' | 'jwksUrl' | 'jwksCooldown' | 'jwtIssuer' | 'jwtAudience' | 'localTokens' | 'dataDir'
>;

/**
 * Reads credentials as `Authorization` has them. The configuration alone says with which keys and algorithms: what a
 * token's own header says of keys is never looked at.
 * @returns the claims of a valid token
 * @throws RefusedToken for anything else; KeysUnavailable when the keys cannot be read
 */
export function createTokenVerifier(config: TokenConfig, log: Logger): (authorization: unknown) => Promise<JWTPayload> {
  const verify = verifier(config);
  return async (authorization) => {
    const [, token] = (typeof authorization === 'string' && BEARER.exec(authorization)) || [];
    if (!token) throw new InvalidTokenError('`Authorization` must be `Bearer` and a token.');
    if (token.length > MAX_TOKEN) throw new InvalidTokenError(`The token has more than ${MAX_TOKEN} characters.`);
    try {
      return await verify(token);
    } catch (error) {
      if (error instanceof InvalidTokenError) throw error;
      if (error instanceof errors.JWTExpired) throw new InvalidTokenError('The token has expired.');
      if (isOfToken(error)) {
        log.debug('A token was refused', { reason: error.message });
        throw new InvalidTokenError('The token is not valid.');
      }
      log.error('Could not fetch the keys that tokens are verified with (JWT_JWKS_URL)', { err: error });
      throw new KeysUnavailableError();
    }
  };
}

/** True for what jose says of a token; false for what it says of the place where the keys are. */
function isOfToken(error: unknown): error is errors.JOSEError {
  return (
    error instanceof errors.JOSEError &&
    !['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JWK_INVALID'].includes(error.code)
  );
}

function verifier(config: TokenConfig): (token: string) => Promise<JWTPayload> {
  const { jwtSecret, jwksUrl, jwtIssuer, jwtAudience } = config;
  const rules: JWTVerifyOptions = {
    clockTolerance: CLOCK_SKEW,
    requiredClaims: ['sub'],
    ...(jwtIssuer !== null && { issuer: jwtIssuer }),
    ...(jwtAudience !== null && { audience: jwtAudience }),
  };
  if (jwksUrl !== null) {
    const keys = createRemoteJWKSet(new URL(jwksUrl), {
      timeoutDuration: KEYS_TIMEOUT,
      cooldownDuration: config.jwksCooldown,
      cacheMaxAge: KEYS_AGE,
    });
    return async (token) => (await jwtVerify(token, keys, { ...rules, algorithms: PUBLISHED_ALGORITHMS })).payload;
  }
  if (jwtSecret !== null) {
    const key = secretKey(Buffer.from(jwtSecret));
    return async (token) => (await jwtVerify(token, await key, { ...rules, algorithms: [SECRET_ALGORITHM] })).payload;
  }
  let key: CryptoKey | null = null;
  return async (token) => {
    // Made by the command that prints tokens, perhaps while this gateway runs.
    const secret = config.localTokens && key === null ? await readLocalSecret(config.dataDir) : null;
    if (secret !== null) key = await secretKey(secret);
    if (key === null) throw new InvalidTokenError('Nobody can sign in here: no key for tokens is set.');
    const options = { ...rules, issuer: LOCAL_ISSUER, algorithms: [SECRET_ALGORITHM] };
    return (await jwtVerify(token, key, options)).payload;
  };
}

/** A secret made ready once: otherwise most of the work of checking a token is to do it again. */
function secretKey(secret: Buffer): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}
