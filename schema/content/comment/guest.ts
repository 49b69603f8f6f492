import { createHash } from 'node:crypto';
import { isNameTaken } from '../author/name-skeletons.ts';
import type { Context, Queryable } from '../context.ts';
import { InvalidInputError } from '../errors.ts';
import { queryRow } from '../query.ts';
import { checkPageUrl } from '../text/address-input.ts';
import { checkText } from '../text/input-text.ts';

const MAX_NAME = 80;
/** RFC 5321, 4.5.3.1.3: the longest path, without its brackets. */
const MAX_EMAIL = 254;

/**
 * Marks of direction show the letters of a name in another order: in that of a member's name, or turned with the text around it.
 * Letters have a direction of their own.
 */
const DIRECTION_MARKS = /\p{Bidi_Control}/gu;

/** One @ with something before it and a domain of at least two labels after: what an address needs, not all of RFC 5322. */
const EMAIL = /^[^\s@<>()[\],;:\\"]+@[^\s@.<>()[\],;:\\"]+(\.[^\s@.<>()[\],;:\\"]+)+$/u;

export interface GuestInput {
  name: string;
  email: string;
  url?: string | null | undefined;
}

/** A guest whose fields have passed their rules. */
export interface Guest {
  name: string;
  email: string;
  url: string | null;
  /** Equal for equal guests. */
  key: string;
}

/** @throws InvalidInputError naming the field and its rule */
export function checkGuest(guest: GuestInput): Guest {
  const path = ['input', 'guest'];
  const name = checkText(guest.name.replace(DIRECTION_MARKS, ''), [...path, 'name'], MAX_NAME).replace(/\s+/gu, ' ');
  const email = checkText(guest.email, [...path, 'email'], MAX_EMAIL);
  if (!EMAIL.test(email))
    throw new InvalidInputError('`email` must be an address such as ann@example.com.', [...path, 'email']);
  const url = guest.url == null || guest.url.trim() === '' ? null : checkPageUrl(guest.url, [...path, 'url']);
  return { name, email, url, key: guestKey({ name, email, url }) };
}

/**
 * Comments that a guest wrote before somebody with this name joined stay. A repeated request finds its comment before this.
 * @throws InvalidInputError when the name looks like that of staff or of a member
 */
export async function requireFreeName({ db, change }: Context, { name }: Guest): Promise<void> {
  if (await isNameTaken(db, change, name))
    throw new InvalidInputError(
      '`name` is that of a member, or looks like it: sign in if it is yours, or choose another one.',
      ['input', 'guest', 'name'],
    );
}

/** The digest that makes two comments the same guest's: equal name, e-mail address and page. */
export function guestKey({ name, email, url }: Pick<Guest, 'name' | 'email' | 'url'>): string {
  return createHash('sha256')
    .update(`${email.toLowerCase()}\n${name}\n${url ?? ''}`)
    .digest('hex');
}

/** The slug of a guest's author. */
export function guestSlug(key: string): string {
  return guestSlugs(key)[0];
}

/** The slug of a guest's author, and that of a new one if another author has the first. */
export function guestSlugs(key: string): [slug: string, ifTaken: string] {
  return [`guest-${key.slice(0, 12)}`, `guest-${key.slice(0, 32)}`];
}

/**
 * The id of the author that represents a guest, created with the guest's first comment. An update of a key would wait for whoever
 * is inserting comments by the same guest, such as an import.
 */
export async function findOrCreateGuest(tx: Queryable, { name, email, url, key }: Guest): Promise<number> {
  const [slug, slugIfTaken] = guestSlugs(key);
  const [id] = await queryRow<[id: number]>(tx, {
    name: 'guest-author',
    text: `INSERT INTO author (slug, name, kind, email, url, guest_key)
      VALUES (CASE WHEN EXISTS (SELECT FROM author WHERE slug = $1) THEN $6 ELSE $1 END, $2, 'GUEST', $3, $4, $5)
      ON CONFLICT (guest_key) DO UPDATE SET updated_at = author.updated_at RETURNING id`,
    values: [slug, name, email, url, key, slugIfTaken],
  });
  return id;
}
