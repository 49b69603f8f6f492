/**
 * Levels of a comment's path. The path is part of a B-tree index, whose entries hold 2,704 bytes of an 8 kB page
 * (PostgreSQL, "B-Tree Implementation"); 512 ordinals of 4 bytes leave room for the array's header and the article's id.
 * Deeper replies keep their true parent and depth, and share this deepest level in order of time.
 */
export const MAX_PATH_LEVELS = 512;

/**
 * A text for each path, such that the order of texts by code units is the order of paths. Each ordinal is its number of
 * hexadecimal digits and the digits: no ordinal's text begins another's, and a shorter number is a smaller one.
 */
export function sortKeyOf(path: readonly number[]): string {
  return path
    .map((ordinal) => {
      const digits = ordinal.toString(16);
      return `${digits.length}${digits}`;
    })
    .join('');
}
