import type { IncomingMessage } from 'node:http';
import type { Context, Queryable, SignedInViewer } from '../../schema/content/context.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { clientAddress } from './client-address.ts';
import { InvalidTokenError } from './errors.ts';
import { createMemberLookup } from './members.ts';
import { readClaims, type TokenClaims } from './token-claims.ts';
import { effectiveExpiry } from './token-expiry.ts';
import { createTokenVerifier, type TokenConfig } from './verify-token.ts';

/** The sender of an operation, over any transport. */
export interface RequestIdentity {
  /** Null for an anonymous request. */
  viewer: SignedInViewer | null;
  /** Rate limits of anonymous requests are counted under it: an IPv4 address, or an IPv6 network. */
  address: string;
  /** When the token expires, in milliseconds since 1970; null when there is no token or it does not expire. */
  expiresAt: number | null;
}

/** Under what limits count a sender: the signed-in author, or the address of an anonymous request. */
export function senderKey({ viewer, address }: RequestIdentity): string {
  return viewer ? `author:${viewer.author.id}` : `address:${address}`;
}

/** The identity of the gateway's own operations, and of a WebSocket connection that has not been authenticated. */
export const ANONYMOUS: RequestIdentity = { viewer: null, address: 'anonymous', expiresAt: null };

/**
 * Authenticates a request. `authorization` is the header of that name, or the field `authorization` in the payload of
 * a WebSocket's `connection_init`; undefined, null and an empty text make an anonymous request: pages send
 * `authorization: token ? ... : ''`.
 * @throws InvalidTokenError for anything else that is not a valid bearer token
 * @throws KeysUnavailableError when the token cannot be verified at the moment
 */
export type Identify = (
  authorization: unknown,
  request: IncomingMessage,
  requestId: string,
) => Promise<RequestIdentity>;

interface IdentifyOptions {
  config: TokenConfig & Pick<Config, 'jwtRolesClaim' | 'trustProxy'>;
  db: Queryable;
  wakeJob: Context['wakeJob'];
  log: Logger;
  /** Called when a token is refused. */
  onRefusal?: () => void;
}

export function createIdentify({ config, db, wakeJob, log, onRefusal }: IdentifyOptions): Identify {
  const verifyToken = createTokenVerifier(config, log);
  const findMember = createMemberLookup(db, wakeJob);
  async function readToken(authorization: unknown, requestId: string): Promise<TokenClaims> {
    try {
      return readClaims(await verifyToken(authorization, requestId), config.jwtRolesClaim);
    } catch (error) {
      if (error instanceof InvalidTokenError) onRefusal?.();
      throw error;
    }
  }

  return async (authorization, request, requestId) => {
    const address = clientAddress(request, config.trustProxy);
    if (authorization === undefined || authorization === null || authorization === '')
      return { viewer: null, address, expiresAt: null };
    const claims = await readToken(authorization, requestId);
    const expiresAt = effectiveExpiry(claims.expiresAt, Date.now());
    return { viewer: { author: await findMember(claims), role: claims.role }, address, expiresAt };
  };
}
