import { SaxesParser } from 'saxes';
import { ImportError } from './import-error.ts';
import { RepairedXml } from './repaired-xml.ts';

/** Characters of one element's text. A longer one ends the import. */
const MAX_TEXT = 8 * 1024 * 1024;

/** Characters of one tag, text or CDATA section, which the parser keeps in memory. */
const MAX_PENDING = 16 * 1024 * 1024;

const MAX_DEPTH = 64;

const INVALID_CHARACTERS = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

export interface XmlHandlers {
  /** @param path names of the open elements, from the root to this one */
  open?(path: readonly string[], attributes: Readonly<Record<string, string>>): void;
  /** @param text the element's own text */
  close(path: readonly string[], text: string): void;
  /** Text as it comes, between the elements inside another. */
  text?(text: string): void;
}

export interface XmlOptions {
  /** The tag with which a document begins; what is before it is skipped. */
  root: RegExp;
  /** Names are those of the file, as `content:encoded`; without it they have no prefixes. @default false */
  keepPrefixes?: boolean;
}

/**
 * Parses XML chunk by chunk, of which it keeps one element's text in memory.
 *
 * @throws ImportError with the line, from `write` and `end`, if the text is not well-formed or has a document type declaration
 */
export class XmlReader {
  readonly #parser = new SaxesParser();
  readonly #xml: RepairedXml;
  readonly #handlers: XmlHandlers;
  readonly #path: string[] = [];
  readonly #texts: string[][] = [];
  #length = 0;
  #pending = 0;
  #hasBegun = false;
  readonly #nameOf: (name: string) => string;

  constructor(handlers: XmlHandlers, { root, keepPrefixes = false }: XmlOptions) {
    this.#handlers = handlers;
    this.#xml = new RepairedXml({ root, isHtml: false });
    this.#nameOf = keepPrefixes ? (name) => name : localName;
    const parser = this.#parser;
    parser.on('error', (error) => this.fail(error.message.replace(/^[^:]*:?\d+:\d+: /, '')));
    // The one of RSS 0.91 only names its type.
    parser.on('doctype', (text) => {
      if (text.includes('[')) this.fail('declarations in a document type (DOCTYPE) are not allowed');
    });
    parser.on('opentag', ({ name, attributes }) => this.#open(name, attributes));
    parser.on('text', (text) => this.#add(text));
    parser.on('cdata', (text) => this.#add(text));
    parser.on('comment', () => {
      this.#pending = 0;
    });
    parser.on('closetag', () => this.#close());
  }

  get line(): number {
    return this.#parser.line + this.#xml.skippedLines;
  }

  fail(message: string): never {
    throw new ImportError(message, this.line);
  }

  write(chunk: string): void {
    this.#parse(this.#xml.push(chunk));
  }

  #parse(part: string): void {
    const text = (this.#hasBegun ? part : part.trimStart()).replace(INVALID_CHARACTERS, '');
    if (text === '') return;
    this.#hasBegun = true;
    this.#pending += text.length;
    this.#parser.write(text);
    if (this.#pending > MAX_PENDING) this.fail(`a tag, text or CDATA section has more than ${MAX_PENDING} characters`);
  }

  end(): void {
    this.#parse(this.#xml.end());
    if (this.#hasBegun) this.#parser.close();
    if (this.#path.length > 0 || !this.#hasBegun) this.fail('the file ends before it is complete');
  }

  #open(name: string, attributes: Record<string, string>): void {
    this.#pending = 0;
    this.#path.push(this.#nameOf(name));
    this.#texts.push([]);
    this.#length = 0;
    if (this.#path.length > MAX_DEPTH) this.fail(`elements are nested more than ${MAX_DEPTH} levels deep`);
    const local = Object.entries(attributes).map(([key, value]) => [
      key.startsWith('xmlns:') ? key : localName(key),
      value,
    ]);
    this.#handlers.open?.(this.#path, Object.fromEntries(local));
  }

  #add(text: string): void {
    this.#pending = 0;
    this.#length += text.length;
    if (this.#length > MAX_TEXT) this.fail(`an element has more than ${MAX_TEXT} characters`);
    this.#texts.at(-1)?.push(text);
    this.#handlers.text?.(text);
  }

  #close(): void {
    this.#pending = 0;
    this.#length = 0;
    this.#handlers.close(this.#path, this.#texts.pop()?.join('') ?? '');
    this.#path.pop();
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
