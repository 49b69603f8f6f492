// A mark that changes the direction of writing is valid until the end of its paragraph. When a text is inserted into a
// line with other text, an open mark would reverse that, too. So each mark is closed at the end of its line, and a closing
// mark without an opening one is removed.

const EMBEDDINGS = /[\u202A\u202B\u202D\u202E]/;
const ISOLATES = /[\u2066-\u2068]/;
const POP_EMBEDDING = '\u202C';
const POP_ISOLATE = '\u2069';
const MARKS = /[\u202A-\u202E\u2066-\u2069]/;

/** Tags that do not end a line, of those that comments, bios and headlines may have. */
const INLINE_TAG = /^<\/?(?:a|mark|b|strong|i|em|s|del|ins|u|code|kbd|samp|var|q|cite)[ >]/;

/** A tag, the end of a line, or a mark. Sanitised HTML has no `<` inside a tag. */
const PARTS = /(<[^<>]*>|[\r\n\u2028\u2029]|[\u202A-\u202E\u2066-\u2069])/;

/** Closes the marks of direction in HTML or plain text at the end of their line. */
export function closeBidiMarks(html: string): string {
  if (!MARKS.test(html)) return html;
  const open = new OpenMarks();
  return (
    html
      .split(PARTS)
      .map((part) => closed(part, open))
      .join('') + open.closeAll()
  );
}

function closed(part: string, open: OpenMarks): string {
  if (/^[\r\n\u2028\u2029]$/.test(part) || (part.startsWith('<') && !INLINE_TAG.test(part)))
    return open.closeAll() + part;
  if (part.length !== 1 || !MARKS.test(part)) return part;
  if (EMBEDDINGS.test(part)) open.push(POP_EMBEDDING);
  else if (ISOLATES.test(part)) open.push(POP_ISOLATE);
  // A closing mark without an opening one in its line would close a mark of the surrounding text.
  else if (!open.close(part)) return '';
  return part;
}

/** The marks that are open in a line, each as the mark that closes it. */
class OpenMarks {
  #marks: string[] = [];
  #isolates = 0;

  push(closing: string): void {
    this.#marks.push(closing);
    if (closing === POP_ISOLATE) this.#isolates += 1;
  }

  /** Whether the closing mark closes one. The end of an isolate also closes the embeddings inside it. */
  close(closing: string): boolean {
    if (closing === POP_EMBEDDING) {
      if (this.#marks.at(-1) !== POP_EMBEDDING) return false;
      this.#marks.pop();
      return true;
    }
    if (this.#isolates === 0) return false;
    this.#isolates -= 1;
    while (this.#marks.pop() !== POP_ISOLATE);
    return true;
  }

  closeAll(): string {
    this.#isolates = 0;
    return this.#marks.splice(0).reverse().join('');
  }
}
