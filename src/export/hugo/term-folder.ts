/** Characters of a folder's name, each of four bytes at most: file systems take 255 bytes. */
const MAX_LENGTH = 60;

/**
 * The folder of a term, as Hugo makes it of the term's name: in lower case, with hyphens for blanks, without all but letters, digits and
 * some marks. A slash makes a folder in a folder.
 * @returns null where the name leads to no folder of its own
 */
export function termFolder(name: string): string | null {
  const path = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{Nd}\s._#+~@/-]/gu, '')
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?- ?/g, '-')
    .replaceAll(' ', '-');
  const folders = path.split('/');
  if (folders.some((folder) => /^\.{0,2}$/.test(folder))) return null;
  return folders.map((folder) => [...folder].slice(0, MAX_LENGTH).join('')).join('/');
}
