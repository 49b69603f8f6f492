// Markdown out of HTML, for people who edit what was written elsewhere.
import Turndown from 'turndown';
import type { TextFormat } from '../../../prisma/client/enums.ts';
import { sanitizeHtml } from './sanitize.ts';

const turndown = new Turndown({
  headingStyle: 'atx',
  hr: '---',
  bulletListMarker: '-',
  codeBlockStyle: 'fenced',
  emDelimiter: '*',
});

interface Ancestor {
  nodeName: string;
  parentNode: Ancestor | null;
}

/** As much of the DOM as is read here: TypeScript has none without a browser. */
interface Element extends Ancestor {
  outerHTML: string;
  children: ArrayLike<Element>;
  getAttribute(name: string): string | null;
  getElementsByTagName(name: string): ArrayLike<Element>;
}

/** Markdown has no words for these, and takes them as HTML. */
const INLINE_HTML: Turndown.TagName[] = ['sup', 'sub', 'mark', 'kbd', 'abbr', 'ins', 'u', 'small', 'time', 'ruby'];
const BLOCK_HTML: Turndown.TagName[] = ['figure', 'audio', 'video', 'iframe', 'details', 'dl'];

/** What a cell of a Markdown table can hold; a table with anything else stays HTML. */
const CELL_CONTENT = /^(THEAD|TBODY|TR|TH|TD|A|B|STRONG|I|EM|S|DEL|CODE|BR|IMG|SUP|SUB|KBD|U|MARK)$/;

const DELIMITERS: Record<string, string> = {
  'has-text-align-left': ':---',
  'has-text-align-center': ':---:',
  'has-text-align-right': '---:',
};

turndown.keep(INLINE_HTML);
turndown.addRule('block', { filter: BLOCK_HTML, replacement: (_content, node) => block(node) });
turndown.addRule('table', {
  filter: 'table',
  replacement: (content, node) => (isPlainTable(node) ? `\n\n${content.trim()}\n\n` : block(node)),
});
turndown.addRule('tablePart', {
  filter: ['thead', 'tbody'],
  replacement: (content) => content,
});
turndown.addRule('row', {
  filter: 'tr',
  replacement: (content, node: Element) =>
    node.parentNode?.nodeName === 'THEAD' ? `${content}|\n${delimiters(node)}|\n` : `${content}|\n`,
});
turndown.addRule('cell', {
  filter: ['th', 'td'],
  replacement: (content) =>
    `| ${content
      .trim()
      .replace(/\|/g, '\\|')
      .replace(/\s*\n\s*/g, ' ')} `,
});
turndown.addRule('lineBreak', {
  filter: 'br',
  replacement: (_content, node) => (isOnOneLine(node) ? '<br>' : '\\\n'),
});
turndown.addRule('numberedItem', {
  filter: (node) => node.nodeName === 'LI' && node.parentNode?.nodeName === 'OL',
  replacement: (content, node) => {
    const marker = `${nextNumber(node.parentNode as unknown as Element)}. `;
    const text = content.replace(/^\n+|\n+$/g, '').replace(/\n/g, `\n${' '.repeat(marker.length)}`);
    return `${marker}${text}\n${content.endsWith('\n') ? '\n' : ''}`;
  },
});
// Two lists of one kind in a row would be read as one.
turndown.addRule('nextList', {
  filter: (node) => /^(UL|OL)$/.test(node.nodeName) && node.previousSibling?.nodeName === node.nodeName,
  replacement: (content) => `\n\n<!-- -->\n\n${content}\n\n`,
});
turndown.addRule('strikethrough', {
  filter: ['s', 'del'],
  replacement: (content) => (content.trim() ? `~~${content}~~` : ''),
});

// The library escapes what Markdown means; with HTML allowed, `<` and `&` mean something too, and so does `~~`.
const escapeMarkdown = turndown.escape.bind(turndown);
turndown.escape = (text) => escapeMarkdown(text).replace(/[<~]|&(?=#?\w+;)/g, '\\$&');

/** The Markdown of a source: as it was written, or converted from HTML such that it renders to the same reading. */
export function toMarkdown(source: string, format: TextFormat): string {
  if (format === 'MARKDOWN') return source;
  return turndown.turndown(sanitizeHtml(source, 'article').replace(LONG_SPACE, (space) => space.slice(0, MAX_SPACE)));
}

/** The library takes the square of a run of white space; none that long is writing. Characters. */
const MAX_SPACE = 200;
const LONG_SPACE = new RegExp(`\\s{${MAX_SPACE},}`, 'g');

/** The number each list is at. The library looks every item's place up from the first, the square of the items. */
const numbers = new WeakMap<Element, number>();

function nextNumber(list: Element): number {
  const number = numbers.get(list) ?? Number(list.getAttribute('start') ?? 1);
  numbers.set(list, number + 1);
  return number;
}

/** HTML as it is; an empty line inside it would end it for a Markdown parser. */
function block(node: Element): string {
  return `\n\n${node.outerHTML.replace(/\n\s*\n/g, '\n')}\n\n`;
}

function isPlainTable(table: Element): boolean {
  const parts = Array.from(table.getElementsByTagName('*'));
  const header = table.children[0];
  return (
    header?.nodeName === 'THEAD' &&
    header.children.length === 1 &&
    parts.every(
      (part) => CELL_CONTENT.test(part.nodeName) && !part.getAttribute('colspan') && !part.getAttribute('rowspan'),
    )
  );
}

function delimiters(row: Element): string {
  return Array.from(row.children, (cell) => `| ${DELIMITERS[cell.getAttribute('class') ?? ''] ?? '---'} `).join('');
}

/** Tables and headings of Markdown cannot go on in the next line. */
function isOnOneLine(node: Element): boolean {
  for (let above: Ancestor | null = node.parentNode; above; above = above.parentNode)
    if (/^(TABLE|H[1-6])$/.test(above.nodeName)) return true;
  return false;
}
