import { posix } from 'node:path';
import { lastPartOf } from '../address.ts';
import { type Fields, fieldList, fieldText, plainText } from './front-matter.ts';
import { type Page, pathInContent } from './page-file.ts';
import { configuredAddress } from './permalinks.ts';
import type { SiteConfig } from './site-config.ts';

type Located = Pick<Page, 'id' | 'path' | 'language' | 'fields'>;

/** The pages of a site by what links within it name: files, with or without ending and folder, and a heading after a `#`. */
export class PageAddresses {
  readonly #config: SiteConfig;
  readonly #byPath = new Map<string, string>();
  /** Null where several pages have the name. */
  readonly #byName = new Map<string, string | null>();

  constructor(config: SiteConfig) {
    this.#config = config;
  }

  add(page: Located): void {
    const key = `${prefixOf(page)}${keyOf(page.path)}`;
    const [address] = this.of(page);
    this.#byPath.set(key, address);
    const name = `${prefixOf(page)}${posix.basename(keyOf(page.path))}`;
    this.#byName.set(name, this.#byName.has(name) ? null : address);
  }

  /** Where the generator serves a page: at the address of its fields, else of the configuration, else where it does by default. */
  of(page: Located): [string, ...string[]] {
    const categories = categoriesOf(page.fields);
    const configured =
      literalAddress(page.fields) === ''
        ? configuredAddress({ ...page, name: nameIn(page.path), categories }, this.#config)
        : null;
    const [first, ...others] = configured === null ? addressesOf(page) : [configured];
    const prefix = page.language === '' || literalAddress(page.fields) !== '' ? '' : `/${page.language}`;
    return [`${prefix}${first}`, ...others.map((address) => `${prefix}${address}`)];
  }

  /**
   * @param reference as the page writes it
   * @param from the page
   * @returns the address below the site's, or null
   */
  find(reference: string, from: Located): string | null {
    const [, written = '', heading = ''] = /^([^#?]*)[^#]*(#.*)?$/s.exec(reference.trim()) ?? [];
    const path = decoded(written);
    if (path === '') return null;
    const beside = posix.join(posix.dirname(from.path), path);
    const keys = (path.startsWith('/') ? [path.slice(1)] : [beside, path]).map((candidate) =>
      keyOf(pathInContent(posix.normalize(candidate))),
    );
    // A page in the same language, else in the default one.
    const prefixes = [prefixOf(from), ''];
    const found = prefixes
      .flatMap((prefix) => keys.map((key) => this.#byPath.get(`${prefix}${key}`)))
      .find((address) => address !== undefined);
    const named = prefixes.map((prefix) => this.#byName.get(`${prefix}${keyOf(path)}`)).find((address) => address);
    const address = found ?? (path.includes('/') ? null : named);
    return address ? `${address}${heading}` : null;
  }
}

function prefixOf({ language }: Pick<Located, 'language'>): string {
  return language === '' ? '' : `${language}:`;
}

/** A path without ending, and of an index its folder. */
function keyOf(path: string): string {
  return path
    .replace(/\/+$/, '')
    .replace(/\.(md|markdown|mdown|mdx)$/i, '')
    .replace(/(?<=^|\/)_?index$/, '')
    .replace(/\/+$/, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The part of a path that names a page: the file without date and ending, or the folder of an `index.md`. */
function nameIn(path: string): string {
  const parts = path.replace(/\.[^./]+$/, '').split('/');
  const name = parts.at(-1) === 'index' && parts.length > 1 ? parts.at(-2)! : parts.at(-1)!;
  return name.replace(/^\d{4}-\d\d?-\d\d?-/, '');
}

/** The address that the fields give literally, without the marks of a template. */
function literalAddress(fields: Fields): string {
  const address = fieldText(fields, 'url', 'permalink');
  return address === '' || /[{}:]/.test(address.replace(/^https?:/, '')) ? '' : absolutePath(address);
}

/** Of pages in several languages, those in the default one have the name alone. */
export function slugIn({ path, language, fields }: Located): string {
  const name = `${nameIn(path)}${language && `-${language}`}`;
  return fieldText(fields, 'slug') || lastPartOf(literalAddress(fields)) || name;
}

/** Where generators serve a page by default: at the address of its fields, else at its path, else by date as Jekyll does. */
function addressesOf(page: Located): [string, ...string[]] {
  const literal = literalAddress(page.fields);
  if (literal !== '') return [literal];
  const slug = fieldText(page.fields, 'slug') || nameIn(page.path);
  const parts = page.path.split('/').slice(0, /(^|\/)index\.[^./]+$/.test(page.path) ? -2 : -1);
  const folders = parts.filter((part) => !/^_(posts|drafts)$/.test(part));
  const byPath = `/${[...folders, slug].join('/')}/`;
  const date = /(?:^|\/)(\d{4})-(\d\d?)-(\d\d?)-[^/]+$/.exec(page.path);
  if (!date) return [byPath];
  const byDate = `${date[1]}/${date[2]!.padStart(2, '0')}/${date[3]!.padStart(2, '0')}/${slug}/`;
  const categories = categoriesOf(page.fields);
  return categories.length > 0 ? [`/${categories.join('/')}/${byDate}`, `/${byDate}`, byPath] : [`/${byDate}`, byPath];
}

function categoriesOf(fields: Fields): string[] {
  return [...fieldList(fields, 'categories'), ...oneOrMore(fields, 'category')].map((name) => name.toLowerCase());
}

/** A category may have blanks in its name. */
export function oneOrMore(fields: Fields, name: string): string[] {
  const text = plainText(fields[name]);
  return text === '' ? fieldList(fields, name) : text.split(',').map((part) => part.trim());
}

export function absolutePath(address: string): string {
  return /^(https?:|\/)/i.test(address) ? address : `/${address}`;
}
