import { codeText } from './html-tags.ts';
import { attributesOf, type ShortcodeToken } from './shortcode-tokens.ts';

/** Shortcodes of SyntaxHighlighter and its kind: each is the name of a language. */
const LANGUAGES = [
  ...[
    'as3',
    'actionscript3',
    'applescript',
    'arduino',
    'bash',
    'shell',
    'cf',
    'coldfusion',
    'clojure',
    'clj',
    'cpp',
    'c',
  ],
  ...['c#', 'c-sharp', 'csharp', 'css', 'delphi', 'pascal', 'pas', 'diff', 'patch', 'erl', 'erlang', 'f#', 'fsharp'],
  ...['go', 'golang', 'groovy', 'haskell', 'html', 'xhtml', 'xml', 'xslt', 'java', 'javafx', 'jfx', 'javascript', 'js'],
  ...[
    'jscript',
    'kotlin',
    'matlab',
    'objc',
    'obj-c',
    'perl',
    'pl',
    'php',
    'plain',
    'text',
    'powershell',
    'ps',
    'python',
  ],
  ...[
    'py',
    'r',
    'splus',
    'rails',
    'ror',
    'ruby',
    'rb',
    'rust',
    'scala',
    'sql',
    'swift',
    'typescript',
    'ts',
    'vb',
    'vbnet',
  ],
  ...['yaml', 'yml', 'json', 'lua'],
];

/** Shortcodes that name the language in an attribute; those of CodeColorer may have it in their name, as `cc_php`. */
const GENERAL = ['code', 'sourcecode', 'source', 'highlight', 'codesyntax', 'geshi', 'crayon', 'codecolorer'];
const CODE_COLORER = 'cc[bceilnrsw]{0,3}(?:_[a-z0-9]{1,20})?';

const NAMES = [...GENERAL, ...LANGUAGES].map((name) => name.replace('+', '\\+')).join('|');
const TOKEN = new RegExp(`\\[(\\[?)(/?)(${NAMES}|${CODE_COLORER})((?:[\\s=:][^\\][]{0,500})?)\\](\\]?)`, 'gi');

/** Languages that say nothing about a text. */
const PLAIN = new Set(['plain', 'text']);

interface CodeShortcode {
  start: number;
  end: number;
  html: string;
}

/** The shortcodes that show code, by their start. Those in others are part of the code. Takes time linear in the length. */
export function codeShortcodes(source: string): Map<number, CodeShortcode> {
  const tokens = codeTokens(source);
  const closers = nestedClosers(tokens);
  const found = new Map<number, CodeShortcode>();
  let from = 0;
  for (const [index, token] of tokens.entries()) {
    const closer = closers[index];
    if (token.start < from || token.closing || !closer) continue;
    const html = codeHtml(token, source.slice(token.end, closer.start));
    found.set(token.start, { start: token.start, end: closer.end, html });
    from = closer.end;
  }
  return found;
}

/** Whether a text is nothing but one such shortcode: old posts have some in a `<pre>`. */
export function asCodeShortcode(text: string): string | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[')) return null;
  const found = codeShortcodes(trimmed).get(0);
  return found?.end === trimmed.length ? found.html : null;
}

function codeTokens(source: string): ShortcodeToken[] {
  return Array.from(source.matchAll(TOKEN))
    .filter(([, opened, , , , closed]) => opened === '' || closed === '')
    .map((match) => {
      const [whole, opened, slash, name, attributes, closed] = match;
      return {
        start: match.index + opened!.length,
        end: match.index + whole.length - closed!.length,
        name: name!.toLowerCase(),
        attributes: attributes!.replace(/[“”″]/g, '"'),
        closing: slash === '/',
        escaped: false,
      };
    });
}

/** For each opening token its closing one: code may show shortcodes of its own name. An unpaired one takes the next. */
function nestedClosers(tokens: ShortcodeToken[]): (ShortcodeToken | undefined)[] {
  const closers: (ShortcodeToken | undefined)[] = new Array(tokens.length);
  const open = new Map<string, number[]>();
  for (const [index, token] of tokens.entries()) {
    const waiting = open.get(token.name) ?? [];
    open.set(token.name, waiting);
    if (!token.closing) waiting.push(index);
    else if (waiting.length > 0) closers[waiting.pop()!] = token;
  }
  const next = new Map<string, ShortcodeToken>();
  for (const [index, token] of [...tokens.entries()].reverse()) {
    if (token.closing) next.set(token.name, token);
    else closers[index] ??= next.get(token.name);
  }
  return closers;
}

function codeHtml({ name, attributes: source }: ShortcodeToken, inner: string): string {
  const attributes = attributesOf(source);
  const given = attributes.get('language') ?? attributes.get('lang') ?? attributes.get('');
  const named = /^cc\w*?_(\w+)$/.exec(name)?.[1] ?? (LANGUAGES.includes(name) ? name : '');
  const code = codeText(inner);
  return name.startsWith('cci') ? `<code>${code.trim()}</code>` : codeBlock(code, given ?? named);
}

/** A block of code, whose text is HTML already. */
export function codeBlock(code: string, language: string): string {
  const name = language.toLowerCase().replace('#', 'sharp');
  const isNamed = /^[\w+.-]{1,40}$/.test(name) && !PLAIN.has(name);
  const text = code.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
  return `<pre><code${isNamed ? ` class="language-${name}"` : ''}>${text}</code></pre>`;
}
