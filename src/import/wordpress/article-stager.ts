import { excerptOf, readingMinutes } from '../../../schema/content/text/excerpt.ts';
import { renderText } from '../../../schema/content/text/render.ts';
import { slugOf } from '../../../schema/content/text/slug.ts';
import { keptAddresses } from '../address.ts';
import { firstInstant } from '../dates.ts';
import { type Enclosure, withPlayers } from '../enclosures.ts';
import type { RecordLocation } from '../report.ts';
import type { StagedArticle } from '../staged-rows.ts';
import type { AuthorStager } from './author-stager.ts';
import { articleBody } from './body.ts';
import { type BodySources, NO_SOURCES } from './body-sources.ts';
import {
  contentDigest,
  decodeSlug,
  fieldText,
  formerSlugs,
  guidOf,
  itemId,
  oversizedReason,
  plainText,
  truncate,
} from './field-values.ts';
import { noteBody, noteItem } from './item-notes.ts';
import { removedMarkup } from './removed-markup.ts';
import type { SiteClock } from './site-clock.ts';
import { MAPPING_VERSION, type StageContext, truncateField } from './stage-context.ts';
import type { TopicStager } from './topic-stager.ts';
import { itemAddresses } from './wordpress-addresses.ts';
import type { WxrItem } from './wxr-records.ts';

/** Characters of a title. The search indexes all of it, and PostgreSQL limits a search document to 1 MB. */
const MAX_TITLE = 1_000;

/** Characters of an excerpt, for the same reason. */
const MAX_EXCERPT = 5_000;

/** What an item has that is staged at the end of the file. */
export interface ItemSources {
  body: BodySources;
  /** As it was when the item was read. */
  clock: SiteClock;
}

interface RelatedStagers {
  authors: AuthorStager;
  topics: TopicStager;
}

/** Stages posts and pages as articles. */
export class ArticleStager {
  readonly #context: StageContext;
  readonly #related: RelatedStagers;

  constructor(context: StageContext, related: RelatedStagers) {
    this.#context = context;
    this.#related = related;
  }

  /** Stages a post or page, or reports why it is skipped. */
  stage(item: WxrItem, location: RecordLocation, sources?: ItemSources): void {
    const { staging, report } = this.#context;
    report.countRead('articles');
    const reason = articleSkipReason(item);
    if (reason) {
      report.addSkipped('articles', reason, location);
      return;
    }
    noteItem(report, item, location);
    staging.add('staged_article', this.#articleOf(item, location, sources));
    for (const path of keptAddresses(itemAddresses(item, this.#context.blog())))
      staging.add('staged_address', { item: item.number, path });
  }

  #articleOf(item: WxrItem, location: RecordLocation, sources?: ItemSources): StagedArticle {
    const { fields, line } = item;
    const footnotes = item.meta.get('footnotes')?.[0] ?? '';
    const body = articleBody(fields.get('content:encoded') ?? '', { ...(sources?.body ?? NO_SOURCES), footnotes });
    const source = withPlayers(body.html, enclosuresOf(item));
    const rendered = renderText(source, 'HTML', 'article');
    noteBody(this.#context.report, [...body.notes, ...removedMarkup(source, rendered.html)], location);
    const clock = sources?.clock ?? this.#context.clock;
    const published = clock.instant(
      firstInstant(fieldText(fields, 'wp:post_date_gmt'), fieldText(fields, 'pubDate')) ?? '',
      fieldText(fields, 'wp:post_date'),
    );
    const status = this.#statusOf(item, location);
    const login = this.#related.authors.stageCreator(item);
    const title = this.#titleOf(published, location);
    const slug = slugOf(decodeSlug(fieldText(fields, 'wp:post_name')) || location.title || `post-${location.id}`);
    const excerpt = plainText(fields.get('excerpt:encoded') ?? '');
    // The digest depends on these fields and on their order.
    const content = {
      external_id: location.id,
      title,
      slug,
      former_slugs: formerSlugs(wordpressSlugs(item), slug),
      excerpt: excerpt ? truncate(excerpt, MAX_EXCERPT) : excerptOf(rendered.text),
      body_source: source,
      body_format: 'HTML' as const,
      status,
      published_at: status === 'DRAFT' ? null : published,
      created_at: published ?? firstInstant(fieldText(fields, 'wp:post_modified_gmt')),
      modified_at: clock.instant(fieldText(fields, 'wp:post_modified_gmt'), fieldText(fields, 'wp:post_modified')),
      login,
      comment_policy: fieldText(fields, 'wp:comment_status') === 'closed' ? ('CLOSED' as const) : null,
      thumbnail_id: item.meta.get('_thumbnail_id')?.[0]?.trim() || null,
      topics: this.#related.topics.stageItemTopics(item, location),
    };
    return {
      ...content,
      guid: guidOf(fields),
      line,
      item: item.number,
      body_html: rendered.html,
      body_text: rendered.text,
      reading_minutes: readingMinutes(rendered.text),
      digest: contentDigest([MAPPING_VERSION, content]),
    };
  }

  #statusOf({ fields }: WxrItem, location: RecordLocation): StagedArticle['status'] {
    const status = fieldText(fields, 'wp:status');
    const isProtected = fieldText(fields, 'wp:post_password') !== '';
    const { report } = this.#context;
    if (isProtected) report.addNote('is password-protected and was imported as a draft', location);
    if (status === 'private') report.addNote('is private and was imported as a draft', location);
    if (isProtected) return 'DRAFT';
    if (status === 'publish') return 'PUBLISHED';
    // Drafts, pending and private posts, and statuses that plugins add.
    return status === 'future' ? 'SCHEDULED' : 'DRAFT';
  }

  #titleOf(published: string | null, location: RecordLocation): string {
    if (location.title !== '')
      return truncateField(this.#context, { name: 'title', text: location.title, length: MAX_TITLE }, location);
    this.#context.report.addNote('has no title and was imported as "Untitled"', location);
    return published ? `Untitled, ${published.slice(0, 10)}` : 'Untitled';
  }
}

function articleSkipReason({ fields, oversized }: WxrItem): string | null {
  if (oversized) return oversizedReason(oversized);
  if (itemId(fields) === '') return 'has no wp:post_id, guid or link';
  const status = fieldText(fields, 'wp:status');
  if (status === 'trash') return 'is in the trash';
  if (status === 'inherit') return 'is a revision';
  return null;
}

/** The slugs under which WordPress serves or served an item. */
function wordpressSlugs({ fields, meta }: WxrItem): string[] {
  return [fieldText(fields, 'wp:post_name'), ...(meta.get('_wp_old_slug') ?? [])].map(decodeSlug);
}

/** Files that plug-ins for podcasts attach: their address, size and type stand in lines. */
function enclosuresOf({ meta }: WxrItem): Enclosure[] {
  return (meta.get('enclosure') ?? []).map((value) => {
    const [url = '', , type = ''] = value.split(/\r?\n/).map((line) => line.trim());
    return { url, type };
  });
}
