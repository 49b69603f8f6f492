import { addressPath, queryAddress } from '../../schema/content/address/address-path.ts';
import { slugOf } from '../../schema/content/text/slug.ts';

/** The forms in which addresses are kept, each once. What a query names has no path of its own. */
export function keptAddresses(addresses: readonly string[]): string[] {
  const kept = addresses.map((address) => queryAddress(address) ?? addressPath(address));
  return [...new Set(kept.filter((path) => path !== null))];
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
