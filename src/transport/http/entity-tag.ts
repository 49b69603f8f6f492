import { createHash } from 'node:crypto';

/** The part of a tag that identifies a text. */
export function tagHash(...pieces: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('base64url').slice(0, 16);
}

/** RFC 9110, 13.1.2: the header is `*` or a list of tags. A weak tag matches too, since a proxy may have made it weak. */
export function matchesTag(etag: string, ifNoneMatch = ''): boolean {
  return ifNoneMatch.split(',').some((tag) => [etag, '*'].includes(tag.trim().replace(/^W\//, '')));
}
