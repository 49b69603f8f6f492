import { createHash } from 'node:crypto';
import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import { renderText } from '../../../schema/content/text/render.ts';
import { slugOf } from '../../../schema/content/text/slug.ts';
import type { Fields } from './wxr-records.ts';

/** Characters of a name or a login. Both are indexed, and PostgreSQL limits an index entry to 2,704 bytes. */
export const MAX_NAME = 200;

/** Characters of a URL; browsers accept about as many. */
const MAX_URL = 2_000;

/** A field's text, trimmed; empty if the field is missing. */
export function fieldText(fields: Fields, name: string): string {
  return fields.get(name)?.trim() ?? '';
}

/** A title or a name as one line of plain text. Exports contain some of them as HTML and others as plain text. */
export function plainText(textOrHtml: string): string {
  const text = /[<&]/.test(textOrHtml) ? renderText(textOrHtml, 'HTML', 'bio').text : textOrHtml;
  return text.replace(/\s+/g, ' ').trim();
}

/** A name that everybody may see; empty for an e-mail address, which some sites have as logins. */
export function publicName(name: string): string {
  return /^[^\s@]+@[^\s@]+$/.test(name) ? '' : name;
}

/** The first characters of a text, at most `length`. A surrogate pair is not cut in half. */
export function truncate(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** Removes angle brackets, which exports edited by hand may have around a login. */
export function sanitizeLogin(login: string): string {
  return truncate(login.replace(/[<>]+/g, '').trim(), MAX_NAME);
}

/** WordPress percent-encodes slugs that are not ASCII. It may cut them inside a character; those stay encoded. */
export function decodeSlug(slug: string): string {
  try {
    return decodeURIComponent(slug.trim())
      .replace(/\p{Cc}/gu, '')
      .normalize('NFC');
  } catch {
    return slug.trim().toLowerCase();
  }
}

/** What identifies a category or tag: its own slug, in whatever script, else its name. */
export function topicId(nicename: string, name: string): string {
  return (decodeSlug(nicename) || name).normalize('NFC').toLowerCase();
}

/** The address that a category or tag wants. One of symbols alone has their numbers. */
export function topicSlug(id: string): string {
  const slug = slugOf(id);
  if (slug !== slugOf('') || id.includes(slug)) return slug;
  return Array.from(id.slice(0, 8), (character) => `u${character.codePointAt(0)!.toString(16)}`).join('-');
}

/** The slugs, other than the article's own, under which WordPress serves or served an article. */
export function formerSlugs(wordpressSlugs: string[], slug: string): string[] {
  const former = new Set(wordpressSlugs.filter((old) => old !== '' && old.length <= MAX_NAME));
  former.delete(slug);
  return [...former];
}

/** The URL if it is a valid http or https URL, else null. */
export function webUrl(url: string): string | null {
  return /^https?:\/\/./i.test(url) && url.length <= MAX_URL && parseUrl(url) ? url : null;
}

/** SHA-256 in hexadecimal, equal for equal content. */
export function contentDigest(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** Why a record with a field longer than the reader's limit is skipped. */
export function oversizedReason(field: string): string {
  return `${truncate(field, MAX_NAME)} is longer than 4 million characters`;
}

/** What identifies an item wherever its site moves: its guid, else its address. */
export function guidOf(fields: Fields): string | null {
  return truncate(fieldText(fields, 'guid') || fieldText(fields, 'link'), MAX_URL) || null;
}

/** The id of an item: its number, also where only its guid or address has it, else its guid or address; empty without any. */
export function itemId(fields: Fields): string {
  const number = fieldText(fields, 'wp:post_id');
  if (number !== '') return /^\d{1,19}$/.test(number) ? number : '';
  const guid = guidOf(fields) ?? '';
  return /[?&](?:p|page_id|attachment_id)=(\d{1,19})(?:[&#]|$)/.exec(guid)?.[1] ?? guid;
}
