// A mark that changes the direction of writing is valid until the end of its paragraph. When a text is inserted into a
// line with other text, an open mark would reverse that, too. So each mark is closed at the end of its line, and a closing
// mark without an opening one is removed.

const EMBEDDINGS = /[\u202A\u202B\u202D\u202E]/;
const ISOLATES = /[\u2066-\u2068]/;
const POP_EMBEDDING = '\u202C';
const POP_ISOLATE = '\u2069';
const MARKS = /[\u202A-\u202E\u2066-\u2069]/;

/** Tags that do not end a line, of those that comments and bios may have. */
const INLINE_TAG = /^<\/?(?:a|b|strong|i|em|s|del|ins|u|code|kbd|samp|var|q|cite)[ >]/;

/** Closes the marks of direction in HTML or plain text at the end of their line. */
export function closeBidiMarks(html: string): string {
  if (!MARKS.test(html)) return html;
  const open: string[] = [];
  const closeAll = (): string => open.splice(0).reverse().join('');
  const parts = html.split(/(<[^>]*>|[\r\n\u2028\u2029]|[\u202A-\u202E\u2066-\u2069])/);
  return parts.map((part) => closed(part, open, closeAll)).join('') + closeAll();
}

function closed(part: string, open: string[], closeAll: () => string): string {
  if (/^[\r\n\u2028\u2029]$/.test(part) || (part.startsWith('<') && !INLINE_TAG.test(part))) return closeAll() + part;
  if (part.length !== 1 || !MARKS.test(part)) return part;
  if (EMBEDDINGS.test(part)) open.push(POP_EMBEDDING);
  else if (ISOLATES.test(part)) open.push(POP_ISOLATE);
  // A closing mark without an opening one in its line would close a mark of the surrounding text.
  else if (part === POP_EMBEDDING && open.at(-1) === POP_EMBEDDING) open.pop();
  else if (part === POP_ISOLATE && open.includes(POP_ISOLATE)) open.length = open.lastIndexOf(POP_ISOLATE);
  else return '';
  return part;
}
