/** Characters between the marks of a shortcode. */
const MAX_LENGTH = 2_000;

/** Code in a line, a Hugo shortcode, a Liquid tag, or a Liquid value. */
const TOKENS = new RegExp(
  [
    '`[^`\\n]{1,500}`',
    `\\{\\{([<%])\\s*(/?)\\s*([\\w./-]+)([^{}]{0,${MAX_LENGTH}}?)/?\\s*[>%]\\}\\}`,
    `\\{%-?\\s*(\\w+)([^{}%]{0,${MAX_LENGTH}}?)-?%\\}`,
    '\\{\\{-?\\s*([\\w.]+)[^{}\\n]{0,500}\\}\\}',
  ].join('|'),
  'g',
);

interface Replaced {
  text: string;
  /** Names of the shortcodes that were left out. */
  leftOut: string[];
}

/**
 * Replaces what a generator would: shortcodes of Hugo, tags and values of Liquid. Players, pictures and highlighted code become
 * Markdown; of anything else the marks are left out, and the content between them stays. Fenced code is not changed.
 */
export function replaceShortcodes(source: string): Replaced {
  const leftOut: string[] = [];
  const text = mapOutsideFences(source, (part) =>
    part.replace(TOKENS, (token, _mark, closing, name, rest, tag, tagRest, _value, offset: number) => {
      if (token.startsWith('`')) return token;
      const replaced =
        name !== undefined ? hugo({ name, rest, isClosing: closing === '/' }) : liquid(tag ?? '', tagRest ?? '', token);
      if (replaced?.startsWith('```')) return onOwnLine(replaced, { offset, end: offset + token.length, part });
      if (replaced !== null) return replaced;
      if (closing !== '/' && !/^end/.test(tag ?? '')) leftOut.push(name ?? tag ?? token);
      return '';
    }),
  );
  return { text, leftOut };
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
  if (isClosing) return name === 'figure' ? '' : null;
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
  const caption = values.get('caption') ?? values.get('title') ?? '';
  const alt = (values.get('alt') ?? caption).replace(/[[\]]/g, '');
  return `![${alt}](<${source.replace(/[<>\n]/g, '')}>)${caption ? `\n\n*${caption}*` : ''}`;
}

/** A Liquid tag or value as Markdown; null for one that is not known. */
function liquid(tag: string, rest: string, token: string): string | null {
  if (tag === 'highlight') return `\`\`\`${rest.trim().split(/\s/)[0]?.replace(/\W/g, '') ?? ''}`;
  if (tag === 'endhighlight') return '```';
  if (tag === 'raw' || tag === 'endraw') return '';
  // The address of the site, before a path.
  return /^\{\{-?\s*(site\.(baseurl|url)|base_?path)\b/.test(token) ? '' : null;
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

/** Maps the parts between fenced blocks of code. A block that is not closed extends to the end. */
function mapOutsideFences(source: string, map: (part: string) => string): string {
  const out: string[] = [];
  let part: string[] = [];
  let fence = '';
  const flush = () => {
    if (part.length > 0) out.push(fence === '' ? map(part.join('\n')) : part.join('\n'));
    part = [];
  };
  for (const line of source.split('\n')) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1] ?? '';
    if (fence === '' && mark !== '') {
      flush();
      fence = mark;
      part.push(line);
    } else {
      part.push(line);
      if (fence !== '' && mark.startsWith(fence) && line.trim() === mark) {
        flush();
        fence = '';
      }
    }
  }
  flush();
  return out.join('\n');
}
