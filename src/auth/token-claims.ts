import type { JWTPayload } from 'jose';
import { ROLES, type Role } from '../../schema/content/context.ts';
import { isBlank, storageFault } from '../../schema/content/text/render.ts';
import { InvalidTokenError } from './errors.ts';

/** Longest subject, in characters (OpenID Connect Core, 2). */
const MAX_SUBJECT = 255;
const MAX_ISSUER = 500;
/** As long as a guest's name may be, in UTF-16 code units; longer ones are cut. */
const MAX_NAME = 80;
const MAX_PICTURE = 2_000;

/** Who a valid token says somebody is. */
export interface TokenClaims {
  /** The same for one person at all times: who vouches for them, and under which name. */
  subject: string;
  name: string;
  /** Null when the token says nothing of a picture that can be shown. */
  avatarUrl: string | null;
  role: Role;
  /** Milliseconds since 1970; null for a token that does not end. */
  expiresAt: number | null;
}

/**
 * Reads the claims of a valid token. Pure.
 * @param rolesClaim its name, or a path of names joined by dots
 * @throws RefusedToken naming the claim that is not what it must be
 */
export function readClaims(payload: JWTPayload, rolesClaim: string): TokenClaims {
  const { sub, iss, name, picture, exp } = payload;
  return {
    subject: `${iss === undefined ? '' : plain('iss', iss, MAX_ISSUER)}|${plain('sub', sub, MAX_SUBJECT)}`,
    name: nameOf(name),
    avatarUrl: pictureOf(picture),
    role: highestRole(valueAt(payload, rolesClaim), rolesClaim),
    expiresAt: exp === undefined ? null : exp * 1_000,
  };
}

function plain(claim: string, value: unknown, most: number): string {
  if (typeof value !== 'string' || value === '' || value.length > most || storageFault(value))
    throw new InvalidTokenError(`The token's \`${claim}\` must be a text of 1 to ${most} characters.`);
  return value;
}

/** What would break a line, or turn the direction of what stands around a name. */
const UNRULY = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu;

function nameOf(value: unknown): string {
  const wrong = new InvalidTokenError("The token's `name` must be a text that can be shown.");
  if (typeof value !== 'string' || storageFault(value)) throw wrong;
  const name = value.replace(UNRULY, ' ').replace(/\s+/gu, ' ').trim().normalize('NFC');
  if (isBlank(name)) throw wrong;
  return [...name].reduce((cut, character) => (cut.length + character.length > MAX_NAME ? cut : cut + character), '');
}

function pictureOf(value: unknown): string | null {
  if (value == null) return null;
  if (typeof value !== 'string') throw new InvalidTokenError("The token's `picture` must be an address.");
  if (value.length > MAX_PICTURE || !URL.canParse(value)) return null;
  const { protocol, href } = new URL(value);
  return protocol === 'https:' || protocol === 'http:' ? href : null;
}

/** The claim of that very name, as URLs are used for names, or else what the path leads to. */
function valueAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** Roles of other programs are not ours; of ours, the highest counts. */
function highestRole(value: unknown, claim: string): Role {
  const names = typeof value === 'string' ? value.split(/\s+/) : (value ?? []);
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw new InvalidTokenError(
      `The token's \`${claim}\` must be a list of roles, or their names with spaces between.`,
    );
  const known = new Set(names.map((name: string) => name.toUpperCase()));
  return ROLES.findLast((role) => known.has(role)) ?? 'READER';
}
