// The last part of an address: readable in any script's letters, written in ASCII.
import { transliterate } from 'transliteration';

/** Longer ones are cut in links and print. Characters. */
const MAX_SLUG_LENGTH = 80;

/** More of a title than any slug can hold. Characters. */
const MAX_TITLE_READ = 400;

/** What a title without a letter or a digit gets. */
const UNTITLED = 'untitled';

/** A slug of a title: lower-case a-z, 0-9 and single hyphens, 1 to 80 characters, cut between words where it can be. */
export function slugOf(title: string): string {
  const words = transliterate(title.slice(0, MAX_TITLE_READ).normalize('NFC'))
    .toLowerCase()
    .replace(/['’ʼ`]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return cut(words, MAX_SLUG_LENGTH) || UNTITLED;
}

/** The slug wanted if it is free, else the first free one of wanted-2, wanted-3 and so on, 80 characters at most. */
export function uniqueSlug(wanted: string, taken: (slug: string) => boolean): string {
  let slug = wanted;
  for (let number = 2; taken(slug); number += 1) {
    const suffix = `-${number}`;
    slug = cut(wanted, MAX_SLUG_LENGTH - suffix.length) + suffix;
  }
  return slug;
}

/**
 * A slug as somebody asks for it. No text that PostgreSQL holds has a NUL, and to hand it one is an error;
 * half a surrogate pair becomes the same replacement character on its way there, which no slug has.
 */
export function sanitizeSlugInput(asked: string): string {
  return asked.replaceAll('\0', '\u{FFFD}');
}

function cut(words: string, length: number): string {
  if (words.length <= length) return words;
  const end = words.lastIndexOf('-', length);
  return words.slice(0, end > 0 ? end : length);
}
