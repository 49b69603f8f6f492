// Values of attributes in rendered text: links, media, embeds and numbers. The allow-list of their names is in sanitize.ts.

/** Hosts of players that articles may embed, over https only. */
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

/** Allows scripts in the player's own origin, but no forms, no downloads and no navigation of the page around it. */
const EMBED_SANDBOX = 'allow-scripts allow-same-origin allow-popups allow-presentation';

/** The base of relative URLs, on a host that cannot exist: a URL that resolves to this origin is relative. */
const RELATIVE_ORIGIN = 'http://relative.invalid';

/** Values of `rel` that are kept in links of articles, besides `noopener`: search engines read them. */
const ARTICLE_RELS = new Set(['nofollow', 'sponsored', 'ugc', 'external', 'license']);

type Attributes = Record<string, string>;

export function visitorAttributes(tag: string, attribs: Attributes): Attributes {
  if (tag !== 'a') return withWholeNumbers(attribs);
  const href = readUrl(attribs.href);
  if (!href?.external) return {};
  return { href: href.url, rel: 'nofollow ugc noopener' };
}

export function articleAttributes(tag: string, attribs: Attributes): Attributes {
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
  const { src, poster, ...rest } = attribs;
  const media = mediaUrl(src);
  const still = mediaUrl(poster);
  return { ...(media && { src: media }), ...(still && { poster: still }), ...rest };
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

interface ReadUrl {
  url: string;
  scheme: string;
  host: string;
  /** Leads to another site than the one that shows the text. */
  external: boolean;
}

/** A URL, resolved by the algorithm that browsers use. Null unless it is valid and http, https, mailto or tel. */
function readUrl(value: string | undefined): ReadUrl | null {
  const url = value?.trim();
  if (!url || !URL.canParse(url, RELATIVE_ORIGIN)) return null;
  const { protocol, origin, host } = new URL(url, RELATIVE_ORIGIN);
  if (!/^(https?|mailto|tel):$/.test(protocol)) return null;
  return { url, scheme: protocol, host, external: origin !== RELATIVE_ORIGIN };
}
