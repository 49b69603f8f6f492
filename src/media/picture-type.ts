/** The types of pictures that are taken. */
type PictureType = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif';

/** Their names, for messages. */
export const TAKEN_TYPES = 'JPEG, PNG, GIF, WebP and AVIF';

/** The type of a picture by its first bytes; null for any other file, such as SVG. */
export function pictureTypeOf(bytes: Buffer): PictureType | null {
  const start = bytes.toString('latin1', 0, 40);
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (/^GIF8[79]a/.test(start)) return 'gif';
  if (start.startsWith('RIFF') && start.startsWith('WEBP', 8)) return 'webp';
  // The brands that the file is compatible with follow the first one.
  return start.startsWith('ftyp', 4) && /avi[fs]/.test(start.slice(8)) ? 'avif' : null;
}
