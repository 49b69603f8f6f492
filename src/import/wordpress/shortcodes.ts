import type { BodyNote } from './body-note.ts';
import { embedHtml, mediaHtml } from './embeds.ts';
import { type Galleries, shortcodeChoice } from './galleries.ts';
import { BLOCK_MARK } from './kept-pieces.ts';
import { attributesOf, closersOf, type ShortcodeToken, tokensOf } from './shortcode-tokens.ts';

/** Attributes that may have the URL of a file, the preferred one first. */
const AUDIO_ATTRIBUTES = ['src', 'mp3', 'm4a', 'ogg', 'wav', 'flac', 'wma'];
const VIDEO_ATTRIBUTES = ['src', 'mp4', 'm4v', 'webm', 'ogv', 'flv', 'mov', 'wmv'];

/** Shortcodes that show something of another site: the address of one with an id, if the shortcode may have an id. */
const EMBEDS: Record<string, ((id: string) => string) | null> = {
  embed: null,
  youtube: (id) => `https://www.youtube.com/watch?v=${id}`,
  vimeo: (id) => `https://vimeo.com/${id}`,
  dailymotion: (id) => `https://www.dailymotion.com/video/${id}`,
  wpvideo: (id) => `https://videopress.com/v/${id}`,
  videopress: (id) => `https://videopress.com/v/${id}`,
  gist: (id) => `https://gist.github.com/${id}`,
  slideshare: (id) => `https://www.slideshare.net/slideshow/embed_code/${id}`,
  ted: (id) => `https://www.ted.com/talks/${id}`,
  polldaddy: (id) => `https://polldaddy.com/poll/${id}/`,
  crowdsignal: (id) => `https://polldaddy.com/poll/${id}/`,
  tweet: (id) => `https://twitter.com/i/status/${id}`,
  embedyt: null,
  youtube_sc: null,
  su_youtube: null,
  su_vimeo: null,
  su_dailymotion: null,
  soundcloud: null,
  spotify: null,
  googlemaps: null,
  googlevideo: null,
  instagram: null,
  facebook: null,
  flickr: null,
};

/** Attributes of such a shortcode that may have the address or the id. */
const EMBED_ATTRIBUTES = ['src', 'url', 'id', 'video', 'video_id', 'clip_id', 'poll', 'tweet', ''];

export interface ConvertedBody {
  html: string;
  notes: BodyNote[];
}

/**
 * Converts the shortcodes of WordPress and wordpress.com to HTML; other shortcodes stay as text. Takes time linear in
 * the length of the body.
 */
export function replaceShortcodes(source: string, galleries: Galleries): ConvertedBody {
  const tokens = tokensOf(source);
  const closers = closersOf(tokens);
  const out: string[] = [];
  const notes: BodyNote[] = [];
  let from = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.start < from) continue;
    const closer = closers[index];
    const inner = closer ? source.slice(token.end, closer.start) : null;
    const html = token.escaped
      ? source.slice(token.start + 1, token.end - 1)
      : replacement(token, inner, { notes, galleries });
    if (html === null) continue;
    out.push(source.slice(from, token.start), html);
    from = closer && !token.escaped ? closer.end : token.end;
  }
  out.push(source.slice(from));
  return { html: out.join(''), notes };
}

interface Target {
  notes: BodyNote[];
  galleries: Galleries;
}

/** HTML for a shortcode; null keeps it as text. */
function replacement(token: ShortcodeToken, inner: string | null, { notes, galleries }: Target): string | null {
  if (token.closing) return null;
  const { name } = token;
  const attributes = attributesOf(token.attributes);
  if (Object.hasOwn(EMBEDS, name)) return embedOf(name, attributes, inner, notes);
  switch (name) {
    case 'caption':
    case 'wp_caption':
      return inner === null ? null : figureOf(withShortcodes(inner, { notes, galleries }), attributes);
    case 'audio':
    case 'video': {
      const source = (name === 'audio' ? AUDIO_ATTRIBUTES : VIDEO_ATTRIBUTES)
        .map((key) => attributes.get(key))
        .find(Boolean);
      // Old audio shortcodes have their options behind the address.
      const url = (source ?? attributes.get('') ?? inner?.trim())?.replace(/\|.*$/s, '');
      if (url && /^https?:\/\//i.test(url)) return mediaHtml(name, url);
      notes.push({ reason: 'audio or video without a URL was left out', detail: `[${name}]` });
      return '';
    }
    case 'gallery':
    case 'playlist':
      return withLines(galleries.html(shortcodeChoice(name, attributes), `[${name}]`));
    default:
      if (inner !== null || attributes.size > (attributes.has('') ? 1 : 0)) {
        notes.push({ reason: 'unknown shortcodes were kept as text', detail: `[${name}]` });
      }
      return null;
  }
}

function withLines(html: string): string {
  return html && `\n${html}\n`;
}

/** What is inside a caption may be a shortcode, too. */
function withShortcodes(inner: string, { notes, galleries }: Target): string {
  if (!inner.includes('[')) return inner;
  const { html, notes: added } = replaceShortcodes(inner, galleries);
  notes.push(...added);
  return html.trim();
}

function embedOf(
  name: string,
  attributes: Map<string, string>,
  inner: string | null,
  notes: BodyNote[],
): string | null {
  const found = [...EMBED_ATTRIBUTES.map((key) => attributes.get(key)), inner?.trim()].find(Boolean) ?? '';
  // An address in the text of a shortcode may have been made a link by an editor.
  const urlOrId = found
    .replace(/^<a\b[^<>]*>|<\/a>$/gi, '')
    .replace(/^"|"$/g, '')
    .trim();
  const id = /^([\w/-]+)(?:&|$)/.exec(urlOrId)?.[1];
  const address = id === undefined ? urlOrId : EMBEDS[name]?.(id);
  if (address && /^https?:\/\/./i.test(address)) {
    const isTrack = name === 'soundcloud' && /^https?:\/\/api\.soundcloud\.com\//i.test(address);
    const player = `https://w.soundcloud.com/player/?url=${encodeURIComponent(address)}`;
    return `\n${embedHtml(isTrack ? player : address, isTrack ? attributes : undefined)}\n`;
  }
  if (found === '' && attributes.size === 0) return name === 'embed' ? '' : null;
  notes.push({ reason: 'unknown shortcodes were kept as text', detail: `[${name}]` });
  return null;
}

/** What a caption begins with: a picture or a player, in links and the like. */
const CAPTIONED = new RegExp(
  `^\\s*((?:<(?:a|p|span|div|strong|em|b|i)\\b[^<>]*>\\s*)*(?:<img\\b[^<>]*>|${BLOCK_MARK})` +
    '(?:\\s*(?:</(?:a|p|span|div|strong|em|b|i)>|<br */?>))*)([\\s\\S]*)$',
  'i',
);

function figureOf(inner: string, attributes: Map<string, string>): string {
  const [, image, text] = CAPTIONED.exec(inner) ?? [];
  const caption = (attributes.get('caption') ?? text ?? inner).trim();
  const align = /^align(?:left|right|center)$/.exec(attributes.get('align') ?? '')?.[0];
  const content = image ?? (attributes.has('caption') ? inner.trim() : '');
  const figcaption = caption && `<figcaption>${caption}</figcaption>`;
  return `\n<figure${align ? ` class="${align}"` : ''}>${content}${figcaption}</figure>\n`;
}
