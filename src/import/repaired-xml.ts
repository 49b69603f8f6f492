import MarkdownIt from 'markdown-it';

/** Characters at the start of a file in which its first tag is looked for. */
const START_LENGTH = 64 * 1024;

/** Characters of the longest reference or mark that two chunks may share. */
const MAX_SHARED = 40;

/** What is left of a text that may go on: the beginning of a mark or of a reference. */
const UNFINISHED = new RegExp(`(?:&[#\\w]{0,${MAX_SHARED}}|<(?:!(?:\\[[CDATA]{0,5}|-)?)?|\\]\\]?|--?)$`);

const MARKS = /&(?:#(x[\da-f]{1,6}|\d{1,7});|([a-z][a-z\d]{1,30});)?|<!\[CDATA\[|<!--/gi;

/** The references that XML defines. */
const XML_NAMES = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

interface RepairOptions {
  /** The tag with which the document begins. */
  root: RegExp;
  /** Fields are HTML, in which its names have their meaning; otherwise they become the characters. */
  isHtml: boolean;
}

/**
 * Makes XML of what programs take for it: drops what a theme or a plugin has printed before the document, and reads `&nbsp;`
 * and other names of HTML, a bare `&`, and references to control characters, as WordPress does. CDATA sections and
 * comments stay as they are.
 */
export class RepairedXml {
  /** Lines of the text before the document. */
  skippedLines = 0;
  readonly #root: RegExp;
  readonly #isHtml: boolean;
  #start: string | null = '';
  #rest = '';
  /** The mark that ends what stays as it is. */
  #closing: ']]>' | '-->' | null = null;

  constructor({ root, isHtml }: RepairOptions) {
    this.#root = root;
    this.#isHtml = isHtml;
  }

  /** @returns the next part of the XML, which may be empty */
  push(chunk: string): string {
    if (this.#start === null) return this.#repair(chunk);
    this.#start += chunk;
    return this.#start.length < START_LENGTH && !this.#root.test(this.#start) ? '' : this.#begin();
  }

  end(): string {
    const begun = this.#start === null ? '' : this.#begin();
    const rest = this.#rest;
    this.#rest = '';
    return begun + this.#repairPart(rest);
  }

  #begin(): string {
    const text = this.#start ?? '';
    this.#start = null;
    const [declaration, root] = [/<\?xml\s/, this.#root].map((begin) => begin.exec(text)?.index ?? Infinity);
    const first = Math.min(declaration!, root!);
    const begin = first === Infinity ? 0 : first;
    this.skippedLines = text.slice(0, begin).split('\n').length - 1;
    return this.#repair(text.slice(begin));
  }

  #repair(chunk: string): string {
    const text = this.#rest + chunk;
    const unfinished = UNFINISHED.exec(text.slice(-MAX_SHARED))?.[0].length ?? 0;
    this.#rest = text.slice(text.length - unfinished);
    return this.#repairPart(text.slice(0, text.length - unfinished));
  }

  #repairPart(text: string): string {
    const out: string[] = [];
    for (let from = 0; from < text.length; ) {
      if (this.#closing) {
        const end = text.indexOf(this.#closing, from);
        const next = end === -1 ? text.length : end + this.#closing.length;
        if (end !== -1) this.#closing = null;
        out.push(text.slice(from, next));
        from = next;
        continue;
      }
      MARKS.lastIndex = from;
      const mark = MARKS.exec(text);
      out.push(text.slice(from, mark?.index));
      if (!mark) break;
      if (mark[0] === '<![CDATA[') this.#closing = ']]>';
      else if (mark[0] === '<!--') this.#closing = '-->';
      out.push(mark[0].startsWith('&') ? this.#reference(mark[0], mark[1], mark[2]) : mark[0]);
      from = mark.index + mark[0].length;
    }
    return out.join('');
  }

  #reference(text: string, number: string | undefined, name: string | undefined): string {
    if (number !== undefined) {
      const code = /^x/i.test(number) ? Number.parseInt(number.slice(1), 16) : Number(number);
      // The reader counts and removes the characters that XML does not allow.
      if (code < 0x20 && code !== 9 && code !== 10 && code !== 13) return String.fromCharCode(code);
      return isAllowed(code) ? text : '\ufffd';
    }
    if (name !== undefined && XML_NAMES.has(name)) return text;
    const character = name === undefined || this.#isHtml ? text : markdown.utils.unescapeAll(text);
    return /[&<>]/.test(character) ? `&amp;${text.slice(1)}` : character;
  }
}

/** It knows the names of HTML. */
const markdown = new MarkdownIt();

function isAllowed(code: number): boolean {
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}
