import { embedHtml, mediaHtml } from './embeds.ts';
import { attributesOf, closersOf, type ShortcodeToken, tokensOf } from './shortcode-tokens.ts';

/** Attributes that may have the URL of a file, the preferred one first. */
const AUDIO_ATTRIBUTES = ['src', 'mp3', 'm4a', 'ogg', 'wav', 'flac', 'wma'];
const VIDEO_ATTRIBUTES = ['src', 'mp4', 'm4v', 'webm', 'ogv', 'flv', 'mov', 'wmv'];

/** Completes a video's id to its URL. */
const VIDEO_URLS: Record<string, string> = {
  youtube: 'https://www.youtube.com/watch?v=',
  vimeo: 'https://vimeo.com/',
};

/** Something that the converted body lost, for the report. */
export interface BodyNote {
  reason: string;
  /** Name of the shortcode or block. */
  detail: string;
}

export interface ConvertedBody {
  html: string;
  notes: BodyNote[];
}

/**
 * Converts the shortcodes of WordPress and wordpress.com to HTML; other shortcodes stay as text. Takes time linear in
 * the length of the body.
 */
export function replaceShortcodes(source: string): ConvertedBody {
  const tokens = tokensOf(source);
  const closers = closersOf(tokens);
  const out: string[] = [];
  const notes: BodyNote[] = [];
  let from = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.start < from) continue;
    const closer = closers[index];
    const inner = closer ? source.slice(token.end, closer.start) : null;
    const html = token.escaped ? source.slice(token.start + 1, token.end - 1) : replacement(token, inner, notes);
    if (html === null) continue;
    out.push(source.slice(from, token.start), html);
    from = closer && !token.escaped ? closer.end : token.end;
  }
  out.push(source.slice(from));
  return { html: out.join(''), notes };
}

/** HTML for a shortcode; null keeps it as text. */
function replacement(token: ShortcodeToken, inner: string | null, notes: BodyNote[]): string | null {
  if (token.closing) return null;
  const { name } = token;
  const attributes = attributesOf(token.attributes);
  switch (name) {
    case 'caption':
    case 'wp_caption':
      return inner === null ? null : figureOf(inner, attributes);
    case 'audio':
    case 'video': {
      const source = (name === 'audio' ? AUDIO_ATTRIBUTES : VIDEO_ATTRIBUTES)
        .map((key) => attributes.get(key))
        .find(Boolean);
      const url = source ?? attributes.get('') ?? inner?.trim();
      if (url && /^https?:\/\//i.test(url)) return mediaHtml(name, url);
      notes.push({ reason: 'audio or video without a URL was left out', detail: `[${name}]` });
      return '';
    }
    case 'embed':
    case 'youtube':
    case 'vimeo': {
      const urlOrId = (attributes.get('src') ?? attributes.get('id') ?? attributes.get('') ?? inner ?? '').trim();
      const prefix = VIDEO_URLS[name];
      if (urlOrId === '') return '';
      return `\n${embedHtml(prefix && /^[\w-]+$/.test(urlOrId) ? prefix + urlOrId : urlOrId)}\n`;
    }
    case 'gallery':
    case 'playlist':
      notes.push({
        reason: 'galleries and playlists were left out: they refer to their files by number',
        detail: `[${name}]`,
      });
      return '';
    default:
      if (inner !== null || attributes.size > (attributes.has('') ? 1 : 0)) {
        notes.push({ reason: 'unknown shortcodes were kept as text', detail: `[${name}]` });
      }
      return null;
  }
}

function figureOf(inner: string, attributes: Map<string, string>): string {
  const [, image, text] = /^\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*<\/a>)?)([\s\S]*)$/i.exec(inner) ?? [];
  const caption = (attributes.get('caption') ?? text ?? inner).trim();
  const align = /^align(?:left|right|center)$/.exec(attributes.get('align') ?? '')?.[0];
  const content = image ?? (attributes.has('caption') ? inner.trim() : '');
  return `\n<figure${align ? ` class="${align}"` : ''}>${content}<figcaption>${caption}</figcaption></figure>\n`;
}
