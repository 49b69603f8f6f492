import { addressPath } from '../../schema/content/address/address-path.ts';
import { guestKey } from '../../schema/content/comment/guest.ts';
import { excerptOf, readingMinutes } from '../../schema/content/text/excerpt.ts';
import { renderText } from '../../schema/content/text/render.ts';
import { slugOf } from '../../schema/content/text/slug.ts';
import { keptAddresses, lastPartOf, postIdOf } from './address.ts';
import type {
  ArticleRecord,
  CommentRecord,
  PersonRecord,
  SourceText,
  ThreadRecord,
  TopicRecord,
} from './content-records.ts';
import { withPictureLinks } from './picture-links.ts';
import type { RecordLocation, ReportBuilder } from './report.ts';
import type { Staging } from './staging.ts';
import {
  contentDigest,
  decodeSlug,
  MAX_NAME,
  plainText,
  topicId,
  topicSlug,
  truncate,
  webUrl,
} from './wordpress/field-values.ts';
import { noteBody } from './wordpress/item-notes.ts';
import { removedMarkup } from './wordpress/removed-markup.ts';

/** Part of the digests. Increase it with a change of what articles or comments become: the next import updates them. */
const MAPPING_VERSION = 1;

/** Characters, as in the WordPress import: the search indexes all of a title. */
const MAX_TITLE = 1_000;
const MAX_EXCERPT = 5_000;

/** Characters of a source text. "War and Peace" has 3.2 million. */
const MAX_BODY = 4 * 1024 * 1024;

/** Stages what the reader of a format has found. Lengths and characters are checked here, for all formats alike. */
export class ContentStager {
  readonly report: ReportBuilder;
  readonly #staging: Staging;
  readonly #topics = new Set<string>();
  readonly #people = new Set<string>();
  readonly #copiesPictures: boolean;
  #items = 0;

  /** @param target `copiesPictures`: covers may have any address, and those that cannot be copied are reported later */
  constructor({
    staging,
    report,
    copiesPictures = false,
  }: { staging: Staging; report: ReportBuilder; copiesPictures?: boolean }) {
    this.#staging = staging;
    this.#copiesPictures = copiesPictures;
    this.report = report;
  }

  /** Number of articles and threads so far. */
  get items(): number {
    return this.#items;
  }

  flushIfFull(): Promise<void> {
    return this.#staging.flushIfFull();
  }

  /** Stages a person and returns the login by which articles name them. */
  person(person: PersonRecord): string {
    const { listed = true, line = 0 } = person;
    const login = truncate(storable(person.login).trim(), MAX_NAME) || 'unknown';
    if (!listed && this.#people.has(login)) return login;
    this.#people.add(login);
    if (listed) this.report.countRead('authors');
    const full = plainText(storable(person.name)) || login;
    const name = this.#truncated('name', full, MAX_NAME, { id: login, title: full, line });
    const email = storable(person.email ?? '').trim();
    this.#staging.add('staged_author', {
      line,
      login,
      user_id: person.userId ?? null,
      name,
      email: email || null,
      listed,
      digest: contentDigest([name, email]),
    });
    for (const path of keptAddresses(person.addresses ?? []))
      this.#staging.add('staged_author_address', { login, path });
    this.#profile(login, person);
    return login;
  }

  #profile(login: string, { bio, avatarUrl, url }: PersonRecord): void {
    const source = bio ? storable(bio.source).trim() : '';
    const rendered = source && bio ? renderText(source, bio.format, 'bio') : null;
    const profile = {
      bio_source: rendered ? source : null,
      bio_format: bio?.format ?? ('MARKDOWN' as const),
      bio_html: rendered?.html ?? null,
      bio_text: rendered?.text ?? null,
      avatar_url: webUrl(storable(avatarUrl ?? '')),
      url: webUrl(storable(url ?? '')),
    };
    if (!profile.bio_source && !profile.avatar_url && !profile.url) return;
    this.#staging.add('staged_profile', { login, ...profile });
  }

  /** Stages a topic and returns what identifies it in the site. */
  topic({ name, slug, description, parentSlug, addresses = [], listed = true, line = 0 }: TopicRecord): string {
    const plain = truncate(plainText(storable(name)) || decodeSlug(slug ?? ''), MAX_NAME);
    const staged = topicId(storable(slug ?? ''), plain);
    if (this.#topics.has(staged) && !listed) return staged;
    this.#topics.add(staged);
    if (listed) this.report.countRead('topics');
    const about = plainText(storable(description ?? '')) || null;
    const parent = parentSlug ? topicId(storable(parentSlug), '') : null;
    this.#staging.add('staged_topic', {
      line,
      external_id: staged,
      slug: topicSlug(staged),
      name: plain,
      description: about,
      parent_slug: parent,
      listed,
      digest: contentDigest([plain, about, parent]),
    });
    for (const path of keptAddresses(addresses))
      this.#staging.add('staged_topic_address', { external_id: staged, path });
    return staged;
  }

  /** Stages an article and returns its number, or null if it is skipped. */
  article(article: ArticleRecord): number | null {
    const { line = 0 } = article;
    const title = plainText(storable(article.title));
    const location = { id: truncate(storable(article.id), MAX_NAME), title, line };
    this.report.countRead('articles');
    if (article.body.source.length > MAX_BODY) {
      this.report.addSkipped('articles', `has a body of more than ${MAX_BODY} characters`, location);
      return null;
    }
    this.#items += 1;
    const item = this.#items;
    const source = storable(article.body.source);
    const rendered = renderText(source, article.body.format, 'article');
    this.#noteRemoved({ source, format: article.body.format }, rendered.html, location);
    const slug = slugOf(decodeSlug(storable(article.slug ?? '')) || title || location.id);
    const excerpt = plainText(storable(article.excerpt ?? ''));
    // The digest depends on these fields and on their order.
    const content = {
      external_id: location.id,
      title: this.#titleOf(article, location),
      slug,
      former_slugs: [...new Set(article.formerSlugs ?? [])].filter((former) => former !== '' && former !== slug),
      excerpt: excerpt ? truncate(excerpt, MAX_EXCERPT) : excerptOf(rendered.text),
      body_source: source,
      body_format: article.body.format,
      status: article.status,
      published_at: article.status === 'DRAFT' ? null : (article.publishedAt ?? null),
      created_at: article.publishedAt ?? article.createdAt ?? null,
      modified_at: article.modifiedAt ?? null,
      login: article.login,
      comment_policy: article.isClosed ? ('CLOSED' as const) : null,
      thumbnail_id: this.#cover(article, location),
      topics: [...article.topics],
      // Only where it is named, so that other digests are those of earlier imports.
      ...(article.language ? { language: article.language } : {}),
    };
    this.#staging.add('staged_article', {
      ...content,
      line,
      item,
      picture_base: article.pictures?.base ?? null,
      picture_root: article.pictures?.root ?? null,
      picture_folder: article.pictures?.folder ?? null,
      body_html: rendered.html,
      body_text: rendered.text,
      reading_minutes: readingMinutes(rendered.text),
      digest: contentDigest([MAPPING_VERSION, content]),
    });
    for (const path of keptAddresses(article.addresses ?? [])) this.#staging.add('staged_address', { item, path });
    return item;
  }

  #titleOf({ publishedAt }: ArticleRecord, location: RecordLocation): string {
    if (location.title !== '') return this.#truncated('title', location.title, MAX_TITLE, location);
    this.report.addNote('has no title and was imported as "Untitled"', location);
    return publishedAt ? `Untitled, ${publishedAt.slice(0, 10)}` : 'Untitled';
  }

  /** Stages the cover under the id of its article. */
  #cover({ cover }: ArticleRecord, { id, title, line }: RecordLocation): string | null {
    // A picture that is copied may have any address before.
    const url = cover ? (webUrl(storable(cover.url)) ?? (this.#copiesPictures ? storable(cover.url) : null)) : null;
    if (cover && !url)
      this.report.addNote('cover was not imported: it has no http or https address', { id, title, line });
    if (!cover || !url) return null;
    this.report.countRead('attachments');
    this.#staging.add('staged_image', {
      line,
      external_id: id,
      title,
      url,
      alt: plainText(storable(cover.alt)),
      caption: cover.caption ? plainText(storable(cover.caption)) || null : null,
      width: null,
      height: null,
    });
    return id;
  }

  /** Stages the thread of a page and returns its number. */
  thread({ id, title, addresses, line = 0 }: ThreadRecord): number {
    this.#items += 1;
    this.#staging.add('staged_thread', {
      line,
      item: this.#items,
      external_id: truncate(storable(id), MAX_NAME),
      title: truncate(plainText(storable(title)), MAX_NAME),
      address: storable(addresses[0] ?? id)
        .replace(/\s+/g, ' ')
        .trim(),
      paths: pathsOf(addresses),
      slugs: [...new Set(addresses.map(lastPartOf).filter((slug) => slug !== null))],
      post_ids: [...new Set(addresses.map(postIdOf).filter((postId) => postId !== null))],
    });
    return this.#items;
  }

  comment(comment: CommentRecord): void {
    const { line = 0, status, createdAt, item } = comment;
    this.report.countRead('comments');
    const location = { id: truncate(storable(comment.id), MAX_NAME), title: storable(comment.name), line };
    if (comment.body.source.length > MAX_BODY) {
      this.report.addSkipped('comments', `has a body of more than ${MAX_BODY} characters`, location);
      return;
    }
    const given = storable(comment.body.source).trim();
    const source = comment.body.format === 'HTML' ? withPictureLinks(given) : given;
    const rendered = renderText(source, comment.body.format, 'comment');
    this.#noteRemoved({ source, format: comment.body.format }, rendered.html, location);
    const name = this.#truncated('name', plainText(location.title) || 'Anonymous', MAX_NAME, location);
    const email = truncate(storable(comment.email ?? '').trim(), MAX_NAME);
    const url = webUrl(storable(comment.url ?? ''));
    this.#staging.add('staged_comment', {
      line,
      item,
      external_id: location.id,
      parent_external_id: comment.parentId ? truncate(storable(comment.parentId), MAX_NAME) : null,
      user_id: comment.userId ?? null,
      guest_key: guestKey({ name, email, url }),
      name,
      email: email || null,
      url,
      status,
      body_source: source,
      body_format: comment.body.format,
      body_html: rendered.html,
      body_text: rendered.text,
      created_at: createdAt,
      digest: contentDigest([MAPPING_VERSION, source, status]),
    });
  }

  /** Counts what the rules for safe HTML have removed. What is removed from Markdown was no part of it. */
  #noteRemoved({ source, format }: SourceText, html: string, location: RecordLocation): void {
    if (format === 'HTML') noteBody(this.report, removedMarkup(source, html), location);
  }

  #truncated(field: string, text: string, length: number, location: RecordLocation): string {
    const truncated = truncate(text, length);
    if (truncated !== text) this.report.addNote(`${field} was truncated to ${length} characters`, location);
    return truncated;
  }
}

/** PostgreSQL stores neither a NUL nor half of a surrogate pair. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}

function pathsOf(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map(addressPath).filter((path) => path !== null))];
}
