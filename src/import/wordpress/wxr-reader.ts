import { SaxesParser } from 'saxes';
import { ImportError } from '../import-error.ts';
import { RepairedXml } from '../repaired-xml.ts';
import { WxrNamespaces } from './wxr-namespaces.ts';
import type {
  Fields,
  WxrAuthor,
  WxrCategory,
  WxrComment,
  WxrElement,
  WxrItem,
  WxrRecord,
  WxrTerm,
} from './wxr-records.ts';

/** Characters of one field. "War and Peace" has 3.2 million. */
const MAX_FIELD = 4 * 1024 * 1024;

/** Characters of one tag, text or CDATA section, which the parser keeps in memory. A longer one ends the import. */
const MAX_PENDING = 16 * 1024 * 1024;

/** Depth of nested elements; an export has 6 levels. */
const MAX_DEPTH = 64;

/** Categories of one item, and values of one of its custom fields. Further ones are not kept. */
const MAX_LIST = 1_000;

/** Characters that XML does not allow, which exports contain nevertheless, and U+FFFD, which replaces undecodable bytes. */
const INVALID_CHARACTERS = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffc}\u{10000}-\u{10ffff}]/gu;

const RECORDS = new Set(['item', 'wp:author', 'wp:category', 'wp:tag', 'wp:term']);

/** The custom fields that the import uses. */
const USED_META = new Set([
  ...['_thumbnail_id', '_wp_old_slug', '_wp_attachment_image_alt', '_wp_attachment_metadata', 'footnotes', 'enclosure'],
]);

/**
 * Parses the text of an export chunk by chunk and emits each record at its end. Keeps at most one record in memory.
 *
 * @throws ImportError with the line, from `write` and `end`, if the text is not well-formed XML, has a document type
 * declaration, or is not a WordPress export
 */
export class WxrReader {
  /** The channel's own fields. */
  readonly channel: Fields = new Map();
  readonly #emit: (record: WxrRecord) => void;
  readonly #parser = new SaxesParser();
  readonly #namespaces = new WxrNamespaces();
  readonly #open: string[] = [];
  #text: string[] = [];
  #textLength = 0;
  /** Characters since the parser's last event. */
  #pending = 0;
  readonly #xml = new RepairedXml({ root: /<rss[\s>]/, isHtml: true });
  #items: number;
  readonly #before: number;
  #record: WxrAuthor | WxrTerm | WxrItem | null = null;
  #comment: WxrComment | null = null;
  #metaKey = '';
  #metaValue = '';
  #category: WxrCategory | null = null;

  /** @param items number of items in the files before this one: each item of an import has a number of its own */
  constructor(emit: (record: WxrRecord) => void, items = 0) {
    this.#emit = emit;
    this.#items = items;
    this.#before = items;
    const parser = this.#parser;
    parser.on('error', (error) => this.#fail(reasonOf(error.message)));
    parser.on('doctype', () => this.#fail('a document type declaration (DOCTYPE) is not allowed; an export has none'));
    parser.on('opentag', (tag) => this.#openElement(tag.name, tag.attributes));
    parser.on('text', (text) => this.#addText(text));
    parser.on('cdata', (text) => this.#addText(text));
    parser.on('comment', () => {
      this.#pending = 0;
    });
    parser.on('closetag', () => this.#closeElement());
  }

  /** Number of items so far, with those of the files before. */
  get items(): number {
    return this.#items;
  }

  /** Version of the format: from the channel, else from the namespace; empty if neither has one. */
  get version(): string {
    return this.channel.get('wp:wxr_version')?.trim() || this.#namespaces.version || '';
  }

  write(chunk: string): void {
    this.#readText(this.#xml.push(chunk));
  }

  end(): void {
    this.#readText(this.#xml.end());
    const element = this.#open.at(-1);
    if (element !== undefined) {
      const item = this.#record ? `, in the ${this.#record.kind} that begins in line ${this.#record.line}` : '';
      this.#fail(`the file ends inside of <${element}>${item}: the export is incomplete`);
    }
    this.#parser.close();
    if (this.channel.size === 0 && this.#items === this.#before)
      this.#fail('the file has no export: it is empty, or ends before one begins');
    this.#assertExport();
  }

  #readText(text: string): void {
    let from = 0;
    for (const match of text.matchAll(INVALID_CHARACTERS)) {
      this.#parse(text.slice(from, match.index));
      from = match.index + match[0].length;
      const isUndecodable = match[0] === '\ufffd';
      if (isUndecodable) this.#parse('\ufffd');
      if (this.#record?.kind === 'item') this.#record[isUndecodable ? 'undecodable' : 'control'] += 1;
    }
    this.#parse(from === 0 ? text : text.slice(from));
  }

  #parse(text: string): void {
    if (text === '') return;
    this.#pending += text.length;
    this.#parser.write(text);
    if (this.#pending > MAX_PENDING) this.#fail(`a tag, text or CDATA section has more than ${MAX_PENDING} characters`);
  }

  #fail(message: string): never {
    throw new ImportError(message, this.#line(this.#parser.line));
  }

  /** A line of the file, from one of the text that is parsed. */
  #line(line: number): number {
    return line + this.#xml.skippedLines;
  }

  #openElement(tagName: string, attributes: Record<string, string>): void {
    this.#pending = 0;
    this.#namespaces.declare(attributes);
    const name = this.#namespaces.canonicalName(tagName);
    this.#open.push(name);
    this.#text = [];
    this.#textLength = 0;
    const depth = this.#open.length;
    if (depth > MAX_DEPTH) this.#fail(`elements are nested more than ${MAX_DEPTH} levels deep`);
    if (depth === 1 && name !== 'rss')
      this.#fail(`this is not a WordPress export: its root element is <${tagName}>, not <rss>`);
    if (depth === 3 && this.#open[1] === 'channel' && RECORDS.has(name)) this.#openRecord(name);
    if (depth === 4 && this.#record?.kind === 'item') this.#openInItem(name, attributes, this.#record);
  }

  #openRecord(name: string): void {
    const element: WxrElement = { fields: new Map(), line: this.#line(this.#parser.line), oversized: null };
    if (name !== 'item') {
      this.#record = { ...element, kind: name as (WxrAuthor | WxrTerm)['kind'] };
      return;
    }
    this.#assertExport();
    this.#items += 1;
    this.#record = {
      ...element,
      kind: 'item',
      number: this.#items,
      categories: [],
      meta: new Map(),
      otherMeta: 0,
      control: 0,
      undecodable: 0,
    };
  }

  #openInItem(name: string, attributes: Record<string, string>, item: WxrItem): void {
    if (name === 'wp:comment') {
      this.#comment = {
        kind: 'wp:comment',
        item: item.number,
        fields: new Map(),
        line: this.#line(this.#parser.line),
        oversized: null,
      };
    } else if (name === 'wp:postmeta') {
      this.#metaKey = '';
      this.#metaValue = '';
    } else if (name === 'category') {
      this.#category = { domain: attributes.domain ?? '', nicename: attributes.nicename ?? '', name: '' };
    }
  }

  #addText(text: string): void {
    this.#pending = 0;
    const element = this.#comment ?? this.#record;
    this.#textLength += text.length;
    if (this.#textLength <= MAX_FIELD) {
      this.#text.push(text);
      return;
    }
    this.#text = [];
    if (element) element.oversized ??= this.#open.at(-1) ?? '';
  }

  #closeElement(): void {
    this.#pending = 0;
    const depth = this.#open.length;
    const name = this.#open.pop() ?? '';
    const text = this.#text.join('');
    this.#text = [];
    this.#textLength = 0;
    const record = this.#record;
    if (depth === 5 && this.#comment) {
      keepFirst(this.#comment.fields, name, text);
    } else if (depth === 5 && this.#open.at(-1) === 'wp:postmeta') {
      if (name === 'wp:meta_key') this.#metaKey = text.trim();
      if (name === 'wp:meta_value') this.#metaValue = text;
    } else if (depth === 4 && record) {
      if (record.kind === 'item') this.#closeInItem(name, text, record);
      else keepFirst(record.fields, name, text);
    } else if (depth === 3 && record) {
      this.#emit(record);
      this.#record = null;
    } else if (depth === 3 && this.#open[1] === 'channel') {
      keepFirst(this.channel, name, text);
    }
  }

  #closeInItem(name: string, text: string, item: WxrItem): void {
    if (name === 'wp:comment' && this.#comment) {
      this.#emit(this.#comment);
      this.#comment = null;
    } else if (name === 'wp:postmeta') {
      const values = item.meta.get(this.#metaKey) ?? [];
      if (!USED_META.has(this.#metaKey) || values.length >= MAX_LIST) item.otherMeta += 1;
      else item.meta.set(this.#metaKey, [...values, this.#metaValue]);
    } else if (name === 'category' && this.#category) {
      if (item.categories.length < MAX_LIST) item.categories.push({ ...this.#category, name: text.trim() });
      this.#category = null;
    } else {
      keepFirst(item.fields, name, text);
    }
  }

  #assertExport(): void {
    if (this.version !== '') return;
    this.#fail('this RSS feed is not a WordPress export: it has neither wp:wxr_version nor the namespace of an export');
  }
}

function keepFirst(fields: Fields, name: string, text: string): void {
  if (!fields.has(name)) fields.set(name, text);
}

/** The parser's message without its position, in words that say what is wrong with a file. */
function reasonOf(message: string): string {
  const reason = message.replace(/^[^:]*:?\d+:\d+: /, '');
  return reason.startsWith('text data outside of root')
    ? 'this is not a WordPress export: it has text where XML has its first tag'
    : reason;
}
