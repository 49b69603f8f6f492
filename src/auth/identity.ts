import type { IncomingMessage } from 'node:http';
import type { Queryable, SignedInViewer } from '../../schema/content/context.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { addressOf } from './address.ts';
import { personOf } from './claims.ts';
import { endOf } from './expiry.ts';
import { createMembers } from './members.ts';
import { createTokenReader, type TokenConfig } from './token.ts';

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
  const readToken = createTokenReader(config, log);
  const memberOf = createMembers(db);
  return async (authorization, { socket, headers }) => {
    const forwarded = headers['x-forwarded-for'];
    const address = addressOf(
      { remote: socket.remoteAddress, forwarded: forwarded === undefined ? undefined : String(forwarded) },
      config.trustProxy,
    );
    if (authorization === undefined || authorization === null) return { ...ANONYMOUS, address };
    const person = personOf(await readToken(authorization), config.jwtRolesClaim);
    const expiresAt = endOf(person.expiresAt, Date.now());
    return { viewer: { author: await memberOf(person), role: person.role }, address, expiresAt };
  };
}
