// What exports write in fields, and how it is read.
import { createHash } from 'node:crypto';
import { renderText } from '../../schema/content/text/render.ts';
import { slugOf } from '../../schema/content/text/slug.ts';
import type { Fields } from './wxr.ts';

/** Characters of a name or a login: they are indexed, and an index entry has room for 2,704 bytes. */
export const MAX_NAME = 200;

/** Characters of a web address; browsers take about as many. */
const MAX_ADDRESS = 2_000;

/** A field's text without the space around it; empty when it is missing. */
export function value(fields: Fields, name: string): string {
  return fields.get(name)?.trim() ?? '';
}

/** One line of text, of what may be HTML: WordPress escapes titles and names, or does not. */
export function plain(written: string): string {
  const text = /[<&]/.test(written) ? renderText(written, 'HTML', 'bio').text : written;
  return text.replace(/\s+/g, ' ').trim();
}

/** The beginning of a text, at most so many characters, and no half of one. */
export function short(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
}

/** A login has no angle brackets; exports that were edited by hand have them beside it. */
export function loginOf(written: string): string {
  return short(written.replace(/[<>]+/g, '').trim(), MAX_NAME);
}

/** WordPress percent-encodes slugs that are not ASCII, and may cut them in the middle of a character. */
export function decoded(slug: string): string {
  try {
    return decodeURIComponent(slug.trim());
  } catch {
    return slug.trim();
  }
}

/** The slug of a category or tag: its own, or one made of its name. */
export function termSlug(nicename: string, name: string): string {
  return slugOf(decoded(nicename) || name);
}

/** Addresses under which the article was found before, or is found in WordPress, if they are not its slug now. */
export function formerSlugs(written: string[], slug: string): string[] {
  const former = new Set(written.filter((old) => old !== '' && old.length <= MAX_NAME));
  former.delete(slug);
  return [...former];
}

/** The address if it is one of the web, else null. */
export function webAddress(written: string): string | null {
  return /^https?:\/\/./i.test(written) && written.length <= MAX_ADDRESS && URL.canParse(written) ? written : null;
}

/** Equal for equal content, in hexadecimal. */
export function digestOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
