import type { JWTPayload } from 'jose';
import { ROLES, type Role } from '../../schema/content/context.ts';
import { isBlank, storageFault } from '../../schema/content/text/text-rules.ts';
import { normalizeWebAddress } from '../../schema/content/text/web-address.ts';
import { InvalidTokenError } from './errors.ts';
import { CLOCK_SKEW } from './verify-token.ts';

/** Longest subject, in characters (OpenID Connect Core, 2). */
const MAX_SUBJECT = 255;
const MAX_ISSUER = 500;
/** The limit of a guest's name too, in UTF-16 code units; a longer name is truncated. */
const MAX_NAME = 80;
const MAX_PICTURE = 2_000;

/** The claims of a verified token that the gateway uses. */
export interface TokenClaims {
  /** Issuer and subject: identifies a person permanently. */
  subject: string;
  name: string;
  /** Null when the token has no picture with an http or https URL. */
  avatarUrl: string | null;
  role: Role;
  /** Milliseconds since 1970; null for a token that does not state it, or states a time to come. */
  issuedAt: number | null;
  /** Milliseconds since 1970; null for a token without expiry. */
  expiresAt: number | null;
}

/**
 * Reads the claims of a verified token.
 * @param rolesClaim the name of the claim with the roles, or a path of names separated by dots
 * @throws InvalidTokenError naming the claim with a wrong value
 */
export function readClaims(payload: JWTPayload, rolesClaim: string): TokenClaims {
  const { sub, iss, name, picture, iat, exp } = payload;
  const issuer = iss === undefined ? '' : readText('iss', iss, MAX_ISSUER);
  return {
    subject: `${issuer}|${readText('sub', sub, MAX_SUBJECT)}`,
    name: readName(name),
    avatarUrl: readPicture(picture),
    role: readRole(valueAt(payload, rolesClaim), rolesClaim),
    issuedAt: readIssueTime(iat),
    expiresAt: exp === undefined ? null : exp * 1_000,
  };
}

function readText(claim: string, value: unknown, maxLength: number): string {
  if (typeof value !== 'string' || value === '' || value.length > maxLength || storageFault(value))
    throw new InvalidTokenError(`The token's \`${claim}\` must be a text of 1 to ${maxLength} characters.`);
  return value;
}

/** Characters that break a line or change the direction of the text around a name. */
const LINE_OR_DIRECTION_CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu;

function readName(value: unknown): string {
  const invalid = new InvalidTokenError("The token's `name` must be a text that can be shown.");
  if (typeof value !== 'string' || storageFault(value)) throw invalid;
  const whole = value.replace(LINE_OR_DIRECTION_CONTROLS, ' ').replace(/\s+/gu, ' ').trim().normalize('NFC');
  const name = truncate(whole, MAX_NAME).trimEnd();
  if (isBlank(name)) throw invalid;
  return name;
}

/** At most so many code units, without splitting a surrogate pair. */
function truncate(text: string, maxLength: number): string {
  return [...text].reduce((cut, character) => (cut.length + character.length > maxLength ? cut : cut + character), '');
}

function readPicture(value: unknown): string | null {
  if (value == null) return null;
  if (typeof value !== 'string') throw new InvalidTokenError("The token's `picture` must be an address.");
  return value.length > MAX_PICTURE ? null : normalizeWebAddress(value);
}

/**
 * A time beyond the allowed clock skew is taken for none: otherwise one such token would keep all later ones from changing
 * anything.
 */
function readIssueTime(iat: number | undefined): number | null {
  if (iat === undefined || iat < 0 || iat * 1_000 > Date.now() + CLOCK_SKEW * 1_000) return null;
  return Math.floor(iat * 1_000);
}

/** The claim with exactly this name, for names such as URLs have dots in them; otherwise the value at the path. */
function valueAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path];
  let value: unknown = payload;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

/** The highest known role; names that are not roles of the gateway belong to other programs and are ignored. */
function readRole(value: unknown, claim: string): Role {
  const names = typeof value === 'string' ? value.split(/\s+/) : (value ?? []);
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw new InvalidTokenError(
      `The token's \`${claim}\` must be a list of roles, or their names separated by spaces.`,
    );
  const known = new Set(names.map((name: string) => name.toUpperCase()));
  return ROLES.findLast((role) => known.has(role)) ?? 'READER';
}
