import { escapeHtml } from './embeds.ts';

/** Finds the ends of tags, in time linear in the length of the source. */
export class TagEnds {
  readonly #source: string;
  /** Where a quoted value begins in what turned out to be no tag: scans that meet there go on alike. */
  readonly #failed = new Set<number>();

  constructor(source: string) {
    this.#source = source;
  }

  /** The position behind the tag that begins at `start`; -1 if the `<` begins no tag. As in browsers, values hold any `>`. */
  after(start: number): number {
    const stops = /["'<>]/g;
    const quotes: number[] = [];
    stops.lastIndex = start + 1;
    for (let stop = stops.exec(this.#source); stop && stop[0] !== '<'; stop = stops.exec(this.#source)) {
      if (stop[0] === '>') return stops.lastIndex;
      if (!this.#beginsValue(stop.index)) continue;
      if (this.#failed.has(stop.index)) break;
      quotes.push(stop.index);
      const end = this.#source.indexOf(stop[0], stops.lastIndex);
      if (end === -1) break;
      stops.lastIndex = end + 1;
    }
    for (const quote of quotes) this.#failed.add(quote);
    return -1;
  }

  /** Elsewhere a quotation mark is part of a name or of a value without quotation marks. */
  #beginsValue(quote: number): boolean {
    return /=\s{0,20}$/.test(this.#source.slice(Math.max(0, quote - 21), quote));
  }
}

/** Lower-case name of the tag that begins at `start`, with a slash before it for a closing one; empty for no tag. */
export function tagName(source: string, start: number): string {
  const name = /<(\/?[a-z][^\s/<>"'=]{0,40})/iy;
  name.lastIndex = start;
  return name.exec(source)?.[1]?.toLowerCase() ?? '';
}

/** Attributes by lower-case name, with references in their values as they are written. */
export function tagAttributes(tag: string): Map<string, string> {
  const attributes = new Map<string, string>();
  const inner = tag.replace(/^<\/?[^\s/<>"'=]*/, '').replace(/\/?>$/, '');
  for (const [, name, double, single, bare] of inner.matchAll(
    /([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?/g,
  )) {
    const key = name!.toLowerCase();
    if (!attributes.has(key)) attributes.set(key, double ?? single ?? bare ?? '');
  }
  return attributes;
}

/**
 * The tag on one line, without angle and square brackets inside: later steps neither take its values for text, lines,
 * tags or shortcodes, nor its end for another. Parsers read the references in it as the characters that they replace.
 */
export function flatTag(tag: string): string {
  const inner = tag
    .slice(1, -1)
    .replace(/[<>[\]]/g, (character) => REFERENCES[character]!)
    .replace(/(=\s{0,20}(?:"[^"]*"|'[^']*'))|\n/g, (_, value?: string) => value?.replace(/\n/g, '&#10;') ?? ' ');
  return `<${inner}>`;
}

const REFERENCES: Record<string, string> = { '<': '&lt;', '>': '&gt;', '[': '&#91;', ']': '&#93;' };

/** Finds closing tags. The search for one that a text lacks is not repeated, so all searches together take linear time. */
export class ClosingTags {
  readonly #source: string;
  readonly #missing = new Set<string>();

  constructor(source: string) {
    this.#source = source;
  }

  /** The closing tag's start and end; null if none follows. */
  after(position: number, name: string): { start: number; end: number } | null {
    if (this.#missing.has(name)) return null;
    const closing = new RegExp(`</${name}\\s*>`, 'gi');
    closing.lastIndex = position;
    const found = closing.exec(this.#source);
    if (found) return { start: found.index, end: closing.lastIndex };
    this.#missing.add(name);
    return null;
  }
}

/** Elements that a preformatted text may have. Any other tag in it was typed to be read. */
const FORMATTING = new Set([
  ...[
    'a',
    'b',
    'strong',
    'i',
    'em',
    'u',
    's',
    'strike',
    'del',
    'ins',
    'span',
    'font',
    'code',
    'kbd',
    'samp',
    'var',
    'tt',
  ],
  ...['sub', 'sup', 'mark', 'big', 'small', 'abbr', 'acronym', 'cite', 'q', 'br', 'img', 'p', 'div', 'ol', 'ul', 'li'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'blockquote', 'pre', 'center'],
]);

/** What nobody writes into a preformatted text but as an example. */
const EXAMPLE = /<\?|<!|<\/?(?:html|head|body|script|style|meta|link|title)\b/i;

/** Code as HTML. Editors store it as it was typed, or with references and with line breaks as tags. */
export function codeText(stored: string): string {
  const isEncoded = /&[lg]t;/.test(stored) || (!stored.includes('<') && /&(?:amp|quot|#\d+);/.test(stored));
  return isEncoded ? markupOrText(stored.replace(/<br *\/?>\n?|<\/p>\n*<p>/g, '\n'), () => false) : escapeHtml(stored);
}

/** The content of a preformatted element: formatting stays, and everything else that looks like a tag becomes text. */
export function preformatted(content: string): string {
  const isExample = EXAMPLE.test(content) && !content.includes('&lt;');
  return markupOrText(content, (name) => !isExample && FORMATTING.has(name.replace(/^\//, '')));
}

function markupOrText(source: string, isMarkup: (name: string) => boolean): string {
  const out: string[] = [];
  const ends = new TagEnds(source);
  let from = 0;
  for (let start = source.indexOf('<'); start !== -1; start = source.indexOf('<', Math.max(from, start + 1))) {
    const end = isMarkup(tagName(source, start)) ? ends.after(start) : -1;
    out.push(source.slice(from, start), end === -1 ? '&lt;' : flatTag(source.slice(start, end)));
    from = end === -1 ? start + 1 : end;
  }
  out.push(source.slice(from));
  return out.join('');
}
