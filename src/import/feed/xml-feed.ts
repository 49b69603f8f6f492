import { XmlReader } from '../xml-reader.ts';
import { atom } from './atom.ts';
import { type FeedEntry, type FeedInfo, newEntry } from './feed-entry.ts';
import { FEED_ROOT, type FeedFormat } from './feed-format.ts';
import { rss } from './rss.ts';
import { XhtmlText } from './xhtml-text.ts';

/** The modules that are read, by their namespaces, with the prefix that most feeds have for each. */
const MODULES: Record<string, string> = {
  'http://purl.org/rss/1.0/modules/content/': 'content',
  'http://purl.org/dc/elements/1.1/': 'dc',
  'http://purl.org/dc/terms/': 'dcterms',
  'http://search.yahoo.com/mrss/': 'media',
  'http://purl.org/syndication/thread/1.0': 'thr',
  'http://www.w3.org/2007/app': 'app',
  'http://www.w3.org/2005/Atom': 'atom',
};

/** Reads RSS 0.9 to 2.0, RSS 1.0 and Atom. */
export class XmlFeedReader {
  readonly #xml: XmlReader;
  readonly #info: FeedInfo;
  readonly #onEntry: (entry: FeedEntry) => void;
  #format: FeedFormat | null = null;
  /** Prefix of all names of the format, as in `<atom:feed>`. */
  #prefix = '';
  /** The usual prefixes of modules by those that the file has. */
  readonly #prefixes = new Map<string, string>();
  #entry: { value: FeedEntry; depth: number } | null = null;
  readonly #attributes: Record<string, string>[] = [];
  #xhtml: XhtmlText | null = null;

  constructor(info: FeedInfo, onEntry: (entry: FeedEntry) => void) {
    this.#info = info;
    this.#onEntry = onEntry;
    this.#xml = new XmlReader(
      {
        open: (path, attributes) => this.#open(path, attributes),
        text: (text) => this.#xhtml?.text(text),
        close: (path, text) => this.#close(path, text),
      },
      { root: FEED_ROOT, keepPrefixes: true },
    );
  }

  write(chunk: string): void {
    this.#xml.write(chunk);
  }

  end(): void {
    this.#xml.end();
  }

  #open(path: readonly string[], attributes: Readonly<Record<string, string>>): void {
    const name = path.at(-1)!;
    this.#attributes.push({ ...attributes });
    this.#declare(attributes);
    if (path.length === 1) this.#begin(name, attributes.version ?? '');
    if (this.#xhtml) this.#xhtml.open(name, attributes);
    else if (this.#entry && attributes.type === 'xhtml') this.#xhtml = new XhtmlText(path.length);
    else if (!this.#entry && this.#format?.entries.has(this.#bare(name)))
      this.#entry = { value: newEntry(this.#xml.line), depth: path.length };
  }

  #begin(root: string, version: string): void {
    const known: Record<string, FeedFormat> = { rss, RDF: rss, feed: atom };
    const format = known[root.slice(root.indexOf(':') + 1)];
    if (!format) this.#xml.fail(`this is not a feed: its root element is <${root}>, not <rss>, <rdf:RDF> or <feed>`);
    this.#format = format!;
    this.#prefix = format === atom && root.includes(':') ? `${root.slice(0, root.indexOf(':'))}:` : '';
    this.#info.format = format!.format;
    this.#info.version = root.endsWith('RDF') ? '1.0' : format === atom ? '1.0' : version;
  }

  #declare(attributes: Readonly<Record<string, string>>): void {
    for (const [name, namespace] of Object.entries(attributes)) {
      const usual = MODULES[namespace];
      if (usual !== undefined && name.startsWith('xmlns:')) this.#prefixes.set(name.slice('xmlns:'.length), usual);
    }
  }

  #close(path: readonly string[], text: string): void {
    const attributes = this.#attributes.pop() ?? {};
    if (this.#xhtml && path.length > this.#xhtml.depth) {
      this.#xhtml.close(path.at(-1)!);
      return;
    }
    const value = this.#xhtml?.html ?? text;
    this.#xhtml = null;
    const above = this.#entry?.depth ?? (this.#format === atom ? 1 : 2);
    const element = {
      name: path
        .slice(above)
        .map((name, index, names) => this.#usual(name, index === names.length - 1 ? attributes.xmlns : ''))
        .join('/')
        .replace(/^media:group\//, ''),
      text: value,
      attributes,
    };
    if (!this.#entry) {
      if (element.name !== '') this.#format?.readInfo(this.#info, element);
      return;
    }
    if (path.length > this.#entry.depth) {
      this.#format?.readEntry(this.#entry.value, element);
      return;
    }
    const entry = this.#entry.value;
    this.#entry = null;
    this.#onEntry(entry);
  }

  /** The name with the prefix that most feeds have for its module. */
  #usual(name: string, xmlns = ''): string {
    const bare = this.#bare(name);
    const [prefix = '', local] = bare.split(':');
    if (local !== undefined) return `${this.#prefixes.get(prefix) ?? prefix}:${local}`;
    // An element of a module without a prefix.
    const module = name === bare && !(this.#format === atom && MODULES[xmlns] === 'atom') ? MODULES[xmlns] : undefined;
    return module === undefined ? bare : `${module}:${bare}`;
  }

  #bare(name: string): string {
    return this.#prefix !== '' && name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : name;
  }
}
