// Slugs: the last part of an article's, author's or topic's address, in ASCII.
import { transliterate } from 'transliteration';

/** Characters. Longer slugs are cut off in links and print. */
export const MAX_SLUG_LENGTH = 80;

/** Characters of a title that are read: more than a slug can have. */
const MAX_TITLE_READ = 400;

/**
 * UTF-16 code units of a client's slug: more than PostgreSQL has in an index, percent-encoded. A longer one is not read, since an
 * operation may repeat it a hundred times.
 */
const MAX_SLUG_READ = 10_000;

/** The slug of a title without a letter or digit. */
const UNTITLED = 'untitled';

/** Size of the first batch of candidates; each batch after it has four times as many. */
const FIRST_CANDIDATES = 8;

/** A slug of a title: lower-case a-z, 0-9 and single hyphens, 1 to 80 characters, cut between words where it can be. */
export function slugOf(title: string): string {
  const words = transliterate(title.slice(0, MAX_TITLE_READ).normalize('NFC'))
    .toLowerCase()
    .replace(/['’ʼ`]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return cut(words, MAX_SLUG_LENGTH) || UNTITLED;
}

/**
 * The wanted slug if it is free, else the first free one of wanted-2, wanted-3 and so on, 80 characters at most.
 *
 * @param findTaken returns those of the candidates that are not free; it is called once for each batch of candidates
 */
export async function findFreeSlug(
  wanted: string,
  findTaken: (candidates: string[]) => Promise<readonly string[]>,
): Promise<string> {
  let number = 1;
  for (let size = FIRST_CANDIDATES; ; size *= 4) {
    const candidates = Array.from({ length: size }, (_, index) => numberedSlug(wanted, number + index));
    const taken = new Set(await findTaken(candidates));
    const free = candidates.find((slug) => !taken.has(slug));
    if (free !== undefined) return free;
    number += size;
  }
}

function numberedSlug(wanted: string, number: number): string {
  if (number === 1) return wanted;
  const suffix = `-${number}`;
  return cut(wanted, MAX_SLUG_LENGTH - suffix.length) + suffix;
}

/**
 * A client's slug for a query. Front ends may pass on a part of an address as it is, percent-encoded. PostgreSQL refuses a NUL with an error, so it is replaced by a character that no slug has.
 * Half of a surrogate pair becomes the same character when the text is sent.
 */
export function sanitizeSlugInput(slug: string): string {
  // No slug is empty.
  if (slug.length > MAX_SLUG_READ) return '';
  return percentDecoded(slug).replaceAll('\0', '\u{FFFD}');
}

/** A slug that was cut inside of a character is stored as it is. */
function percentDecoded(slug: string): string {
  if (!slug.includes('%')) return slug;
  try {
    return decodeURIComponent(slug).normalize('NFC');
  } catch {
    return slug.toLowerCase();
  }
}

function cut(words: string, length: number): string {
  if (words.length <= length) return words;
  const end = words.lastIndexOf('-', length);
  return words.slice(0, end > 0 ? end : length);
}
