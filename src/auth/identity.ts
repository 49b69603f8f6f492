import type { IncomingMessage } from 'node:http';
import type { Queryable, SignedInViewer } from '../../schema/content/context.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { clientAddress } from './client-address.ts';
import { createMemberLookup } from './members.ts';
import { readClaims } from './token-claims.ts';
import { effectiveExpiry } from './token-expiry.ts';
import { createTokenVerifier, type TokenConfig } from './verify-token.ts';

/** Who sends an operation, whatever brought it. */
export interface RequestIdentity {
  viewer: SignedInViewer | null;
  /** What their requests are counted for while they are nobody: an IPv4 address, or an IPv6 network. */
  address: string;
  /** When what they showed lets nobody in any longer, in milliseconds since 1970; null for never. */
  expiresAt: number | null;
}

/** Whoever it is that asks for the gateway itself. */
export const ANONYMOUS: RequestIdentity = { viewer: null, address: 'nobody', expiresAt: null };

/**
 * Tells who asks by what they show: the header `Authorization`, or `authorization` of a socket's first message.
 * @throws RefusedToken for anything that is neither absent nor a valid token; KeysUnavailable
 */
export type Identify = (authorization: unknown, request: IncomingMessage) => Promise<RequestIdentity>;

export interface IdentifyOptions {
  config: TokenConfig & Pick<Config, 'jwtRolesClaim' | 'trustProxy'>;
  db: Queryable;
  log: Logger;
}

export function createIdentify({ config, db, log }: IdentifyOptions): Identify {
  const readToken = createTokenVerifier(config, log);
  const memberOf = createMemberLookup(db);
  return async (authorization, request) => {
    const address = clientAddress(request, config.trustProxy);
    if (authorization === undefined || authorization === null) return { ...ANONYMOUS, address };
    const person = readClaims(await readToken(authorization), config.jwtRolesClaim);
    const expiresAt = effectiveExpiry(person.expiresAt, Date.now());
    return { viewer: { author: await memberOf(person), role: person.role }, address, expiresAt };
  };
}
