/**
 * FNV-1a, 32 bits: names a list in its cursors, detects cursors that were cut or changed, and recognises texts. It protects nothing.
 * @param hash the checksum of what precedes the text
 */
export function fnv1a(text: string, hash = 0x811c9dc5): number {
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
