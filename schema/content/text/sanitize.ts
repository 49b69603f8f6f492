// The allow-list of rendered text. Any other element is removed, and its text stays.
import sanitize from 'sanitize-html';
import { completeLists } from './complete-lists.ts';
import { removeWithoutSource } from './remove-without-source.ts';
import { ARTICLE_SCHEMES, articleAttributes, VISITOR_SCHEMES, visitorAttributes } from './sanitize-attributes.ts';

/** Where a text is shown. Articles are by the staff and allow more than comments and bios, which visitors write. */
export type TextPlace = 'article' | 'comment' | 'bio';

/** Elements nested deeper lose their tags and keep their text: each level of a quote indents every line in it. */
const MAX_NESTING = { article: 40, visitor: 16 };

/**
 * Elements open at once while the HTML is parsed. Beyond it the whole source is shown as text. Old posts leave a few
 * hundred `<font>` open; the parser's cost for an element grows with the number of open ones.
 */
const MAX_OPEN_ELEMENTS = 1_000;

const INLINE = ['a', 'b', 'strong', 'i', 'em', 's', 'del', 'ins', 'u', 'code', 'kbd', 'samp', 'var', 'q', 'cite', 'br'];
const BLOCKS = ['p', 'ul', 'ol', 'li', 'blockquote', 'pre', 'hr'];
const COMMENT_HEADINGS = ['h4', 'h5', 'h6'];

const ARTICLE_ONLY = [
  ...['h1', 'h2', 'h3', 'div', 'figure', 'figcaption', 'details', 'summary', 'dl', 'dt', 'dd', 'address'],
  ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
  ...['sup', 'sub', 'small', 'mark', 'abbr', 'dfn', 'time', 'wbr', 'ruby', 'rb', 'rt', 'rp', 'bdi', 'bdo'],
  ...['img', 'audio', 'video', 'source', 'track', 'iframe', 'section', 'span', 'input'],
];

/** Elements that articles may not have, whose tags are replaced if they have an id, and else removed. */
const OTHER_BLOCKS = new Set([
  'article',
  'aside',
  'header',
  'footer',
  'main',
  'nav',
  'center',
  'hgroup',
  'form',
  'fieldset',
]);
const OTHER_INLINE = new Set(['font', 'big', 'tt', 'strike', 'acronym', 'label', 'nobr', 'blink']);

/** Their content is no text for readers: it is removed with the element. */
const DROPPED_WHOLE = [
  ...['script', 'style', 'textarea', 'select', 'option', 'xmp', 'svg', 'math', 'title', 'template'],
  ...['object', 'applet', 'noembed', 'noframes'],
];

const LIST_ATTRIBUTES = { ol: ['start', 'reversed', 'type'], li: ['value'] };

const ARTICLE_ATTRIBUTES = {
  '*': ['lang', 'dir', 'title', 'id'],
  a: ['href', 'rel', 'hreflang'],
  ...LIST_ATTRIBUTES,
  img: ['src', 'srcset', 'sizes', 'alt', 'width', 'height', 'loading'],
  audio: ['src', 'controls', 'loop', 'muted', 'preload'],
  video: ['src', 'controls', 'loop', 'muted', 'preload', 'poster', 'width', 'height', 'playsinline'],
  source: ['src', 'type'],
  track: ['src', 'kind', 'label', 'srclang', 'default'],
  iframe: ['src', 'width', 'height', 'sandbox', 'loading', 'allowfullscreen', 'referrerpolicy'],
  th: ['colspan', 'rowspan', 'scope'],
  td: ['colspan', 'rowspan'],
  col: ['span'],
  colgroup: ['span'],
  details: ['open'],
  time: ['datetime'],
  blockquote: ['cite'],
  q: ['cite'],
  input: ['type', 'disabled', 'checked'],
};

/** Alignment as in WordPress, the language for a syntax highlighter, and the parts of task lists and footnotes. */
const ARTICLE_CLASSES = {
  '*': [/^align(left|right|center|wide|full|none)$/, /^has-text-align-(left|right|center)$/],
  code: [/^language-[\w+#.-]{1,40}$/],
  pre: [/^language-[\w+#.-]{1,40}$/],
  ul: ['contains-task-list'],
  ol: ['contains-task-list'],
  li: ['task-list-item'],
  section: ['footnotes'],
  sup: ['footnote-ref'],
  a: ['footnote-backref'],
};

const options: Record<TextPlace, sanitize.IOptions> = {
  comment: visitorOptions(),
  bio: visitorOptions(),
  article: {
    allowedTags: [...INLINE, ...BLOCKS, ...COMMENT_HEADINGS, ...ARTICLE_ONLY],
    allowedAttributes: ARTICLE_ATTRIBUTES,
    allowedClasses: ARTICLE_CLASSES,
    allowedSchemes: ARTICLE_SCHEMES,
    allowedSchemesByTag: {
      img: ['http', 'https'],
      audio: ['http', 'https'],
      video: ['http', 'https'],
      iframe: ['https'],
    },
    nonTextTags: DROPPED_WHOLE,
    nestingLimit: MAX_NESTING.article,
    transformTags: {
      '*': (tagName, attribs) => ({
        tagName: withId(tagName, attribs),
        attribs: articleAttributes(tagName, attribs),
      }),
    },
  },
};

/** The element that keeps the id of one that articles may not have. Links lead to it. */
function withId(tagName: string, { id }: Record<string, string>): string {
  if (!id) return tagName;
  if (OTHER_BLOCKS.has(tagName)) return 'div';
  return OTHER_INLINE.has(tagName) ? 'span' : tagName;
}

function visitorOptions(): sanitize.IOptions {
  return {
    allowedTags: [...INLINE, ...BLOCKS, ...COMMENT_HEADINGS],
    allowedAttributes: { a: ['href', 'rel'], ...LIST_ATTRIBUTES },
    allowedClasses: { code: ARTICLE_CLASSES.code },
    allowedSchemes: VISITOR_SCHEMES,
    nonTextTags: DROPPED_WHOLE,
    nestingLimit: MAX_NESTING.visitor,
    transformTags: {
      '*': (tagName, attribs) => ({
        tagName: /^h[1-3]$/.test(tagName) ? 'h4' : tagName,
        attribs: visitorAttributes(tagName, attribs),
      }),
    },
  };
}

/** Paragraphs of text alone, as most comments are, stay as they are. To parse them took a tenth of the time of a new comment. */
const PARAGRAPHS = /^(?:<p>[^<>&\0\r]+<\/p>\n*)+$/;

/** HTML that has only what the place allows: it is safe to insert into a page. It never throws. */
export function sanitizeHtml(html: string, place: TextPlace): string {
  if (PARAGRAPHS.test(html)) return html;
  let open = 0;
  let links = 0;
  /** An image of a visitor's HTML becomes a link that shows its alternative text; inside a link it becomes that text. */
  const image: sanitize.Transformer = (_tag, { src, alt = '' }) => ({
    tagName: links > 0 || alt.trim() === '' || src === undefined ? 'img' : 'a',
    attribs: { href: src ?? '' },
    text: alt,
  });
  const { transformTags } = options[place];
  try {
    const safe = sanitize(html, {
      ...options[place],
      ...(place !== 'article' && { transformTags: { ...transformTags, img: image } }),
      onOpenTag: (name) => {
        open += 1;
        if (name === 'a') links += 1;
        if (open > MAX_OPEN_ELEMENTS) throw new TooManyOpenElements();
      },
      onCloseTag: (name) => {
        open -= 1;
        if (name === 'a') links -= 1;
      },
    });
    return completeLists(removeBareTags(removeWithoutSource(safe)));
  } catch (error) {
    if (!(error instanceof TooManyOpenElements)) throw error;
    return `<p>${html.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</p>`;
  }
}

/** Removes inputs that are no checkboxes, and the tags of spans without attributes, which show nothing. */
function removeBareTags(html: string): string {
  /** Whether each open span is kept. */
  const spans: boolean[] = [];
  return html.replace(/<(\/?)(input|span)([^<>]*)>/g, (tag, slash: string, name: string, attributes: string) => {
    if (name === 'input') return attributes.startsWith(' type=') ? tag : '';
    if (slash === '') spans.push(attributes !== '');
    return (slash === '' ? spans.at(-1) : spans.pop()) ? tag : '';
  });
}

class TooManyOpenElements extends Error {}
