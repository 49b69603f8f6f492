import { slugOf } from '../../schema/content/text/slug.ts';

/** Characters of a path; longer ones are not kept, because PostgreSQL limits an index entry to 2,704 bytes. */
const MAX_PATH = 500;

/** Any host: a path alone is read as an address, too. */
const BASE = 'http://path.invalid';

/**
 * The path of an address, by which pages are compared: decoded, without `index.html`, the ending `.html` and the last slash.
 * Null for the front page, and for a text that is no address.
 */
export function addressPath(address: string): string | null {
  const text = address.trim();
  if (!/^(https?:\/\/|\/)/i.test(text) || !URL.canParse(text, BASE)) return null;
  const path = decoded(new URL(text, BASE).pathname)
    .replace(/\/(index|default)\.[a-z]{3,5}$/i, '/')
    .replace(/\.(html?|php|aspx?)$/i, '')
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '')
    .normalize('NFC');
  return path === '' || path.length > MAX_PATH || path.includes('\0') ? null : path;
}

/** The slug in the last part of an address's path; null if it has no path, as that of a front page. */
export function lastPartOf(address: string): string | null {
  const last = addressPath(address)?.split('/').at(-1);
  // Nothing of it may be left in a slug, as of emoji alone: such addresses are not alike.
  const slug = last ? slugOf(last) : '';
  return slug === '' || slug === slugOf('') ? null : slug;
}

/** The id of a post in an address such as `https://example.com/?p=123`; null if it has none. */
export function postIdOf(address: string): string | null {
  return /^https?:\/\/[^\s?#]*\?(?:.*&)?(?:p|page_id)=(\d{1,19})(?:[&#]|$)/i.exec(address.trim())?.[1] ?? null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
