// From text to records: reads an RSS file with WordPress's extensions, event by event.
import { SaxesParser } from 'saxes';
import { ImportError } from './error.ts';

/** Characters of one field. "War and Peace" has 3.2 million. */
const MAX_FIELD = 4 * 1024 * 1024;

/** Characters without the end of a tag, a text or a section: past it the file is not read on. */
const MAX_RUN = 16 * 1024 * 1024;

/** Elements open at once; an export has six. */
const MAX_DEPTH = 64;

/** Categories of one post, and values of its fields that are read. More is counted, not kept. */
const MAX_LIST = 1_000;

/** All but what XML allows: databases put the rest into exports nevertheless. U+FFFD stands for undecodable bytes. */
const DAMAGE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffc}\u{10000}-\u{10ffff}]/gu;

const NAMESPACES: [RegExp, string][] = [
  [/^https?:\/\/(?:www\.)?wordpress\.org\/export\/[\d.]+\/?$/, 'wp'],
  [/^https?:\/\/(?:www\.)?wordpress\.org\/export\/[\d.]+\/excerpt\/?$/, 'excerpt'],
  [/^http:\/\/purl\.org\/rss\/1\.0\/modules\/content\/$/, 'content'],
  [/^http:\/\/purl\.org\/dc\/elements\/1\.1\/$/, 'dc'],
];

const RECORDS = new Set(['item', 'wp:author', 'wp:category', 'wp:tag', 'wp:term']);

/** Custom fields that mean something to an article. */
const READ_META = new Set(['_thumbnail_id', '_wp_old_slug', '_wp_attachment_image_alt', '_wp_attachment_metadata']);

/** Child elements' text by canonical name, such as `wp:post_id`, whatever prefix the file uses. */
export type Fields = Map<string, string>;

interface WxrElement {
  fields: Fields;
  /** Of the opening tag. */
  line: number;
  /** Name of a field longer than 4 Mi characters; its text is not kept. */
  oversized: string | null;
}

export interface WxrTerm extends WxrElement {
  kind: 'wp:author' | 'wp:category' | 'wp:tag' | 'wp:term';
}

export interface WxrCategory {
  domain: string;
  nicename: string;
  name: string;
}

export interface WxrItem extends WxrElement {
  kind: 'item';
  /** 1 for the first item of the file. */
  number: number;
  categories: WxrCategory[];
  meta: Map<string, string[]>;
  /** Custom fields that were not read. */
  otherMeta: number;
  /** Characters taken out because XML does not allow them. */
  control: number;
  /** Characters that could not be decoded. */
  undecodable: number;
}

/** Given when it is read, before the item that it stands in. */
export interface WxrComment extends WxrElement {
  kind: 'wp:comment';
  /** Number of its item. */
  item: number;
}

export type WxrRecord = WxrTerm | WxrItem | WxrComment;

/** What the channel says of itself, by canonical element name. */
export type Channel = Fields;

/**
 * Takes a file's text in pieces and hands on its records as they end. Holds no more than one record.
 *
 * @throws ImportError, with the line, from `write` and `end`, for what is not well-formed XML, has a document type,
 * or is no WordPress export.
 */
export class WxrReader {
  readonly channel: Channel = new Map();
  readonly #emit: (record: WxrRecord) => void;
  readonly #parser = new SaxesParser();
  readonly #prefixes = new Map<string, string>();
  readonly #open: string[] = [];
  #text: string[] = [];
  #textLength = 0;
  #run = 0;
  #items = 0;
  #namespaceVersion: string | null = null;
  #record: WxrTerm | WxrItem | null = null;
  #comment: WxrComment | null = null;
  #metaKey = '';
  #metaValue = '';
  #category: WxrCategory | null = null;

  constructor(emit: (record: WxrRecord) => void) {
    this.#emit = emit;
    const parser = this.#parser;
    parser.on('error', (error) => this.#fail(error.message.replace(/^[^:]*:?\d+:\d+: /, '')));
    parser.on('doctype', () => this.#fail('a document type (DOCTYPE) is refused; an export has none'));
    parser.on('opentag', (tag) => this.#opened(tag.name, tag.attributes));
    parser.on('text', (text) => this.#read(text));
    parser.on('cdata', (text) => this.#read(text));
    parser.on('comment', () => {
      this.#run = 0;
    });
    parser.on('closetag', () => this.#closed());
  }

  /** Items begun so far. */
  get items(): number {
    return this.#items;
  }

  /** Of the format: what the channel says, else what its namespace says. */
  get version(): string {
    return this.channel.get('wp:wxr_version')?.trim() || this.#namespaceVersion || '';
  }

  write(text: string): void {
    let from = 0;
    for (const damage of text.matchAll(DAMAGE)) {
      this.#parse(text.slice(from, damage.index));
      from = damage.index + damage[0].length;
      const undecodable = damage[0] === '\ufffd';
      if (undecodable) this.#parse('\ufffd');
      if (this.#record?.kind === 'item') this.#record[undecodable ? 'undecodable' : 'control'] += 1;
    }
    this.#parse(from === 0 ? text : text.slice(from));
  }

  end(): void {
    this.#parser.close();
    if (this.#open.length > 0 || this.channel.size === 0) this.#fail('the file ends before the export does');
    this.#assertExport();
  }

  #parse(text: string): void {
    if (text === '') return;
    this.#run += text.length;
    this.#parser.write(text);
    if (this.#run > MAX_RUN) this.#fail(`more than ${MAX_RUN} characters without an end of what they are part of`);
  }

  #fail(message: string): never {
    throw new ImportError(message, this.#parser.line);
  }

  #opened(tagName: string, attributes: Record<string, string>): void {
    this.#run = 0;
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('xmlns:')) this.#bind(name.slice('xmlns:'.length), value);
    }
    const name = this.#canonical(tagName);
    this.#open.push(name);
    this.#text = [];
    this.#textLength = 0;
    const depth = this.#open.length;
    if (depth > MAX_DEPTH) this.#fail(`more than ${MAX_DEPTH} elements inside each other`);
    if (depth === 1 && name !== 'rss') this.#fail(`this is no WordPress export: its root is <${tagName}>, not <rss>`);
    if (depth === 3 && this.#open[1] === 'channel' && RECORDS.has(name)) this.#openRecord(name);
    if (depth === 4 && this.#record?.kind === 'item') this.#openInItem(name, attributes, this.#record);
  }

  #openRecord(name: string): void {
    const element: WxrElement = { fields: new Map(), line: this.#parser.line, oversized: null };
    if (name !== 'item') {
      this.#record = { ...element, kind: name as WxrTerm['kind'] };
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
        line: this.#parser.line,
        oversized: null,
      };
    } else if (name === 'wp:postmeta') {
      this.#metaKey = '';
      this.#metaValue = '';
    } else if (name === 'category') {
      this.#category = { domain: attributes.domain ?? '', nicename: attributes.nicename ?? '', name: '' };
    }
  }

  #read(text: string): void {
    this.#run = 0;
    const element = this.#comment ?? this.#record;
    this.#textLength += text.length;
    if (this.#textLength <= MAX_FIELD) {
      this.#text.push(text);
      return;
    }
    this.#text = [];
    if (element) element.oversized ??= this.#open.at(-1) ?? '';
  }

  #closed(): void {
    this.#run = 0;
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
      if (!READ_META.has(this.#metaKey) || values.length >= MAX_LIST) item.otherMeta += 1;
      else item.meta.set(this.#metaKey, [...values, this.#metaValue]);
    } else if (name === 'category' && this.#category) {
      if (item.categories.length < MAX_LIST) item.categories.push({ ...this.#category, name: text.trim() });
      this.#category = null;
    } else {
      keepFirst(item.fields, name, text);
    }
  }

  #bind(prefix: string, uri: string): void {
    const known = NAMESPACES.find(([pattern]) => pattern.test(uri))?.[1];
    if (known === 'wp') this.#namespaceVersion ??= /export\/([\d.]+)/.exec(uri)?.[1] ?? null;
    // A prefix with another meaning must not pass for what its name says.
    this.#prefixes.set(prefix, known ?? `${prefix}?`);
  }

  #canonical(tagName: string): string {
    const colon = tagName.indexOf(':');
    if (colon < 0) return tagName;
    const prefix = tagName.slice(0, colon);
    return `${this.#prefixes.get(prefix) ?? prefix}:${tagName.slice(colon + 1)}`;
  }

  #assertExport(): void {
    if (this.version !== '') return;
    this.#fail('this is an RSS feed, but no WordPress export: it has neither wp:wxr_version nor the namespace of one');
  }
}

function keepFirst(fields: Fields, name: string, text: string): void {
  if (!fields.has(name)) fields.set(name, text);
}
