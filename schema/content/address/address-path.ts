import { parseUrl } from '../text/parse-url.ts';

/** Characters of a path; longer ones are not kept, because PostgreSQL limits an index entry to 2,704 bytes. */
const MAX_PATH = 500;

/**
 * UTF-16 code units of an address: a path of that length, percent-encoded, and a query. A longer one is not read, since an operation
 * may repeat it a hundred times.
 */
const MAX_ADDRESS = 16_000;

/** Any host: a path alone is read as an address, too. */
const BASE = 'http://path.invalid';

/** Parameters by which WordPress names a page, whatever its path, with the name under which their addresses are kept. */
const PAGE_PARAMETERS = new Map([
  ['p', 'p'],
  ['page_id', 'p'],
  ['author', 'author'],
  ['cat', 'cat'],
  ['tag', 'tag'],
]);

/**
 * The path of an address, by which pages are compared: decoded, without `index.html`, the ending `.html` and the last slash.
 * Null for the front page, and for a text that is no address.
 */
export function addressPath(address: string): string | null {
  const url = parsed(address);
  const path = url && pathOf(url);
  return path === '' || path === null ? null : storable(path);
}

/** An address that its query tells, such as `/?p=123`; null if no parameter names a page. */
export function queryAddress(address: string): string | null {
  const url = parsed(address);
  if (!url) return null;
  for (const [name, value] of url.searchParams) {
    const kept = PAGE_PARAMETERS.get(name);
    if (kept === 'tag' ? /^[\p{L}\p{N}_-]+$/u.test(value) : kept && /^\d{1,19}$/.test(value))
      return storable(`${pathOf(url)}/?${kept}=${value.normalize('NFC')}`);
  }
  return null;
}

function parsed(address: string): URL | null {
  if (address.length > MAX_ADDRESS) return null;
  const text = address.trim();
  return /^(https?:\/\/|\/)/i.test(text) ? parseUrl(text, BASE) : null;
}

function pathOf({ pathname }: URL): string {
  return decoded(pathname)
    .replace(/\/(index|default)\.[a-z]{3,5}$/i, '/')
    .replace(/\.(html?|php|aspx?)$/i, '')
    .replace(/\/{2,}/g, '/')
    .replace(/\/$/, '')
    .normalize('NFC');
}

/** Null for a path that PostgreSQL does not store, or not in an index. */
function storable(path: string): string | null {
  return path.length > MAX_PATH || path.includes('\0') || !path.isWellFormed() ? null : path;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
