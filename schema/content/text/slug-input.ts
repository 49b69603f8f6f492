import { InvalidInputError } from '../errors.ts';
import { MAX_SLUG_LENGTH } from './slug.ts';

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A slug that a client wants for an article or a topic. @throws InvalidInputError */
export function checkSlug(slug: string, path: string[]): string {
  if (!SLUG.test(slug) || slug.length > MAX_SLUG_LENGTH)
    throw new InvalidInputError(
      `\`slug\` must be 1 to ${MAX_SLUG_LENGTH} characters a-z and 0-9, words joined by single hyphens, such as how-swifts-sleep.`,
      path,
    );
  return slug;
}
