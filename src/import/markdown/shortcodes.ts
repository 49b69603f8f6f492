import { mapOutsideFences } from './fences.ts';
import { liquidTag } from './liquid-tags.ts';

/** Characters between the marks of a shortcode. */
const MAX_LENGTH = 2_000;

/** Code in a line, a Hugo shortcode that is shown, one that is not, what Liquid shows as it is, a Liquid tag, or a Liquid value. */
const TOKENS = new RegExp(
  [
    '`[^`\\n]{1,500}`',
    `\\{\\{(?:<\\/\\*[^{}]{0,${MAX_LENGTH}}?\\*\\/>|%\\/\\*[^{}]{0,${MAX_LENGTH}}?\\*\\/%)\\}\\}`,
    `\\{\\{([<%])\\s*(/?)\\s*([\\w./-]+)([^{}]{0,${MAX_LENGTH}}?)/?\\s*[>%]\\}\\}`,
    '\\{%-?\\s*raw\\s*-?%\\}((?:(?!\\{%-?\\s*raw\\b)[^])*?)\\{%-?\\s*endraw\\s*-?%\\}',
    `\\{%-?\\s*(\\w+)([^{}%]{0,${MAX_LENGTH}}?)-?%\\}`,
    '\\{\\{-?\\s*([\\w.]+)[^{}\\n]{0,500}\\}\\}',
  ].join('|'),
  'g',
);

interface ShortcodeOptions {
  /** The site is one of Hugo, where Liquid is text. */
  isHugo: boolean;
  /** The address of the page that a reference names. */
  addressOf(reference: string): string | null;
}

/** Shortcodes of Hugo and tags of Liquid that stand for the address of another page. */
const REFERENCES: ReadonlySet<string | undefined> = new Set(['ref', 'relref', 'link', 'post_url']);

interface Replaced {
  text: string;
  /** Names of the shortcodes that were left out. */
  leftOut: string[];
}

/**
 * Replaces what a generator would: shortcodes of Hugo, tags and values of Liquid. Players, pictures and highlighted code become
 * Markdown; of anything else the marks are left out, and the content between them stays. Fenced code is not changed.
 *
 * References to other pages become their addresses.
 */
export function replaceShortcodes(source: string, { isHugo, addressOf }: ShortcodeOptions): Replaced {
  const leftOut: string[] = [];
  const inFence = isHugo ? (text: string) => text : withoutRawMarks;
  const replace = (part: string) =>
    part.replace(TOKENS, (token, _mark, closing, name, rest, raw, tag, tagRest, _value, offset: number) => {
      if (token.startsWith('`')) return inFence(token);
      if (ESCAPED.test(token)) return shownShortcodes(token);
      if (isHugo && name === undefined) return token;
      if (raw !== undefined) return raw;
      const reference = REFERENCES.has(name ?? tag) ? referenceIn(rest ?? tagRest) : null;
      const replaced =
        reference !== null
          ? addressOf(reference)
          : name !== undefined
            ? hugo({ name, rest, isClosing: closing === '/' })
            : liquidTag(tag ?? '', tagRest ?? '', token);
      if (replaced?.startsWith('```')) return onOwnLine(replaced, { offset, end: offset + token.length, part });
      if (replaced !== null) return replaced;
      if (closing !== '/' && !/^end/.test(tag ?? '')) leftOut.push(name ?? tag ?? token);
      return '';
    });
  if (!isHugo) return { text: mapOutsideFences(source, replace, inFence), leftOut };
  const text = mapOutsideFences(source.replace(SHOWN, joined), replace, inFence);
  return { text: text.replace(JOINED, '{{'), leftOut };
}

/** Hugo shows `{{</* x *\/>}}` as `{{< x >}}`, whatever x is, also in code. */
const SHOWN = new RegExp(
  `\\{\\{(?:<\\/\\*[^]{0,${MAX_LENGTH}}?\\*\\/>|%\\/\\*[^]{0,${MAX_LENGTH}}?\\*\\/%)\\}\\}`,
  'g',
);

/** The beginning of a shortcode with the invisible character by which the export for Hugo makes it text. */
const JOINED = /\{\{\u2060(?=[<%])/g;

function joined(shown: string): string {
  const shortcode = `${shown.slice(0, 3)}${shown.slice(5, -5)}${shown.slice(-3)}`;
  return shortcode.replace(/\{\{(?=[<%])/g, '{{\u2060');
}

const ESCAPED = /^\{\{[<%]\/\*/;

function shownShortcodes(text: string): string {
  return text.replace(/\{\{([<%])\/\*([^{}]*?)\*\/([>%])\}\}/g, '{{$1$2$3}}');
}

/** Liquid is replaced in code, too, but for what is marked as raw. */
function withoutRawMarks(text: string): string {
  return text.replace(/\{%-?\s*(?:end)?raw\s*-?%\}/g, '');
}

/** The page that the parameters name. */
function referenceIn(rest: string): string {
  const values = parametersOf(rest);
  return values.get('path') ?? values.get('0') ?? '';
}

/** The fence of a block of code, with line breaks where the text beside the replaced token has none. */
function onOwnLine(fence: string, { offset, end, part }: { offset: number; end: number; part: string }): string {
  const before = offset === 0 || part[offset - 1] === '\n' ? '' : '\n';
  return `${before}${fence}${end === part.length || part[end] === '\n' ? '' : '\n'}`;
}

/** A Hugo shortcode as Markdown; null for one that is not known. */
function hugo({ name, rest, isClosing }: { name: string; rest: string; isClosing: boolean }): string | null {
  const values = parametersOf(rest);
  const first = values.get('0') ?? values.get('id') ?? '';
  if (name === 'highlight') return isClosing ? '```' : `\`\`\`${first.replace(/\W/g, '')}`;
  if (name === 'details') return isClosing ? '\n\n</details>\n\n' : details(values);
  if (isClosing) return name === 'figure' ? '' : null;
  if (name === 'x' || name === 'twitter' || name === 'tweet') return post(values);
  if (name === 'instagram') return `<https://www.instagram.com/p/${encodeURIComponent(first)}/>`;
  if (name === 'youtube')
    return `\n\n<iframe src="https://www.youtube.com/embed/${encodeURIComponent(first)}"></iframe>\n\n`;
  if (name === 'vimeo')
    return `\n\n<iframe src="https://player.vimeo.com/video/${encodeURIComponent(first)}"></iframe>\n\n`;
  if (name === 'gist')
    return `<https://gist.github.com/${encodeURIComponent(first)}/${encodeURIComponent(values.get('1') ?? '')}>`;
  if (name === 'figure' || name === 'img') return picture(values);
  return null;
}

function picture(values: ReadonlyMap<string, string>): string {
  const source = values.get('src') ?? values.get('0') ?? '';
  const [title = '', caption = '', by = '', link = ''] = ['title', 'caption', 'attr', 'attrlink'].map((name) =>
    values.get(name),
  );
  const origin = by && link ? `[${by}](<${addressIn(link)}>)` : by;
  const alt = (values.get('alt') || caption || title).replace(/[[\]]/g, '');
  const below = [title && `**${title}**`, caption, origin].filter((text) => text !== '').join(' ');
  const shown = `![${alt}](<${addressIn(source)}>)`;
  const target = values.get('link');
  return `${target ? `[${shown}](<${addressIn(target)}>)` : shown}${below ? `\n\n*${below}*` : ''}`;
}

function addressIn(text: string): string {
  return text.replace(/[<>\n]/g, '');
}

function details(values: ReadonlyMap<string, string>): string {
  const summary = (values.get('summary') ?? 'Details').replace(/[<>&]/g, (mark) => `&#${mark.codePointAt(0)};`);
  return `\n\n<details><summary>${summary}</summary>\n\n`;
}

/** A link to a post of X, whose parameters are named, or its number alone. */
function post(values: ReadonlyMap<string, string>): string | null {
  const id = values.get('id') ?? values.get('0') ?? '';
  return /^\d+$/.test(id) ? `<https://x.com/${encodeURIComponent(values.get('user') ?? 'i')}/status/${id}>` : null;
}

function parametersOf(text: string): Map<string, string> {
  const values = new Map<string, string>();
  let position = 0;
  for (const [, name, quoted, ticked, bare] of text.matchAll(/(?:([\w-]+)=)?(?:"([^"]*)"|`([^`]*)`|([^\s"`=]+))/g)) {
    values.set(name ?? String(position), quoted ?? ticked ?? bare ?? '');
    if (name === undefined) position += 1;
  }
  return values;
}
