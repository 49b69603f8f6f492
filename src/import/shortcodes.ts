// WordPress's [shortcodes]: those that the core and wordpress.com know become HTML, others stay the text they are.
import { escapeHtml, mediaOf, playerOf } from './players.ts';

interface Token {
  start: number;
  end: number;
  name: string;
  attributes: string;
  closing: boolean;
  /** `[[name]]` is how the text [name] is written. */
  escaped: boolean;
}

const AUDIO = ['src', 'mp3', 'm4a', 'ogg', 'wav', 'flac', 'wma'];
const VIDEO = ['src', 'mp4', 'm4v', 'webm', 'ogv', 'flv', 'mov', 'wmv'];
const PLAYERS: Record<string, string> = {
  youtube: 'https://www.youtube.com/watch?v=',
  vimeo: 'https://vimeo.com/',
};

/** What was lost or left, in words for the report. */
export interface BodyNote {
  reason: string;
  /** Which one of its kind. */
  detail: string;
}

export interface Replaced {
  html: string;
  notes: BodyNote[];
}

/** Replaces the shortcodes in a body. Linear in its length. */
export function replaceShortcodes(source: string): Replaced {
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

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  for (const match of source.matchAll(/\[(\[?)(\/?)([a-z][\w-]{1,40})((?:[\s=][^\][]*|\/)?)\](\]?)/gi)) {
    const [whole, opened, slash, name, attributes, closed] = match;
    const escaped = opened === '[' && closed === ']';
    // Of half an escape, the bracket is text.
    const start = match.index + (escaped ? 0 : (opened?.length ?? 0));
    const end = match.index + whole.length - (escaped ? 0 : (closed?.length ?? 0));
    tokens.push({
      start,
      end,
      name: name!.toLowerCase(),
      attributes: (attributes ?? '').replace(/[“”″]/g, '"').replace(/\/$/, ''),
      closing: slash === '/',
      escaped,
    });
  }
  return tokens;
}

/** For each opening token the next closing one of its name, unless the same opens again before. */
function closersOf(tokens: Token[]): (Token | undefined)[] {
  const next = new Map<string, Token>();
  const closers: (Token | undefined)[] = new Array(tokens.length);
  for (const [index, token] of [...tokens.entries()].reverse()) {
    if (token.escaped) continue;
    if (token.closing) {
      next.set(token.name, token);
    } else {
      closers[index] = next.get(token.name);
      next.delete(token.name);
    }
  }
  return closers;
}

/** HTML for a shortcode; null leaves it as text. */
function replacement(token: Token, inner: string | null, notes: BodyNote[]): string | null {
  if (token.closing) return null;
  const { name } = token;
  const attributes = attributesOf(token.attributes);
  switch (name) {
    case 'caption':
    case 'wp_caption':
      return inner === null ? null : figureOf(inner, attributes);
    case 'audio':
    case 'video': {
      const source = (name === 'audio' ? AUDIO : VIDEO).map((key) => attributes.get(key)).find(Boolean);
      const url = source ?? attributes.get('') ?? inner?.trim();
      if (url && /^https?:\/\//i.test(url)) return mediaOf(name, url);
      notes.push({ reason: 'recordings without an address were left out', detail: `[${name}]` });
      return '';
    }
    case 'embed':
    case 'youtube':
    case 'vimeo': {
      const asked = (attributes.get('src') ?? attributes.get('id') ?? attributes.get('') ?? inner ?? '').trim();
      const prefix = PLAYERS[name];
      if (asked === '') return '';
      return `\n${playerOf(prefix && /^[\w-]+$/.test(asked) ? prefix + asked : asked)}\n`;
    }
    case 'gallery':
    case 'playlist':
      notes.push({ reason: 'galleries were left out: they name their files by number', detail: `[${name}]` });
      return '';
    case 'code':
    case 'sourcecode':
      return inner === null ? null : codeOf(inner, attributes);
    default:
      if (inner !== null || attributes.size > (attributes.has('') ? 1 : 0)) {
        notes.push({ reason: 'unknown shortcodes stay as text', detail: `[${name}]` });
      }
      return null;
  }
}

/** By name; one without a name is under the empty one. */
function attributesOf(written: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const match of written.matchAll(
    /([\w-]+)\s*=\s*"([^"]*)"|([\w-]+)\s*=\s*'([^']*)'|([\w-]+)=([^\s"']+)|=?([^\s=]\S*)/g,
  )) {
    const name = (match[1] ?? match[3] ?? match[5] ?? '').toLowerCase();
    const value = match[2] ?? match[4] ?? match[6] ?? match[7] ?? '';
    if (!attributes.has(name)) attributes.set(name, value);
  }
  return attributes;
}

function figureOf(inner: string, attributes: Map<string, string>): string {
  const [, picture, words] = /^\s*((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*<\/a>)?)([\s\S]*)$/i.exec(inner) ?? [];
  const caption = (attributes.get('caption') ?? words ?? inner).trim();
  const align = /^align(?:left|right|center)$/.exec(attributes.get('align') ?? '')?.[0];
  const shown = picture ?? (attributes.has('caption') ? inner.trim() : '');
  return `\n<figure${align ? ` class="${align}"` : ''}>${shown}<figcaption>${caption}</figcaption></figure>\n`;
}

function codeOf(inner: string, attributes: Map<string, string>): string {
  const written = attributes.get('language') ?? attributes.get('lang') ?? attributes.get('') ?? '';
  const language = /^[\w+#.-]{1,40}$/.exec(written)?.[0];
  // The visual editor stores it escaped, the code editor as it was typed.
  const code = /&(?:lt|gt|amp|quot);/.test(inner) ? inner.replace(/</g, '&lt;') : escapeHtml(inner);
  return `\n<pre><code${language ? ` class="language-${language}"` : ''}>${code.trim()}</code></pre>\n`;
}
