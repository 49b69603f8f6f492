import { BLOCK_MARK } from './kept-pieces.ts';

/** Block elements. They end a paragraph. */
const BLOCKS = new Set([
  ...['p', 'div', 'blockquote', 'section', 'article', 'aside', 'main', 'header', 'footer', 'nav', 'form', 'fieldset'],
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'pre', 'script', 'style', 'textarea', 'svg', 'math', 'iframe'],
  ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'figure', 'figcaption', 'details', 'summary', 'address', 'center'],
  ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'audio', 'video', 'object'],
]);

/** Elements whose content is not changed. Others of their kind are kept pieces before paragraphs are made. */
const VERBATIM = new Set(['svg', 'math', 'audio', 'video']);

/** Tags, blocks that are kept as they are, and the text between them. Tags have no angle brackets inside. */
const TOKEN = new RegExp(`<[^<>]*>|${BLOCK_MARK}|[^<\\ufdd0]+|.`, 'gs');
const IS_BLOCK_MARK = new RegExp(`^${BLOCK_MARK}$`);

const NEVER_CLOSED = new Set(['hr', 'col']);

/** Containers whose own text becomes paragraphs. */
const FLOW = new Set([
  ...['div', 'blockquote', 'section', 'article', 'aside', 'main', 'header', 'footer', 'nav', 'form', 'fieldset'],
  ...['details', 'center', 'a'],
]);

/** Containers whose own text becomes paragraphs if it has a blank line. */
const OPTIONAL_FLOW = new Set(['li', 'td', 'th', 'dd', 'address', 'figcaption', 'caption']);

/** Containers whose own text keeps its line breaks. */
const LINE_CONTAINERS = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'dt', 'summary', ...OPTIONAL_FLOW]);

/**
 * Turns blank lines into paragraphs and other line breaks into `<br />`, as WordPress does when it renders what the
 * classic editor and its comment form store. The source is scanned (scan-body.ts). Takes time linear in the length. WordPress' own rules take quadratic time:
 * 40 s for 100,000 spaces.
 */
export function addParagraphs(source: string): string {
  const out: string[] = [];
  const open = new OpenElements();
  let inline: string[] = [];
  let verbatim: string | null = null;
  const flushInline = () => {
    if (inline.length > 0) out.push(formatText(inline.join(''), open.innermost));
    inline = [];
  };
  const tokens = Array.from(source.matchAll(TOKEN), ([token]) => token);
  const blockLinks = linksAroundBlocks(tokens);
  for (const [index, token] of tokens.entries()) {
    const { slash, name } = tagOf(token);
    if (verbatim !== null) {
      out.push(token);
      if (slash && name === verbatim) verbatim = null;
    } else if (IS_BLOCK_MARK.test(token)) {
      flushInline();
      if (open.innermost === 'p') open.close('p');
      out.push(token);
    } else if (!BLOCKS.has(name) && !blockLinks.has(index)) {
      inline.push(token);
    } else {
      flushInline();
      if (open.innermost === 'p') open.close('p');
      out.push(token);
      if (slash) open.close(name);
      else if (VERBATIM.has(name)) verbatim = token.endsWith('/>') ? null : name;
      else if (!NEVER_CLOSED.has(name)) open.push(name);
    }
  }
  flushInline();
  return out.join('');
}

function tagOf(token: string): { slash: string; name: string } {
  const [, slash = '', name = ''] = /^<(\/?)([a-z][a-z0-9-]*)/i.exec(token) ?? [];
  return { slash, name: name.toLowerCase() };
}

/** The places of the tags of links that have blocks or several paragraphs in them: these are blocks themselves. */
function linksAroundBlocks(tokens: readonly string[]): Set<number> {
  const found = new Set<number>();
  let link: { start: number; hasBlock: boolean } | null = null;
  for (const [index, token] of tokens.entries()) {
    const { slash, name } = tagOf(token);
    if (name === 'a' && !slash) link = { start: index, hasBlock: false };
    else if (name === 'a' && link) {
      if (link.hasBlock) found.add(link.start).add(index);
      link = null;
    } else if (
      link &&
      (BLOCKS.has(name) || IS_BLOCK_MARK.test(token) || (name === '' && /\S[ \t]*\n\s*\n\s*\S/.test(token)))
    )
      link.hasBlock ||= true;
  }
  return found;
}

function formatText(text: string, container: string | undefined): string {
  const trimmed = text.trim();
  if (trimmed === '') return text.includes('\n') ? '\n' : text;
  const parts = trimmed.split(/\n\s*\n/);
  if (container === undefined || FLOW.has(container) || (OPTIONAL_FLOW.has(container) && parts.length > 1)) {
    const before = text.slice(0, text.length - text.trimStart().length).includes('\n') ? '\n' : '';
    const after = text.slice(text.trimEnd().length).includes('\n') ? '\n' : '';
    return before + parts.map((part) => `<p>${addLineBreaks(part.trim())}</p>`).join('\n') + after;
  }
  return LINE_CONTAINERS.has(container) ? addLineBreaks(text.replace(/^\n+|\n+$/g, '')) : text;
}

function addLineBreaks(text: string): string {
  return text
    .split('\n')
    .map((line, index, lines) => (index === lines.length - 1 || /<br *\/?>$/i.test(line) ? line : `${line}<br />`))
    .join('\n');
}

/** The stack of open elements, with counts by name: a closing tag without an opening one is found without a search. */
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
