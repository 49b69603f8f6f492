import type { ArticleRecord, CommentRecord } from '../content-records.ts';
import type { ContentStager } from '../content-stager.ts';
import { firstInstant } from '../dates.ts';
import { propertyOf, textOf } from '../json-values.ts';
import type { RecordLocation } from '../report.ts';
import { ghostBody } from './ghost-body.ts';
import type { GhostTables } from './ghost-tables.ts';

type Cover = NonNullable<ArticleRecord['cover']>;

/** In exports, addresses of the site itself begin with it. */
const SITE_ADDRESS = /__GHOST_URL__/g;

const NO_SITE = 'addresses of the site itself are relative: give the address of the site with --site';

interface GhostStagerOptions {
  tables: GhostTables;
  /** Whether pages become articles. */
  pages: boolean;
  /** The site's address, without a slash at its end; null if it is not known. */
  site: string | null;
}

/** Stages the rows of an export. */
export class GhostStager {
  readonly #content: ContentStager;
  readonly #tables: GhostTables;
  readonly #pages: boolean;
  readonly #site: string;
  readonly #topics = new Map<string, string>();
  /** Numbers of the staged posts by their ids, for their comments. */
  readonly #items = new Map<string, number>();

  constructor(content: ContentStager, { tables, pages, site }: GhostStagerOptions) {
    this.#content = content;
    this.#tables = tables;
    this.#pages = pages;
    this.#site = (site ?? '').replace(/\/+$/, '');
  }

  stagePeopleAndTopics(): void {
    for (const user of this.#tables.users.values())
      this.#content.person({
        ...user,
        bio: user.bio ? { source: user.bio, format: 'MARKDOWN' } : null,
        avatarUrl: this.#absolute(user.image),
        url: this.#absolute(user.website),
        addresses: [`/author/${user.login}/`],
      });
    for (const [id, tag] of this.#tables.tags) {
      if (tag.isInternal || (tag.name === '' && tag.slug === '')) continue;
      const parent = this.#tables.tags.get(tag.parentId);
      const parentSlug = parent ? parent.slug || parent.name : null;
      const addresses = tag.slug ? [`/tag/${tag.slug}/`] : [];
      this.#topics.set(id, this.#content.topic({ ...tag, parentSlug, addresses }));
    }
  }

  stagePost(post: unknown): void {
    const { report } = this.#content;
    const location = { id: textOf(post, 'uuid') || textOf(post, 'id'), title: textOf(post, 'title'), line: 0 };
    const isPage = textOf(post, 'type') === 'page' || /^(1|true)$/.test(textOf(post, 'page'));
    if (isPage && !this.#pages) {
      report.countRead('other items');
      report.addSkipped('other items', 'pages are imported only with --pages', location);
      return;
    }
    if (location.id === '') {
      report.countRead('articles');
      report.addSkipped('articles', 'has neither uuid nor id', location);
      return;
    }
    const item = this.#content.article(this.#articleOf(post, location));
    if (item !== null) this.#items.set(textOf(post, 'id'), item);
  }

  #articleOf(post: unknown, location: RecordLocation): ArticleRecord {
    const { report } = this.#content;
    const slug = textOf(post, 'slug');
    const body = ghostBody(post);
    for (const card of body.unknown) report.addNote(`card ${card} was left out`, location);
    const unknown = this.#site === '' ? (`${body.source} ${coverIn(post)}`.match(SITE_ADDRESS)?.length ?? 0) : 0;
    if (unknown > 0) report.addNote(NO_SITE, location, unknown);
    return {
      id: location.id,
      title: location.title,
      slug,
      addresses: slug ? [`/${slug}/`] : [],
      excerpt: textOf(post, 'custom_excerpt') || textOf(post, 'meta_description'),
      body: { source: this.#absolute(body.source), format: body.format },
      status: this.#statusOf(post, location),
      publishedAt: instantOf(post, 'published_at'),
      createdAt: instantOf(post, 'created_at'),
      modifiedAt: instantOf(post, 'updated_at'),
      login: this.#authorOf(post, location),
      topics: this.#topicsOf(post, location),
      cover: this.#coverOf(post),
    };
  }

  #statusOf(post: unknown, location: RecordLocation): ArticleRecord['status'] {
    const { report } = this.#content;
    const status = textOf(post, 'status');
    const visibility = textOf(post, 'visibility');
    if (visibility !== '' && visibility !== 'public') {
      report.addNote(`is visible to ${visibility} alone and was imported as a draft`, location);
      return 'DRAFT';
    }
    if (status === 'sent') report.addNote('was sent as an e-mail alone and was imported as a draft', location);
    if (status === 'published') return 'PUBLISHED';
    return status === 'scheduled' && instantOf(post, 'published_at') ? 'SCHEDULED' : 'DRAFT';
  }

  #authorOf(post: unknown, location: RecordLocation): string {
    const { report } = this.#content;
    const [first, ...others] = this.#tables.authorsOf(post);
    if (others.length > 0) report.addNote('has further authors, who were not imported', location, others.length);
    const user = this.#tables.users.get(first ?? '');
    if (user) return user.login;
    report.addNote('has an author who is not in the file', location);
    return this.#content.person({ login: 'unknown', name: 'Unknown', listed: false });
  }

  #topicsOf(post: unknown, location: RecordLocation): string[] {
    const ids = this.#tables.tagsOf(post);
    const internal = ids.filter((id) => this.#tables.tags.get(id)?.isInternal).length;
    if (internal > 0) this.#content.report.addNote('internal tags were not imported', location, internal);
    return ids.map((id) => this.#topics.get(id)).filter((slug) => slug !== undefined);
  }

  #coverOf(post: unknown): Cover | null {
    const url = this.#absolute(coverIn(post));
    if (url === '') return null;
    const about = this.#tables.covers.get(textOf(post, 'id'));
    return {
      url,
      alt: about?.alt || textOf(post, 'feature_image_alt'),
      caption: about?.caption || textOf(post, 'feature_image_caption') || null,
    };
  }

  stageComment(comment: unknown): void {
    const { report } = this.#content;
    const id = textOf(comment, 'id');
    const member = this.#tables.members.get(textOf(comment, 'member_id'));
    const item = this.#items.get(textOf(comment, 'post_id'));
    const location = { id, title: member?.name ?? '', line: 0 };
    if (id === '' || item === undefined) {
      report.countRead('comments');
      report.addSkipped('comments', id === '' ? 'has no id' : 'belongs to a post that is not imported', location);
      return;
    }
    const likes = this.#tables.likes.get(id) ?? 0;
    if (likes > 0) report.addNote('likes of comments were not imported', location, likes);
    this.#content.comment({
      id,
      item,
      parentId: textOf(comment, 'in_reply_to_id') || textOf(comment, 'parent_id') || null,
      name: member?.name ?? '',
      email: member?.email ?? null,
      status: COMMENT_STATUS.get(textOf(comment, 'status')) ?? 'PENDING',
      body: { source: this.#absolute(textOf(comment, 'html')), format: 'HTML' },
      createdAt: instantOf(comment, 'created_at'),
    });
  }

  #absolute(text: string): string {
    return text.replace(SITE_ADDRESS, this.#site);
  }
}

function coverIn(post: unknown): string {
  return textOf(post, 'feature_image') || textOf(post, 'image');
}

/** A comment that is hidden or deleted in Ghost keeps its place while it has replies, as a removed one does here. */
const COMMENT_STATUS = new Map<string, CommentRecord['status']>([
  ['published', 'VISIBLE'],
  ['hidden', 'REMOVED'],
  ['deleted', 'REMOVED'],
]);

/** Old exports have milliseconds since 1970. */
function instantOf(row: unknown, column: string): string | null {
  const value = propertyOf(row, column);
  if (typeof value === 'number') return firstInstant(Number.isFinite(value) ? dateOf(value) : '');
  return typeof value === 'string' ? firstInstant(/^\d{12,14}$/.test(value) ? dateOf(Number(value)) : value) : null;
}

function dateOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}
