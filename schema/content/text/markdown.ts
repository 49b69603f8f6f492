// Converts HTML to Markdown, for people who edit texts that were imported.
import Turndown from 'turndown';
import { encodeAttribute } from './entities.ts';
import { prepareAnchors } from './markdown-anchors.ts';
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
  nextSibling: Ancestor | null;
  textContent: string | null;
}

/** The part of the DOM that is used here: TypeScript has none without a browser. */
interface Element extends Ancestor {
  outerHTML: string;
  textContent: string;
  childNodes: ArrayLike<{ nodeType: number }>;
  children: ArrayLike<Element>;
  getAttribute(name: string): string | null;
  getElementsByTagName(name: string): ArrayLike<Element>;
}

/** Markdown has no syntax for these and accepts them as HTML. */
const INLINE_HTML: Turndown.TagName[] = ['sup', 'sub', 'mark', 'kbd', 'abbr', 'ins', 'u', 'small', 'time', 'ruby'];
const BLOCK_HTML: Turndown.TagName[] = ['figure', 'audio', 'video', 'iframe', 'details', 'dl'];

/** Elements that a Markdown table can have. A table with any other stays HTML. */
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
  replacement: (_content, node: Element) => {
    if (isInCode(node)) return '\n';
    if (isOnOneLine(node)) return '<br>';
    return endsParagraph(node) ? '' : '\\\n';
  },
});
// Code in a line of Markdown has no line breaks, so each line is code of its own.
turndown.addRule('codeLines', {
  filter: (node) => node.nodeName === 'CODE' && (node as Element).getElementsByTagName('br').length > 0,
  replacement: (content, node: Element) => {
    const lines = content.split('\n').flatMap((line) => (line.trim() === '' ? [] : [codeSpan(line.trim())]));
    const mark = isOnOneLine(node) ? '<br>' : '\\\n';
    return `${lines.join(mark)}${content.trimEnd() === content || endsParagraph(node) ? '' : mark}`;
  },
});
turndown.addRule('numberedItem', {
  filter: (node) => node.nodeName === 'LI' && node.parentNode?.nodeName === 'OL',
  replacement: (content, node) => {
    const marker = `${nextNumber(node.parentNode as unknown as Element)}. `;
    const text = content.replace(/^\n+|\n+$/g, '').replace(/\n/g, `\n${' '.repeat(marker.length)}`);
    return `${marker}${text}\n${content.endsWith('\n') ? '\n' : ''}`;
  },
});
// Markdown reads two consecutive lists of one kind as one list.
turndown.addRule('nextList', {
  filter: (node) => /^(UL|OL)$/.test(node.nodeName) && node.previousSibling?.nodeName === node.nodeName,
  replacement: (content) => `\n\n<!-- -->\n\n${content}\n\n`,
});
turndown.addRule('strikethrough', {
  filter: ['s', 'del'],
  replacement: (content) => (content.trim() ? `~~${content}~~` : ''),
});

turndown.addRule('checkbox', {
  filter: 'input',
  replacement: (_content, node: Element) => (node.getAttribute('checked') === null ? '[ ] ' : '[x] '),
});
turndown.addRule('anchor', {
  filter: (node) => node.nodeName === 'A' && !node.getAttribute('href') && !!node.getAttribute('id'),
  replacement: (content, node: Element) => `<a id="${encodeAttribute(node.getAttribute('id')!)}"></a>${content}`,
});
turndown.addRule('note', {
  filter: (node) => node.nodeName === 'LI' && !!node.getAttribute('id'),
  replacement: (content, node: Element) =>
    `\n\n[^${noteLabel(node.getAttribute('id')!)}]: ${content.trim().replace(/\n(?=[^\n])/g, '\n    ')}\n\n`,
});
turndown.addRule('noteReference', {
  filter: (node) => node.nodeName === 'SUP' && node.getAttribute('class') === 'footnote-ref',
  replacement: (_content, node: Element) => `[^${noteLabel(node.children[0]!.getAttribute('href')!.slice(1))}]`,
});
turndown.addRule('backLink', {
  filter: (node) => node.nodeName === 'A' && node.getAttribute('class') === 'footnote-backref',
  replacement: () => '',
});

// The library escapes Markdown's own syntax. Where HTML is allowed, `<`, `&` and `~~` have a meaning, too.
const escapeMarkdown = turndown.escape.bind(turndown);
// An address that is no link stays none.
turndown.escape = (text) => escapeMarkdown(text).replace(/[<~]|&(?=#?\w+;)|\/(?=\/)|:(?<=\bmailto:)/gi, '\\$&');

turndown.addRule('preformatted', {
  filter: 'pre',
  replacement: (_content, node: Element) => {
    const code = onlyCode(node);
    return code === null ? block(node) : fence(code.textContent, languageOf(code) ?? languageOf(node) ?? '');
  },
});
turndown.addRule('link', {
  filter: (node) => node.nodeName === 'A' && !!node.getAttribute('href'),
  // In a link no address becomes a link.
  replacement: (content, node: Element) =>
    content.trim() === ''
      ? ''
      : `[${content.replace(/\\\/(?=\/)/g, '/')}](${destination(node.getAttribute('href')!)}${titleOf(node)})`,
});
// A link around blocks stays HTML. Its tag must stand alone in its line, or the line is a paragraph.
turndown.addRule('linkAroundBlocks', {
  filter: (node) => node.nodeName === 'A' && Array.from((node as Element).getElementsByTagName('*')).some(isBlock),
  replacement: (_content, node) => block(node).replace(/^(\n\n<a [^<>]*>)([\s\S]*)<\/a>\n\n$/, '$1\n$2\n</a>\n\n'),
});
turndown.addRule('picture', {
  filter: 'img',
  replacement: (_content, node: Element) => {
    const source = node.getAttribute('src');
    if (!source) return '';
    const text = turndown.escape(oneLine(node.getAttribute('alt') ?? ''));
    return `![${text}](${destination(source)}${titleOf(node)})`;
  },
});

/** Markdown that renders like the HTML. */
export function toMarkdown(html: string): string {
  return turndown.turndown(
    prepareAnchors(sanitizeHtml(html, 'article')).replace(LONG_SPACE, (space) => space.slice(0, MAX_SPACE)),
  );
}

/** The HTML as one block of HTML in Markdown, which is the cheaper conversion. */
export function toHtmlBlock(html: string): string {
  // An empty line would end the block.
  return `<div>${sanitizeHtml(html, 'article').trim().replace(EMPTY_LINE, '&#10;')}</div>`;
}

/** The line break before an empty line. */
const EMPTY_LINE = /\n(?=[ \t]*\n)/g;

/** Characters of a run of white space. The library takes time in the square of its length, and no text needs more. */
const MAX_SPACE = 200;
const LONG_SPACE = new RegExp(`\\s{${MAX_SPACE},}`, 'g');

/** The next number of each list. The library counts each item from the first, which takes the square of the items. */
const numbers = new WeakMap<Element, number>();

function nextNumber(list: Element): number {
  const number = numbers.get(list) ?? Number(list.getAttribute('start') ?? 1);
  numbers.set(list, number + 1);
  return number;
}

/** The label of the note with an id, such as `fn-1`. */
function noteLabel(id: string): string {
  return id.replace(/^fn[-:]?(?=.)/, '').replace(/[[\]]/g, '');
}

function isBlock({ nodeName }: Ancestor): boolean {
  return /^(?:P|DIV|H[1-6]|UL|OL|DL|BLOCKQUOTE|PRE|FIGURE|TABLE|SECTION|HR|DETAILS|ADDRESS)$/.test(nodeName);
}

/** An element as HTML. An empty line in it would end the HTML for a Markdown parser. */
function block(node: Element): string {
  return `\n\n${node.outerHTML.replace(EMPTY_LINE, '&#10;')}\n\n`;
}

/** The element whose text a preformatted one shows, without formatting; null if it has some. */
function onlyCode(pre: Element): Element | null {
  const [code] = Array.from(pre.children);
  const shown = code?.nodeName === 'CODE' && pre.childNodes.length === 1 ? code : pre;
  return shown.children.length === 0 ? shown : null;
}

function languageOf(element: Element): string | undefined {
  return /(?:^|\s)language-(\S+)/.exec(element.getAttribute('class') ?? '')?.[1];
}

/** A fenced block of code. The fence is longer than any run of its character in the code. */
function fence(code: string, language: string): string {
  const runs = Array.from(code.matchAll(/`{3,}/g), ([run]) => run.length);
  const marks = '`'.repeat(Math.max(2, ...runs) + 1);
  return `\n\n${marks}${language}\n${code.replace(/\n$/, '')}\n${marks}\n\n`;
}

function titleOf(element: Element): string {
  const title = element.getAttribute('title');
  return title ? ` "${turndown.escape(oneLine(title)).replace(/"/g, '\\"')}"` : '';
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

/** The address of a link or picture, in angle brackets if it has a character that would end it. */
function destination(address: string): string {
  return /[\s()<>]/.test(address) ? `<${address.replace(/[<>]/g, '\\$&')}>` : address;
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

/** One line as code, in marks that are longer than any run of them in it. */
function codeSpan(line: string): string {
  const marks = '`'.repeat(Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length)) + 1);
  const space = /^`|`$/.test(line) ? ' ' : '';
  return `${marks}${space}${line}${space}${marks}`;
}

function isInCode(node: Ancestor): boolean {
  for (let above = node.parentNode; above; above = above.parentNode) if (above.nodeName === 'CODE') return true;
  return false;
}

/** Siblings of a line break that are looked at. */
const MAX_SIBLINGS = 20;

/** Whether nothing that is shown follows a line break in its paragraph. Markdown would show its mark there. */
function endsParagraph(node: Ancestor): boolean {
  for (let from = node; ; from = from.parentNode!) {
    let next = from.nextSibling;
    for (let count = 0; next && isNothing(next); next = next.nextSibling) if (++count > MAX_SIBLINGS) return false;
    if (next) return isBlock(next);
    if (from.parentNode === null || !INLINE.test(from.parentNode.nodeName)) return true;
  }
}

function isNothing({ nodeName, textContent }: Ancestor): boolean {
  return nodeName === 'BR' || (nodeName === '#text' && textContent?.trim() === '');
}

const INLINE = /^(?:A|B|STRONG|I|EM|S|DEL|CITE|Q|SPAN)$/;

/** Whether a Markdown text must stay in one line: in tables and headings. */
function isOnOneLine(node: Element): boolean {
  for (let above: Ancestor | null = node.parentNode; above; above = above.parentNode)
    if (/^(TABLE|H[1-6])$/.test(above.nodeName)) return true;
  return false;
}
