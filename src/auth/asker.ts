import type { Queryable, SignedIn } from '../../schema/context.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { personOf } from './claims.ts';
import { createMembers } from './members.ts';
import { createTokenReader, type TokenConfig } from './token.ts';

/** Who sends an operation, whatever brought it. */
export interface Asker {
  viewer: SignedIn | null;
  /** When their token ends, in milliseconds since 1970; null for never. */
  expiresAt: number | null;
}

export const NOBODY: Asker = { viewer: null, expiresAt: null };

/**
 * Tells who asks by what they show: the header `Authorization`, or `authorization` of a socket's first message.
 * @throws RefusedToken for anything that is neither absent nor a valid token; KeysUnavailable
 */
export type Identify = (authorization: unknown) => Promise<Asker>;

export interface IdentifyOptions {
  config: TokenConfig & Pick<Config, 'jwtRolesClaim'>;
  db: Queryable;
  log: Log;
}

export function createIdentify({ config, db, log }: IdentifyOptions): Identify {
  const readToken = createTokenReader(config, log);
  const memberOf = createMembers(db);
  return async (authorization) => {
    if (authorization === undefined || authorization === null) return NOBODY;
    const person = personOf(await readToken(authorization), config.jwtRolesClaim);
    return { viewer: { author: await memberOf(person), role: person.role }, expiresAt: person.expiresAt };
  };
}
