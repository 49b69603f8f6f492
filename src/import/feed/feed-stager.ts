import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import { slugOf } from '../../../schema/content/text/slug.ts';
import { lastPartOf } from '../address.ts';
import type { SourceText } from '../content-records.ts';
import type { ContentStager } from '../content-stager.ts';
import { firstInstant } from '../dates.ts';
import { withPlayers } from '../enclosures.ts';
import type { RecordLocation } from '../report.ts';
import type { FeedEntry, FeedInfo } from './feed-entry.ts';

/** Addresses in the tags of a body. */
const REFERENCES = /(<[a-z][^<>]{0,1000}?\s(?:src|href|poster)\s*=\s*["']\s*)([^"'<>\s]{1,2000})/gi;

/** Stages the entries of a feed as articles. */
export class FeedStager {
  readonly #content: ContentStager;
  readonly #info: FeedInfo;

  /** @param info filled while the feed is read; what it says before its entries holds for them */
  constructor(content: ContentStager, info: FeedInfo) {
    this.#content = content;
    this.#info = info;
  }

  stage(entry: FeedEntry): void {
    const { report } = this.#content;
    const id = entry.id || entry.link;
    const location = { id, title: entry.title, line: entry.line };
    const skipped = entry.skipped ?? (id === '' ? 'has neither an id nor a link' : null);
    if (skipped !== null) {
      report.countRead('other items');
      report.addSkipped('other items', skipped, location);
      return;
    }
    const publishedAt = firstInstant(entry.publishedAt, entry.updatedAt);
    if (publishedAt === null) report.addNote('has no date that can be read', location);
    const isLater = publishedAt !== null && Date.parse(publishedAt) > Date.now();
    this.#content.article({
      id,
      title: entry.title,
      slug: lastPartOf(entry.link) ?? lastPartOf(id),
      addresses: [entry.link, id].filter((address) => /^https?:/i.test(address)),
      excerpt: entry.body === null ? null : entry.summary,
      body: this.#bodyOf(entry, location),
      status: entry.isDraft ? 'DRAFT' : isLater ? 'SCHEDULED' : 'PUBLISHED',
      publishedAt,
      createdAt: publishedAt,
      modifiedAt: firstInstant(entry.updatedAt),
      login: this.#authorOf(entry),
      topics: topicsOf(entry).map((name) => this.#content.topic({ name, listed: false })),
      cover: entry.image === '' ? null : { url: absolute(entry.image, this.#baseOf(entry)), alt: '', caption: null },
      line: entry.line,
    });
  }

  #bodyOf(entry: FeedEntry, location: RecordLocation): SourceText {
    if (entry.body === null)
      this.#content.report.addNote('has no full text, and was imported with its summary', location);
    const { source, format } = entry.body ?? { source: entry.summary, format: 'HTML' as const };
    const base = this.#baseOf(entry);
    const body = source.replace(REFERENCES, (_, before: string, address: string) => before + absolute(address, base));
    return { source: withPlayers(body, entry.enclosures), format };
  }

  /** What addresses of an entry are relative to. */
  #baseOf({ link }: FeedEntry): string {
    return absolute(link || '.', this.#info.home);
  }

  #authorOf({ author }: FeedEntry): string {
    const { name, email, url } = author ?? this.#info.author ?? { name: '', email: '', url: '' };
    const shown = name || this.#info.title || 'Unknown';
    return this.#content.person({ login: slugOf(shown), name: shown, email: email || null, url, listed: false });
  }
}

function topicsOf({ topics }: FeedEntry): string[] {
  return [...new Set(topics.map((topic) => topic.trim()).filter((topic) => topic !== ''))];
}

/** An address in full, as far as the base is known. */
function absolute(address: string, base: string): string {
  if (/^([a-z][a-z0-9+.-]*:|#)/i.test(address)) return address;
  return (/^https?:/i.test(base) && parseUrl(address, base)?.href) || address;
}
