import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import { decodeSlug, fieldText, itemId } from './field-values.ts';
import type { WxrItem } from './wxr-records.ts';

// The addresses under which WordPress serves pages, from the address of the blog, with the bases that it has unless somebody
// has changed them; a file does not tell them.

/** Where a post or page is served: its link, that with its former slugs, and that with its number, which WordPress always serves. */
export function itemAddresses(item: WxrItem, blog: string): string[] {
  const { fields, meta } = item;
  const link = fieldText(fields, 'link');
  const guid = fieldText(fields, 'guid');
  const id = itemId(fields);
  const [, start, slug] = /^(https?:\/\/[^?#]*\/)([^/?#]+)\/?$/i.exec(link) ?? [];
  const served = slug && decodeSlug(slug) === decodeSlug(fieldText(fields, 'wp:post_name'));
  const former = served ? (meta.get('_wp_old_slug') ?? []).map((old) => `${start}${old.trim()}`) : [];
  const numbered = /^\d+$/.test(id) ? [`${blog}?p=${id}`] : [];
  // The address of a former site may be the guid of a post.
  return [link, ...former, ...numbered, ...(/^https?:/i.test(guid) && !/\s/.test(guid) ? [guid] : [])];
}

export function authorAddresses(blog: string, { login, userId }: { login: string; userId: string }): string[] {
  // WordPress makes the address of the login.
  const name = login
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]+/gu, '')
    .trim()
    .replace(/\s+/g, '-');
  const named = name === '' || login.includes('@') ? [] : [`${blog}author/${name}`];
  return [...named, ...(/^[1-9]\d*$/.test(userId) ? [`${blog}?author=${userId}`] : [])];
}

interface TermAddress {
  blog: string;
  taxonomy: string;
  nicename: string;
  /** Slugs of the categories above it, the uppermost first. */
  above: readonly string[];
  id: string;
}

export function termAddresses({ blog, taxonomy, nicename, above, id }: TermAddress): string[] {
  if (nicename === '') return [];
  const slug = decodeSlug(nicename);
  if (taxonomy !== 'category') return [`${blog}tag/${slug}`, `${blog}?tag=${slug}`];
  const path = [...above.map(decodeSlug), slug].join('/');
  return [`${blog}category/${path}`, ...(/^[1-9]\d*$/.test(id) ? [`${blog}?cat=${id}`] : [])];
}

/** The address of the blog, with a slash at its end; a slash alone for a file that names none. */
export function blogAddress(channel: ReadonlyMap<string, string>): string {
  const named = ['wp:base_blog_url', 'link', 'wp:base_site_url'].map((name) => channel.get(name)?.trim() ?? '');
  const found = named.map((address) => (/^https?:\/\//i.test(address) ? parseUrl(address) : null)).find(Boolean);
  return found ? found.href.replace(/[?#].*$/, '').replace(/\/*$/, '/') : '/';
}
