import { XmlReader } from '../xml-reader.ts';
import { atom } from './atom.ts';
import { type FeedEntry, type FeedInfo, newEntry } from './feed-entry.ts';
import { FEED_ROOT, type FeedFormat } from './feed-format.ts';
import { rss } from './rss.ts';
import { XhtmlText } from './xhtml-text.ts';

/** Reads RSS 0.9 to 2.0, RSS 1.0 and Atom. */
export class XmlFeedReader {
  readonly #xml: XmlReader;
  readonly #info: FeedInfo;
  readonly #onEntry: (entry: FeedEntry) => void;
  #format: FeedFormat | null = null;
  /** Prefix of all names of the format, as in `<atom:feed>`. */
  #prefix = '';
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
        .map((name) => this.#bare(name))
        .join('/'),
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

  #bare(name: string): string {
    return this.#prefix !== '' && name.startsWith(this.#prefix) ? name.slice(this.#prefix.length) : name;
  }
}
