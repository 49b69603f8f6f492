import { type CryptoKey, createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { InvalidTokenError, KeysUnavailableError } from './errors.ts';
import { readLocalSecret } from './local-secret.ts';

/** Seconds by which the clocks of the issuer and of this machine may differ. */
export const CLOCK_SKEW = 60;
/** Longest token, in characters. Node.js limits all headers to 16 KB; a WebSocket message has no such limit. */
const MAX_TOKEN = 8_192;
/** Milliseconds to wait for the key set. */
const KEYS_TIMEOUT = 5_000;
/** Milliseconds after which the key set is fetched again, so that a withdrawn key stops being accepted. */
const KEYS_MAX_AGE = 600_000;

/** RFC 6750, 2.1; the scheme is case-insensitive (RFC 9110, 11.1). */
const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

export const SECRET_ALGORITHM = 'HS256';
const PUBLISHED_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];

/** Codes of jose's errors that concern the key set and not the token. */
const KEY_SET_ERRORS = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JWK_INVALID'];

/** The issuer of tokens that are signed with the local secret. */
export const LOCAL_ISSUER = 'broadsheet:local';

export type TokenConfig = Pick<
  Config,
  'jwtSecret' | 'jwksUrl' | 'jwksCooldown' | 'jwtIssuer' | 'jwtAudience' | 'localTokens' | 'dataDir'
>;

type VerifySignature = (token: string) => Promise<JWTPayload>;

/**
 * Verifies credentials in the syntax of `Authorization`. Keys and algorithms come from the configuration alone: keys and
 * key URLs in a token's own header are ignored.
 * @returns the payload of a valid token
 * @throws InvalidTokenError for anything else
 * @throws KeysUnavailableError when the keys cannot be fetched
 */
export function createTokenVerifier(
  config: TokenConfig,
  log: Logger,
): (authorization: unknown, requestId: string) => Promise<JWTPayload> {
  const verifySignature = createSignatureVerifier(config);
  return async (authorization, requestId) => {
    const [, token] = (typeof authorization === 'string' && BEARER.exec(authorization)) || [];
    if (!token) throw new InvalidTokenError('`Authorization` must be `Bearer` and a token.');
    if (token.length > MAX_TOKEN) throw new InvalidTokenError(`The token has more than ${MAX_TOKEN} characters.`);
    try {
      return await verifySignature(token);
    } catch (error) {
      if (error instanceof InvalidTokenError) throw error;
      if (error instanceof errors.JWTExpired) throw new InvalidTokenError('The token has expired.');
      if (isTokenError(error)) {
        log.debug('Refused a token', { requestId, reason: error.message });
        throw new InvalidTokenError('The token is not valid.');
      }
      log.error('Could not read the keys that verify tokens; check JWT_JWKS_URL, or token-secret in DATA_DIR', {
        requestId,
        err: error,
      });
      throw new KeysUnavailableError();
    }
  };
}

function isTokenError(error: unknown): error is errors.JOSEError {
  return error instanceof errors.JOSEError && !KEY_SET_ERRORS.includes(error.code);
}

function createSignatureVerifier(config: TokenConfig): VerifySignature {
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
      cacheMaxAge: KEYS_MAX_AGE,
    });
    return async (token) => (await jwtVerify(token, keys, { ...rules, algorithms: PUBLISHED_ALGORITHMS })).payload;
  }
  if (jwtSecret !== null) {
    const key = importSecret(Buffer.from(jwtSecret));
    return async (token) => (await jwtVerify(token, await key, { ...rules, algorithms: [SECRET_ALGORITHM] })).payload;
  }
  return createLocalVerifier(config, rules);
}

function createLocalVerifier({ localTokens, dataDir }: TokenConfig, rules: JWTVerifyOptions): VerifySignature {
  let key: CryptoKey | null = null;
  return async (token) => {
    // The command that prints tokens may create the secret while this gateway runs.
    const secret = localTokens && key === null ? await readLocalSecret(dataDir) : null;
    if (secret !== null) key = await importSecret(secret);
    if (key === null) throw new InvalidTokenError('This gateway accepts no tokens: no key is configured.');
    const options = { ...rules, issuer: LOCAL_ISSUER, algorithms: [SECRET_ALGORITHM] };
    return (await jwtVerify(token, key, options)).payload;
  };
}

/** Imports the key once: with the raw secret, jose imports it again for every token, which is most of its work. */
function importSecret(secret: Buffer): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new Uint8Array(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}
