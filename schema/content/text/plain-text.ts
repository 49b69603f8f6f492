// Converts rendered HTML to plain text, as a person would type it.
import { compile, type FormatCallback } from 'html-to-text';
import { isBlank } from './text-rules.ts';

/** An image becomes its alternative text, and nothing without one. */
const alternativeText: FormatCallback = (element, _walk, builder) => {
  const alt: unknown = element.attribs.alt;
  if (typeof alt === 'string' && alt !== '') builder.addInline(alt);
};

/** "1. ", "2. " without the library's leading space. */
const numberedList: FormatCallback = (element, walk, builder, options) => {
  const nested = element.parent?.name === 'li';
  const items = element.children.filter(({ name }) => name === 'li');
  const start = Number(element.attribs.start ?? 1);
  builder.openList({
    interRowLineBreaks: 1,
    leadingLineBreaks: nested ? 1 : (options.leadingLineBreaks ?? 2),
    maxPrefixLength: `${start + items.length - 1}. `.length,
    prefixAlign: 'left',
  });
  for (const [index, item] of items.entries()) {
    builder.openListItem({ prefix: `${start + index}. ` });
    walk(item.children, builder);
    builder.closeListItem();
  }
  builder.closeList({ trailingLineBreaks: nested ? 1 : (options.trailingLineBreaks ?? 2) });
};

/** A row becomes a line. The library's aligned columns take time in the square of the rows and the product of a cell's spans. */
const tableRow: FormatCallback = (element, walk, builder) => {
  let cells = 0;
  builder.openBlock({ leadingLineBreaks: 1 });
  for (const child of element.children) {
    const isCell = child.name === 'td' || child.name === 'th';
    // A row of an old page may have text beside its cells.
    if (!isCell && child.name === undefined && isBlank(child.data ?? '')) continue;
    if (cells > 0) builder.addInline(' | ');
    cells += 1;
    walk(isCell ? child.children : [child], builder);
  }
  builder.closeBlock({ trailingLineBreaks: 1 });
};

/** The checkbox of a task. */
const checkbox: FormatCallback = (element, _walk, builder) => {
  builder.addInline(element.attribs.checked === undefined ? '[ ] ' : '[x] ');
};

const paragraph = { leadingLineBreaks: 2, trailingLineBreaks: 2 };

const convert = compile({
  wordwrap: false,
  formatters: { alternativeText, numberedList, tableRow, checkbox },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'a.footnote-backref', format: 'skip' },
    { selector: 'input', format: 'checkbox' },
    { selector: 'img', format: 'alternativeText' },
    { selector: 'iframe', format: 'skip' },
    { selector: 'ul', options: { itemPrefix: '- ', ...paragraph } },
    { selector: 'ol', format: 'numberedList', options: paragraph },
    { selector: 'blockquote', options: { trimEmptyLines: false, ...paragraph } },
    { selector: 'figcaption', format: 'paragraph', options: paragraph },
    { selector: 'hr', options: { length: 3, ...paragraph } },
    { selector: 'table', format: 'block', options: paragraph },
    { selector: 'tr', format: 'tableRow' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
      selector,
      options: { uppercase: false, ...paragraph },
    })),
  ],
});

const PARAGRAPH = /^<p>([^<>&]+)<\/p>$/;
/** White space that the text of a paragraph has in another way. A pattern of its own: one for all words overflows on a long text. */
const OTHER_SPACE = /^ | $| {2}|[^\S ]|\u200b/;

/** Empty for HTML that shows no text, such as an empty quote, a rule or an empty list. */
export function plainText(html: string): string {
  const shown = html.replace(/<[^<>]*>/g, (tag) => ALTERNATIVE_TEXT.exec(tag)?.[1] ?? '');
  if (isBlank(shown)) return '';
  // As most comments are: words with a space between them need no conversion.
  const words = PARAGRAPH.exec(html)?.[1];
  return words !== undefined && !OTHER_SPACE.test(words) ? words : textOf(html);
}

const ALTERNATIVE_TEXT = /^<img [^<>]* alt="([^"]*)"/;

/** The text of sanitised HTML: an empty line between paragraphs, a mark before each list item, links without their address. */
function textOf(html: string): string {
  // The library pads lines with spaces and blocks with empty lines.
  return convert(html)
    .replace(/(?<![ \t])[ \t]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
