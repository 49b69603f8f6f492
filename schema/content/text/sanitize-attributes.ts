// Values of attributes in rendered text: links, media, embeds and numbers. The allow-list of their names is in sanitize.ts.
import { rewriteSrcset } from './srcset.ts';
import { readAddress, type WebAddress } from './web-address.ts';

/** Hosts of players that articles may embed, over https only. */
export const EMBED_HOSTS = new Set([
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

/** Allows scripts in the player's own origin, but no forms, no downloads and no navigation of the page around it. */
const EMBED_SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-presentation';

/** Values of `rel` that are kept in links of articles, besides `noopener`: search engines read them. */
const ARTICLE_RELS = new Set(['nofollow', 'sponsored', 'ugc', 'external', 'license']);

/** Schemes of links. None of them runs anything in the page. */
export const VISITOR_SCHEMES = [
  'http',
  'https',
  'mailto',
  'ftp',
  'ftps',
  'irc',
  'ircs',
  'irc6',
  'xmpp',
  'news',
  'nntp',
];
export const ARTICLE_SCHEMES = [...VISITOR_SCHEMES, 'tel', 'sms', 'sip', 'webcal', 'gopher', 'geo'];

const LINKED = new Set(ARTICLE_SCHEMES.map((scheme) => `${scheme}:`));

type Attributes = Record<string, string>;

export function visitorAttributes(tag: string, attribs: Attributes): Attributes {
  if (tag !== 'a') return withWholeNumbers(attribs);
  const href = readUrl(attribs.href);
  // Comments have no ids of their own, so a fragment would lead to a part of the page around them.
  if (!href || href.url.startsWith('#')) return {};
  return { href: href.url, rel: 'nofollow ugc noopener' };
}

/** An input that is no checkbox, and a span without an id, get no attribute: the sanitizer removes such elements. */
export function articleAttributes(tag: string, { id, name, ...attribs }: Attributes): Attributes {
  // A checkbox is an item of a task list, and nothing that a reader could change.
  if (tag === 'input') return attribs.type?.toLowerCase() === 'checkbox' ? checkbox(attribs) : {};
  // Old pages name the targets of links by `<a name>`.
  const anchor = idOf(id) ?? (tag === 'a' ? idOf(name) : null);
  const allowed = tag === 'span' && anchor === null ? {} : allowedAttributes(tag, attribs);
  return { ...allowed, ...(anchor !== null && { id: anchor }) };
}

function checkbox({ checked }: Attributes): Attributes {
  return { type: 'checkbox', disabled: '', ...(checked !== undefined && { checked: '' }) };
}

/** Characters of an id. */
const MAX_ID = 200;

/** The id that a value of `id` or `name` gives. An id has no white space; names of old pages have some. */
function idOf(value: string | undefined): string | null {
  const id = value?.trim().replace(/\s+/g, '-') ?? '';
  return id !== '' && id.length <= MAX_ID && !/\p{Cc}/u.test(id) ? id : null;
}

function allowedAttributes(tag: string, attribs: Attributes): Attributes {
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
    case 'blockquote':
    case 'q': {
      const { cite, ...rest } = attribs;
      const source = readUrl(cite);
      return { ...rest, ...(source && { cite: source.url }) };
    }
    default:
      return withWholeNumbers(attribs);
  }
}

/** The attributes of a known player's embed. Any other embed gets no `src`, and so is removed. */
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
  const { src, srcset, poster, ...rest } = attribs;
  const media = mediaUrl(src);
  const sizes = srcset === undefined ? null : rewriteSrcset(srcset, mediaUrl);
  const still = mediaUrl(poster);
  return { ...(media && { src: media }), ...(sizes && { srcset: sizes }), ...(still && { poster: still }), ...rest };
}

function mediaUrl(value: string | undefined): string | null {
  const url = readUrl(value);
  return url && (url.scheme === 'http:' || url.scheme === 'https:') ? url.url : null;
}

/** Removes sizes and spans that are not whole numbers. */
function withWholeNumbers(attribs: Attributes): Attributes {
  for (const name of ['width', 'height', 'colspan', 'rowspan', 'span', 'start', 'value']) {
    if (attribs[name] !== undefined && !/^-?\d{1,5}$/.test(attribs[name])) delete attribs[name];
  }
  return attribs;
}

/** An address of a scheme that links may have; null for any other. */
function readUrl(value: string | undefined): WebAddress | null {
  const address = value === undefined ? null : readAddress(value);
  return address && LINKED.has(address.scheme) ? address : null;
}
