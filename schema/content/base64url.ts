/** For texts up to a quarter of its length in UTF-16 code units: a new buffer for each takes longer than to encode it. */
const scratch = Buffer.alloc(1_024);

/** A text's UTF-8 as base64url without padding. */
export function base64url(text: string): string {
  if (text.length > scratch.length / 4) return Buffer.from(text).toString('base64url');
  return scratch.toString('base64url', 0, scratch.write(text));
}
