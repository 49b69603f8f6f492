// What may stand in rendered text, place by place. Everything that is not named here is dropped; its words stay.
import sanitize from 'sanitize-html';

/** Where a text stands: what visitors write is held to less than what the staff publishes. */
export type TextPlace = 'article' | 'comment' | 'bio';

/** Elements nested deeper lose their tags and keep their words: each level of a quote marks every line below it. */
const MAX_NESTING = { article: 40, visitor: 16 };

/**
 * Elements open at once while reading. Markup past it is no writing: it is shown as the text it is. Old posts leave a
 * few hundred `<font>` open; the parser's cost for an element grows with those open around it.
 */
const MAX_OPEN_ELEMENTS = 1_000;

/** Players a publication may embed, over https alone. */
const EMBED_HOSTS = new Set([
  'www.youtube.com',
  'youtube.com',
  'www.youtube-nocookie.com',
  'player.vimeo.com',
  'www.dailymotion.com',
  'geo.dailymotion.com',
  'open.spotify.com',
  'w.soundcloud.com',
  'bandcamp.com',
  'embed.podcasts.apple.com',
  'embed.ted.com',
  'codepen.io',
]);

/** Scripts run in the player's own origin; no forms, no downloads, no way to navigate the page around it. */
const EMBED_SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-presentation';

/** Any host that cannot exist: a URL that stays on it was relative. */
const NOWHERE = 'http://relative.invalid';

/** Kept from an article's links beside `noopener`: they say something about the link to search engines. */
const ARTICLE_RELS = new Set(['nofollow', 'sponsored', 'ugc', 'external', 'license']);

const INLINE = ['a', 'b', 'strong', 'i', 'em', 's', 'del', 'ins', 'u', 'code', 'kbd', 'samp', 'var', 'q', 'cite', 'br'];
const BLOCKS = ['p', 'ul', 'ol', 'li', 'blockquote', 'pre', 'hr'];
const COMMENT_HEADINGS = ['h4', 'h5', 'h6'];

const ARTICLE_ONLY = [
  ...['h1', 'h2', 'h3', 'div', 'figure', 'figcaption', 'details', 'summary', 'dl', 'dt', 'dd', 'address'],
  ...['table', 'caption', 'colgroup', 'col', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
  ...['sup', 'sub', 'small', 'mark', 'abbr', 'dfn', 'time', 'wbr', 'ruby', 'rb', 'rt', 'rp', 'bdi', 'bdo'],
  ...['img', 'audio', 'video', 'source', 'track', 'iframe'],
];

/** Their content is no writing either: it goes with the element. */
const DROPPED_WHOLE = [
  ...['script', 'style', 'textarea', 'select', 'option', 'xmp', 'svg', 'math', 'title', 'template'],
  ...['object', 'applet', 'noembed', 'noframes'],
];

const LIST_ATTRIBUTES = { ol: ['start', 'reversed', 'type'], li: ['value'] };

const ARTICLE_ATTRIBUTES = {
  '*': ['lang', 'dir', 'title'],
  a: ['href', 'rel', 'hreflang'],
  ...LIST_ATTRIBUTES,
  img: ['src', 'alt', 'width', 'height', 'loading'],
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
};

/** How WordPress aligns, and what a highlighter needs to know. */
const ARTICLE_CLASSES = {
  '*': [/^align(left|right|center|wide|full|none)$/, /^has-text-align-(left|right|center)$/],
  code: [/^language-[\w+#.-]{1,40}$/],
  pre: [/^language-[\w+#.-]{1,40}$/],
};

type Attributes = Record<string, string>;

const options: Record<TextPlace, sanitize.IOptions> = {
  comment: visitorOptions(),
  bio: visitorOptions(),
  article: {
    allowedTags: [...INLINE, ...BLOCKS, ...COMMENT_HEADINGS, ...ARTICLE_ONLY],
    allowedAttributes: ARTICLE_ATTRIBUTES,
    allowedClasses: ARTICLE_CLASSES,
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: {
      img: ['http', 'https'],
      audio: ['http', 'https'],
      video: ['http', 'https'],
      iframe: ['https'],
    },
    nonTextTags: DROPPED_WHOLE,
    nestingLimit: MAX_NESTING.article,
    transformTags: { '*': (tagName, attribs) => ({ tagName, attribs: articleAttributes(tagName, attribs) }) },
    exclusiveFilter: ({ tag, attribs }) => (tag === 'iframe' || tag === 'img') && !attribs.src,
  },
};

function visitorOptions(): sanitize.IOptions {
  return {
    allowedTags: [...INLINE, ...BLOCKS, ...COMMENT_HEADINGS],
    allowedAttributes: { a: ['href', 'rel'], ...LIST_ATTRIBUTES },
    allowedClasses: { code: ARTICLE_CLASSES.code },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
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

/** HTML with nothing in it but what the place allows: safe to insert as it is. Never throws, whatever the input. */
export function sanitizeHtml(html: string, place: TextPlace): string {
  let open = 0;
  try {
    return sanitize(html, {
      ...options[place],
      onOpenTag: () => {
        open += 1;
        if (open > MAX_OPEN_ELEMENTS) throw new TooManyOpenElements();
      },
      onCloseTag: () => {
        open -= 1;
      },
    });
  } catch (error) {
    if (!(error instanceof TooManyOpenElements)) throw error;
    return `<p>${html.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</p>`;
  }
}

class TooManyOpenElements extends Error {}

function visitorAttributes(tag: string, attribs: Attributes): Attributes {
  if (tag !== 'a') return withWholeNumbers(attribs);
  const href = readUrl(attribs.href);
  if (!href?.external) return {};
  return { href: href.url, rel: 'nofollow ugc noopener' };
}

function articleAttributes(tag: string, attribs: Attributes): Attributes {
  switch (tag) {
    case 'a': {
      const { href: _, rel, ...rest } = attribs;
      const href = readUrl(attribs.href);
      if (!href) return {};
      const rels = (rel ?? '')
        .toLowerCase()
        .split(/\s+/)
        .filter((token) => ARTICLE_RELS.has(token));
      if (href.external) rels.push('noopener');
      return { ...rest, href: href.url, ...(rels.length > 0 && { rel: rels.join(' ') }) };
    }
    case 'img':
      return { ...withWholeNumbers(withMedia(attribs)), alt: attribs.alt ?? '' };
    case 'audio':
    case 'video':
      return { ...withWholeNumbers(withMedia(attribs)), controls: '' };
    case 'source':
    case 'track':
      return withMedia(attribs);
    case 'iframe':
      return embed(attribs);
    default:
      return withWholeNumbers(attribs);
  }
}

/** An embed of a known player; without `src`, and so dropped, when it is of anything else. */
function embed(attribs: Attributes): Attributes {
  const { src, title, width, height } = attribs;
  const url = readUrl(src?.startsWith('//') ? `https:${src}` : src);
  if (url?.scheme !== 'https:' || !EMBED_HOSTS.has(url.host)) return {};
  return withWholeNumbers({
    src: url.url,
    ...(title && { title }),
    ...(width && { width }),
    ...(height && { height }),
    sandbox: EMBED_SANDBOX,
    loading: 'lazy',
    referrerpolicy: 'strict-origin-when-cross-origin',
    allowfullscreen: '',
  });
}

function withMedia(attribs: Attributes): Attributes {
  const { src, poster, ...rest } = attribs;
  const media = mediaUrl(src);
  const still = mediaUrl(poster);
  return { ...(media && { src: media }), ...(still && { poster: still }), ...rest };
}

function mediaUrl(value: string | undefined): string | null {
  const url = readUrl(value);
  return url && (url.scheme === 'http:' || url.scheme === 'https:') ? url.url : null;
}

/** Sizes and spans that are no whole numbers say nothing. */
function withWholeNumbers(attribs: Attributes): Attributes {
  for (const name of ['width', 'height', 'colspan', 'rowspan', 'span', 'start', 'value']) {
    if (attribs[name] !== undefined && !/^-?\d{1,5}$/.test(attribs[name])) delete attribs[name];
  }
  return attribs;
}

interface ReadUrl {
  url: string;
  scheme: string;
  host: string;
  /** Leads away from the site that shows the text. */
  external: boolean;
}

/** What a browser would make of a URL, by the same algorithm; null when it goes nowhere or runs something. */
function readUrl(value: string | undefined): ReadUrl | null {
  const url = value?.trim();
  if (!url || !URL.canParse(url, NOWHERE)) return null;
  const { protocol, origin, host } = new URL(url, NOWHERE);
  if (!/^(https?|mailto|tel):$/.test(protocol)) return null;
  return { url, scheme: protocol, host, external: origin !== NOWHERE };
}
