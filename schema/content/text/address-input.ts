import { InvalidInputError } from '../errors.ts';
import { checkStorable, fieldName } from './input-text.ts';
import { normalizePath, normalizeWebAddress } from './web-address.ts';

/** Characters of an address. */
const MAX_URL = 2_000;

/** The address of a web page in its normal form. @throws InvalidInputError */
export function checkPageUrl(value: string, path: string[]): string {
  return checkUrl(value, path, {
    normalize: normalizeWebAddress,
    rule: 'an address that begins with https:// or http:// and has no password',
  });
}

/** The address of an image in its normal form, which may be a path on this site. @throws InvalidInputError */
export function checkImageUrl(value: string, path: string[]): string {
  return checkUrl(value, path, {
    normalize: (text) => normalizePath(text) ?? normalizeWebAddress(text),
    rule: 'an address that begins with https:// or http:// and has no password, or a path on this site that begins with /',
  });
}

function checkUrl(
  value: string,
  path: string[],
  { normalize, rule }: { normalize(text: string): string | null; rule: string },
): string {
  const text = checkStorable(value, path);
  // Before it is parsed, and after: escapes make it longer.
  const url = text.length > MAX_URL ? null : normalize(text);
  if (url === null || url.length > MAX_URL)
    throw new InvalidInputError(`\`${fieldName(path)}\` must be ${rule}, of at most ${MAX_URL} characters.`, path);
  return url;
}
