// Marks that turn the direction of writing reach to the end of their paragraph. Inserted into a page, in a line with
// other words, an open one would turn those as well: each is closed where its line ends, and none closes another's.

const EMBEDDINGS = /[\u202A\u202B\u202D\u202E]/;
const ISOLATES = /[\u2066-\u2068]/;
const POP_EMBEDDING = '\u202C';
const POP_ISOLATE = '\u2069';
const MARKS = /[\u202A-\u202E\u2066-\u2069]/;

/** Tags that do not end a line, in HTML that was sanitised for visitors. */
const INLINE_TAG = /^<\/?(?:a|b|strong|i|em|s|del|ins|u|code|kbd|samp|var|q|cite)[ >]/;

/** The same HTML (or plain text), with marks of direction that cannot reach outside of their line. */
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
  // A mark that closes nothing of its own line would close something around it.
  else if (part === POP_EMBEDDING && open.at(-1) === POP_EMBEDDING) open.pop();
  else if (part === POP_ISOLATE && open.includes(POP_ISOLATE)) open.length = open.lastIndexOf(POP_ISOLATE);
  else return '';
  return part;
}
