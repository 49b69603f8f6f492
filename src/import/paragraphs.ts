// The classic editor and comment forms keep paragraphs as empty lines, and line breaks as line breaks.

/** Start something of their own: no paragraph reaches across them. */
const BLOCKS = new Set([
  ...['p', 'div', 'blockquote', 'section', 'article', 'aside', 'main', 'header', 'footer', 'nav', 'form', 'fieldset'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'pre', 'script', 'style', 'textarea', 'svg', 'math', 'iframe'],
  ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'figure', 'figcaption', 'details', 'summary', 'address', 'center'],
  ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'audio', 'video', 'object'],
]);

/** Their lines are theirs. */
const VERBATIM = new Set(['pre', 'script', 'style', 'textarea', 'svg', 'math', 'iframe', 'audio', 'video', 'object']);

const NEVER_CLOSED = new Set(['hr', 'col']);

/** Text directly in them stands in paragraphs. */
const FLOW = new Set([
  ...['div', 'blockquote', 'section', 'article', 'aside', 'main', 'header', 'footer', 'nav', 'form', 'fieldset'],
  ...['details', 'center'],
]);

/** Text directly in them stands in paragraphs when there is more than one. */
const MAYBE_FLOW = new Set(['li', 'td', 'th', 'dd', 'address', 'figcaption', 'caption']);

/** Text directly in them keeps its line breaks. */
const LINES = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'dt', 'summary', ...MAYBE_FLOW]);

/** HTML whose empty lines have become paragraphs, and whose other line breaks `<br />`. Linear in the length. */
export function paragraphs(source: string): string {
  const out: string[] = [];
  const open = new OpenElements();
  let inline: string[] = [];
  let verbatim: string | null = null;
  const flush = () => {
    if (inline.length > 0) out.push(inContainer(inline.join(''), open.innermost));
    inline = [];
  };
  for (const [token] of source.replace(/\r\n?/g, '\n').matchAll(/<[^<>]*>|[^<]+|</g)) {
    const [, slash, written] = /^<(\/?)([a-z][a-z0-9-]*)/i.exec(token) ?? [];
    const name = written?.toLowerCase() ?? '';
    if (verbatim !== null) {
      out.push(token);
      if (slash && name === verbatim) verbatim = null;
    } else if (!BLOCKS.has(name)) {
      inline.push(token);
    } else {
      flush();
      if (open.innermost === 'p') open.close('p');
      out.push(token);
      if (slash) open.close(name);
      else if (VERBATIM.has(name)) verbatim = token.endsWith('/>') ? null : name;
      else if (!NEVER_CLOSED.has(name)) open.push(name);
    }
  }
  flush();
  return out.join('');
}

function inContainer(text: string, container: string | undefined): string {
  const trimmed = text.trim();
  if (trimmed === '') return text.includes('\n') ? '\n' : text;
  const parts = trimmed.split(/\n\s*\n/);
  if (container === undefined || FLOW.has(container) || (MAYBE_FLOW.has(container) && parts.length > 1)) {
    const before = text.slice(0, text.length - text.trimStart().length).includes('\n') ? '\n' : '';
    const after = text.slice(text.trimEnd().length).includes('\n') ? '\n' : '';
    return before + parts.map((part) => `<p>${withBreaks(part.trim())}</p>`).join('\n') + after;
  }
  return LINES.has(container) ? withBreaks(text.replace(/^\n+|\n+$/g, '')) : text;
}

function withBreaks(text: string): string {
  return text
    .split('\n')
    .map((line, index, lines) => (index === lines.length - 1 || /<br *\/?>$/i.test(line) ? line : `${line}<br />`))
    .join('\n');
}

/** Counts what is open, so that a closing tag of nothing costs nothing. */
class OpenElements {
  readonly #names: string[] = [];
  readonly #counts = new Map<string, number>();

  get innermost(): string | undefined {
    return this.#names.at(-1);
  }

  push(name: string): void {
    this.#names.push(name);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  close(name: string): void {
    if (!this.#counts.get(name)) return;
    for (let closed: string | undefined; closed !== name; ) {
      closed = this.#names.pop()!;
      this.#counts.set(closed, this.#counts.get(closed)! - 1);
    }
  }
}
