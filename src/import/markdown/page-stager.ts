import { posix } from 'node:path';
import { languageTag } from '../../../schema/content/article/article-input.ts';
import { withoutBlankLinesAround } from '../../../schema/content/text/blank-lines.ts';
import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import { slugOf } from '../../../schema/content/text/slug.ts';
import { lastPartOf } from '../address.ts';
import type { ArticleRecord } from '../content-records.ts';
import type { ContentStager } from '../content-stager.ts';
import type { RecordLocation } from '../report.ts';
import { replaceAttributes } from './attributes.ts';
import { type Fields, fieldList, fieldText, instantOf, plainText } from './front-matter.ts';
import { absolutePath, oneOrMore, type PageAddresses, slugIn } from './page-addresses.ts';
import type { Page } from './page-file.ts';
import { replaceLinks } from './page-links.ts';
import { replaceShortcodes } from './shortcodes.ts';
import type { SiteConfig } from './site-config.ts';

interface PageStagerOptions {
  /** Whether pages without a date become articles. */
  pages: boolean;
  /** The site's address, without a slash at its end; null if it is not known. */
  site: string | null;
  /** The imported folder on disk, or the archive. */
  root: string;
  config: SiteConfig;
  /** Of all pages of the site. */
  addresses: PageAddresses;
  /** Pictures are copied later, so their addresses stay as they are written. */
  copiesPictures: boolean;
}

/** Stages the pages of a folder. */
export class PageStager {
  readonly #content: ContentStager;
  readonly #options: PageStagerOptions;

  constructor(content: ContentStager, options: PageStagerOptions) {
    this.#content = content;
    this.#options = options;
  }

  stage(page: Page): void {
    const { report } = this.#content;
    const title = fieldText(page.fields, 'title') || headingOf(page.body);
    const location = { id: page.id, title, line: 0 };
    const reason = this.#skipReason(page);
    if (reason === null) {
      this.#content.article(this.#articleOf(page, location));
      return;
    }
    report.countRead('other items');
    report.addSkipped('other items', reason, location);
  }

  #skipReason(page: Page): string | null {
    if (/(^|\/)_index\.\w+$/.test(page.path)) return 'is the page of a section';
    if (this.#options.pages || dateOf(page) !== null || isDraft(page)) return null;
    return 'has no date; such pages are imported only with --pages';
  }

  #articleOf(page: Page, location: RecordLocation): ArticleRecord {
    const { fields } = page;
    const [address, ...others] = this.#options.addresses.of(page);
    const aliases = fieldList(fields, 'aliases', 'alias', 'redirectfrom');
    const publishedAt = dateOf(page);
    return {
      id: page.id,
      title: location.title,
      slug: slugIn(page),
      formerSlugs: aliases.map((alias) => lastPartOf(absolutePath(alias))).filter((slug) => slug !== null),
      addresses: [address!, ...others, ...aliases.map(absolutePath)],
      excerpt: fieldText(fields, 'description', 'summary', 'excerpt', 'subtitle'),
      body: { source: this.#bodyOf(page, address!, location), format: 'MARKDOWN' },
      status: isDraft(page) ? 'DRAFT' : publishedAt && Date.parse(publishedAt) > Date.now() ? 'SCHEDULED' : 'PUBLISHED',
      publishedAt,
      createdAt: publishedAt,
      modifiedAt: instantOf(fieldText(fields, 'lastmod', 'updated', 'modified', 'updateddate', 'lastmodifiedat')),
      isClosed: fields.comments === false || fields.comments === 'false',
      language: languageTag(fieldText(fields, 'languagecode', 'lang')),
      login: this.#authorOf(fields, location),
      topics: topicsOf(fields, this.#options.config).map((name) => this.#content.topic({ name, listed: false })),
      cover: this.#coverOf(fields, address!),
      pictures: this.#picturesOf(page, address!),
    };
  }

  #picturesOf({ id }: Page, address: string): NonNullable<ArticleRecord['pictures']> | null {
    const { site, root, copiesPictures } = this.#options;
    if (!copiesPictures) return null;
    return { base: site === null ? null : `${site}${address}`, root, folder: posix.dirname(id) };
  }

  #bodyOf(page: Page, address: string, location: RecordLocation): string {
    const { report } = this.#content;
    const { isHugo } = this.#options.config;
    const addressOf = (reference: string): string | null => this.#addressOf(reference, page);
    const replaced = replaceShortcodes(page.body, { isHugo, addressOf });
    const { leftOut } = replaced;
    const text = replaceAttributes(replaceLinks(replaced.text, addressOf), { isHugo });
    for (const name of new Set(leftOut)) {
      const count = leftOut.filter((other) => other === name).length;
      report.addNote(`shortcode ${name} was left out`, location, count);
    }
    if (/\.mdx$/i.test(page.path)) report.addNote('is MDX, whose components were not imported', location);
    if (this.#options.copiesPictures) return withoutBlankLinesAround(text);
    let relative = 0;
    const body = text.replace(PICTURES, (match, before: string, source: string) => {
      if (/^([a-z][a-z0-9+.-]*:|\/\/|#)/i.test(source)) return match;
      const absolute = this.#absolute(source, address);
      if (absolute === null) relative += 1;
      return `${before}${absolute ?? source}`;
    });
    if (relative > 0)
      report.addNote(
        'pictures have no address of their own: give the address of the site with --site',
        location,
        relative,
      );
    return withoutBlankLinesAround(body);
  }

  /** The address of another page, below that of the site if it is known. */
  #addressOf(reference: string, page: Page): string | null {
    const { site, addresses } = this.#options;
    const address = addresses.find(reference, page);
    return address === null ? null : `${/^https?:/i.test(address) ? '' : (site ?? '')}${address}`;
  }

  #absolute(source: string, address: string): string | null {
    const { site } = this.#options;
    return site === null ? null : (parseUrl(source, `${site}${address}`)?.href ?? null);
  }

  #coverOf(fields: Fields, address: string): NonNullable<ArticleRecord['cover']> | null {
    const found = COVERS.map((name) => fields[name]).find((value) => value !== undefined && value !== null);
    const parts: Fields = typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Fields) : {};
    const source =
      plainText(Array.isArray(found) ? found[0] : found) || fieldText(parts, 'image', 'src', 'url', 'path');
    if (source === '') return null;
    const alt = fieldText(parts, 'alt') || fieldText(fields, 'heroimagealt', 'imagealt', 'coveralt');
    const { copiesPictures } = this.#options;
    const url = copiesPictures || /^https?:/i.test(source) ? source : (this.#absolute(source, address) ?? source);
    return { url, alt, caption: fieldText(parts, 'caption', 'title') || null };
  }

  #authorOf(fields: Fields, location: RecordLocation): string {
    const named = ['author', 'authors', 'creator'].map((field) => fields[field]).find((value) => value !== undefined);
    const people = (Array.isArray(named) ? named : [named]).map(personOf).filter(({ name }) => name !== '');
    const others = people.length - 1;
    if (others > 0) this.#content.report.addNote('has further authors, who were not imported', location, others);
    const { name, email } = people[0] ?? { name: this.#options.config.author || 'Unknown', email: null };
    return this.#content.person({ login: slugOf(name), name, email, listed: false });
  }
}

/** Pictures in Markdown and in HTML: what is before the address, and the address. */
const PICTURES = /(!\[[^\]\n]{0,1000}\]\(\s*<?|<img\b[^>]{0,1000}?\ssrc=["'])([^\s<>"')]{1,2000})/gi;

const COVERS = ['cover', 'image', 'featuredimage', 'heroimage', 'coverimage', 'thumbnail', 'banner', 'images'];

function personOf(value: unknown): { name: string; email: string | null } {
  const fields = typeof value === 'object' && value !== null ? (value as Fields) : {};
  return { name: plainText(value) || fieldText(fields, 'name', 'title'), email: fieldText(fields, 'email') || null };
}

function topicsOf(fields: Fields, { isEleventy }: SiteConfig): string[] {
  const names = [
    ...fieldList(fields, 'categories'),
    ...oneOrMore(fields, 'category'),
    ...(isEleventy ? oneOrMore(fields, 'tags') : fieldList(fields, 'tags')),
    ...fieldList(fields, 'topics'),
  ];
  // Eleventy tags its pages with the names of collections.
  return [...new Set(names)].filter((name) => !/^(posts?|all|nav)$/i.test(name));
}

function isDraft({ id, fields }: Page): boolean {
  return fields.draft === true || fields.draft === 'true' || fields.published === false || /(^|\/)_drafts\//.test(id);
}

/** The date in the fields, else that in the name of the file, as Jekyll has it. */
function dateOf({ path, fields }: Page): string | null {
  const named = /(?:^|\/)(\d{4}-\d\d?-\d\d?)-[^/]+$/.exec(path)?.[1] ?? '';
  const texts = ['date', 'publishdate', 'pubdate', 'published', 'datepublished', 'created'].map((name) =>
    fieldText(fields, name),
  );
  return [...texts, named].map(instantOf).find((instant) => instant !== null) ?? null;
}

function headingOf(body: string): string {
  return /^#\s+(.+)$/m.exec(body.slice(0, 10_000))?.[1]?.replace(/\s*#*\s*$/, '') ?? '';
}
