// From WordPress's records to Broadsheet's rows, one at a time.
import { guestKey } from '../../schema/content/comment/guest.ts';
import { excerptOf, readingMinutes, renderText } from '../../schema/content/text/render.ts';
import { slugOf } from '../../schema/content/text/slug.ts';
import { imageSize } from './attachment.ts';
import { articleBody, commentBody } from './body.ts';
import { firstInstant } from './dates.ts';
import type { Example, Tally } from './report.ts';
import type { BodyNote } from './shortcodes.ts';
import type { StagedArticle, StagedComment, Staging } from './staging.ts';
import {
  decoded,
  digestOf,
  formerSlugs,
  loginOf,
  MAX_NAME,
  plain,
  short,
  termSlug,
  value,
  webAddress,
} from './written.ts';
import type { Fields, WxrCategory, WxrComment, WxrItem, WxrRecord, WxrTerm } from './wxr.ts';

/** Characters of a title: all its words weigh in the search, whose entry holds 1 MB. */
const MAX_TITLE = 1_000;

/** Characters of an excerpt, for the same reason. */
const MAX_EXCERPT = 5_000;

/** Of what a body lost, in the report. */
const MAX_DETAILS = 5;

/** Characters of the title beside it. */
const MAX_SHOWN_TITLE = 40;

/** Changes when what is made of the same post changes, so that the next import renews it. */
const READING = 1;

const CATEGORY_DOMAINS = new Set(['', 'category', 'tag', 'post_tag']);

const COMMENT_STATUS: Record<string, StagedComment['status']> = {
  '1': 'VISIBLE',
  approve: 'VISIBLE',
  approved: 'VISIBLE',
  '0': 'PENDING',
  hold: 'PENDING',
  spam: 'SPAM',
  // Its place stays if it has replies, as after a removal here.
  trash: 'REMOVED',
  'post-trashed': 'REMOVED',
};

interface ReaderOptions {
  staging: Staging;
  tally: Tally;
  /** Whether pages become articles. */
  pages: boolean;
}

/** Takes records as they are read, stages what will be imported, and counts what will not. */
export class RecordReader {
  readonly #staging: Staging;
  readonly #tally: Tally;
  readonly #pages: boolean;
  readonly #namedAuthors = new Set<string>();
  readonly #namedTopics = new Set<string>();

  constructor({ staging, tally, pages }: ReaderOptions) {
    this.#staging = staging;
    this.#tally = tally;
    this.#pages = pages;
  }

  take(record: WxrRecord): void {
    if (record.kind === 'item') this.#item(record);
    else if (record.kind === 'wp:comment') this.#comment(record);
    else if (record.kind === 'wp:author') this.#author(record);
    else this.#term(record);
  }

  #author(record: WxrTerm): void {
    this.#tally.read('authors');
    const login = loginOf(value(record.fields, 'wp:author_login'));
    const email = value(record.fields, 'wp:author_email');
    const example = { id: login, title: '', line: record.line };
    if (login === '') {
      this.#tally.skip('authors', 'has no wp:author_login', example);
      return;
    }
    const fields = ['wp:author_display_name', 'wp:author_first_name', 'wp:author_last_name'].map((field) =>
      plain(value(record.fields, field)),
    );
    const [display = '', first = '', last = ''] = fields;
    const name = this.#cut(display || [first, last].filter(Boolean).join(' ') || login, 'name', example);
    const userId = value(record.fields, 'wp:author_id');
    const row = { login, user_id: /^[1-9]\d*$/.test(userId) ? userId : null, name, email: email || null };
    this.#staging.add('staged_author', { ...row, line: record.line, listed: true, digest: digestOf([name, email]) });
  }

  #term(record: WxrTerm): void {
    this.#tally.read('topics');
    const { fields, line } = record;
    const prefix = { 'wp:author': '', 'wp:category': 'wp:category', 'wp:tag': 'wp:tag', 'wp:term': 'wp:term' }[
      record.kind
    ];
    const nicename = value(fields, record.kind === 'wp:category' ? 'wp:category_nicename' : `${prefix}_slug`);
    const written = value(fields, record.kind === 'wp:category' ? 'wp:cat_name' : `${prefix}_name`);
    const example = { id: nicename, title: written, line };
    const taxonomy = record.kind === 'wp:term' ? value(fields, 'wp:term_taxonomy') : 'category';
    if (!CATEGORY_DOMAINS.has(taxonomy)) {
      this.#tally.skip('topics', `taxonomy ${short(taxonomy, MAX_NAME)} is not imported`, example);
      return;
    }
    if (nicename === '' && written === '') {
      this.#tally.skip('topics', 'has neither name nor slug', example);
      return;
    }
    const parent = value(fields, record.kind === 'wp:term' ? 'wp:term_parent' : 'wp:category_parent');
    this.#topic({
      nicename,
      name: this.#cut(plain(written) || nicename, 'name', example),
      description: plain(value(fields, `${prefix}_description`)) || null,
      parent: parent && parent !== '0' ? termSlug(parent, '') : null,
      line,
      listed: true,
    });
  }

  #topic(read: {
    nicename: string;
    name: string;
    description: string | null;
    parent: string | null;
    line: number;
    listed: boolean;
  }): string {
    const { name, description, line, listed } = read;
    const slug = termSlug(read.nicename, name);
    const digest = digestOf([name, description, read.parent]);
    this.#staging.add('staged_topic', { line, slug, name, description, parent_slug: read.parent, listed, digest });
    return slug;
  }

  #item(item: WxrItem): void {
    const { fields } = item;
    const type = value(fields, 'wp:post_type');
    const status = value(fields, 'wp:status');
    const written = plain(value(fields, 'title'));
    const id = value(fields, 'wp:post_id');
    const example = { id, title: written, line: item.line };
    if (type === 'attachment') {
      this.#attachment(item, example);
      return;
    }
    if (type !== 'post' && !(type === 'page' && this.#pages)) {
      this.#tally.read('other items');
      const reason = type === 'page' ? 'page: imported with --pages' : `of type ${short(type, MAX_NAME) || '(none)'}`;
      this.#tally.skip('other items', reason, example);
      return;
    }
    this.#tally.read('articles');
    const skip = skippedBecause(item, status);
    if (skip) {
      this.#tally.skip('articles', skip, example);
      return;
    }
    this.#noteItem(item, example);
    this.#staging.add('staged_article', this.#article(item, { id, status, written, example }));
  }

  #article(item: WxrItem, read: { id: string; status: string; written: string; example: Example }): StagedArticle {
    const { fields, line } = item;
    const { id, example } = read;
    const { html: source, notes } = articleBody(fields.get('content:encoded') ?? '');
    this.#noteBody(notes, example);
    const rendered = renderText(source, 'HTML', 'article');
    const published = firstInstant(
      value(fields, 'wp:post_date_gmt'),
      value(fields, 'pubDate'),
      value(fields, 'wp:post_date'),
    );
    const locked = value(fields, 'wp:post_password') !== '';
    const status = statusOf(read.status, locked);
    if (locked) this.#tally.note('protected by a password: imported as a draft', example);
    if (read.status === 'private') this.#tally.note('private: imported as a draft', example);
    const login = this.#creator(item);
    const title = this.#title(read.written, published, example);
    const postName = decoded(value(fields, 'wp:post_name'));
    const slug = postName ? slugOf(postName) : slugOf(read.written || `post-${id}`);
    const excerpt = plain(fields.get('excerpt:encoded') ?? '');
    const row = {
      external_id: id,
      title,
      slug,
      former_slugs: formerSlugs([postName, ...(item.meta.get('_wp_old_slug') ?? []).map(decoded)], slug),
      excerpt: excerpt ? short(excerpt, MAX_EXCERPT) : excerptOf(rendered.text),
      body_source: source,
      status,
      published_at: status === 'DRAFT' ? null : published,
      created_at: published ?? firstInstant(value(fields, 'wp:post_modified_gmt')),
      modified_at: firstInstant(value(fields, 'wp:post_modified_gmt'), value(fields, 'wp:post_modified')),
      login,
      comment_policy: value(fields, 'wp:comment_status') === 'closed' ? ('CLOSED' as const) : null,
      thumbnail_id: item.meta.get('_thumbnail_id')?.[0]?.trim() || null,
      topics: this.#topics(item, example),
    };
    return {
      ...row,
      line,
      item: item.number,
      body_html: rendered.html,
      body_text: rendered.text,
      reading_minutes: readingMinutes(rendered.text),
      digest: digestOf([READING, row]),
    };
  }

  #title(written: string, published: string | null, example: Example): string {
    if (written !== '') return this.#cut(written, 'title', example, MAX_TITLE);
    this.#tally.note('had no title', example);
    return published ? `Untitled, ${published.slice(0, 10)}` : 'Untitled';
  }

  #noteBody(notes: BodyNote[], example: Example): void {
    for (const reason of new Set(notes.map((note) => note.reason))) {
      const details = notes.filter((note) => note.reason === reason).map(({ detail }) => detail);
      const title = `${short(example.title, MAX_SHOWN_TITLE)}: ${[...new Set(details)].slice(0, MAX_DETAILS).join(', ')}`;
      this.#tally.note(reason, { ...example, title }, details.length);
    }
  }

  #noteItem(item: WxrItem, example: Example): void {
    if (value(item.fields, 'wp:is_sticky') === '1') this.#tally.note('was sticky, which is not kept', example);
    if (item.otherMeta > 0) this.#tally.note('custom fields were not imported', example, item.otherMeta);
    if (item.control > 0) {
      this.#tally.note('control characters, which XML does not allow, were taken out', example, item.control);
    }
    if (item.undecodable > 0) {
      this.#tally.note('characters could not be decoded and are shown as \ufffd', example, item.undecodable);
    }
  }

  /** The login that a post is by; staged as an author too, in case the file does not list it. */
  #creator(item: WxrItem): string {
    const login = loginOf(value(item.fields, 'dc:creator')) || 'unknown';
    if (this.#namedAuthors.has(login)) return login;
    this.#namedAuthors.add(login);
    const row = { line: item.line, login, user_id: null, name: plain(login) || login, email: null, listed: false };
    this.#staging.add('staged_author', { ...row, digest: digestOf([row.name, '']) });
    return login;
  }

  #topics(item: WxrItem, example: Example): string[] {
    const named = new Set(item.categories.filter(({ nicename }) => nicename !== '').map(({ name }) => name));
    const slugs = new Set<string>();
    for (const category of item.categories) {
      if (!CATEGORY_DOMAINS.has(category.domain)) {
        this.#tally.note(`taxonomy ${short(category.domain, MAX_NAME)} was not imported`, example);
      } else if (category.nicename !== '' || (category.name !== '' && !named.has(category.name))) {
        // WXR 1.0 names each category twice, once without its slug.
        slugs.add(this.#namedTopic(category, item.line));
      }
    }
    return [...slugs];
  }

  #namedTopic({ nicename, name: written }: WxrCategory, line: number): string {
    const name = short(plain(written) || nicename, MAX_NAME);
    const slug = termSlug(nicename, name);
    if (this.#namedTopics.has(slug)) return slug;
    this.#namedTopics.add(slug);
    return this.#topic({ nicename, name, description: null, parent: null, line, listed: false });
  }

  #attachment(item: WxrItem, example: Example): void {
    this.#tally.read('attachments');
    const url = webAddress(value(item.fields, 'wp:attachment_url') || value(item.fields, 'guid'));
    if (!url || example.id === '') {
      this.#tally.skip('attachments', 'has no number or no web address', example);
      return;
    }
    this.#staging.add('staged_image', {
      line: item.line,
      external_id: example.id,
      title: example.title,
      url,
      alt: plain(item.meta.get('_wp_attachment_image_alt')?.[0] ?? ''),
      caption: plain(item.fields.get('excerpt:encoded') ?? '') || null,
      ...imageSize(item.meta.get('_wp_attachment_metadata')?.[0]),
    });
  }

  #comment(record: WxrComment): void {
    const { fields, line } = record;
    this.#tally.read('comments');
    const id = value(fields, 'wp:comment_id');
    const written = value(fields, 'wp:comment_author');
    const example = { id, title: written, line };
    const type = value(fields, 'wp:comment_type');
    const approved = value(fields, 'wp:comment_approved');
    const status = COMMENT_STATUS[approved];
    if (type !== '' && type !== 'comment') {
      this.#tally.skip('comments', `of type ${short(type, MAX_NAME)}`, example);
      return;
    }
    if (record.oversized) {
      this.#tally.skip('comments', tooLong(record.oversized), example);
      return;
    }
    if (!/^\d{1,19}$/.test(id)) {
      this.#tally.skip('comments', 'has no wp:comment_id', example);
      return;
    }
    if (!status) {
      this.#tally.skip('comments', `state ${short(approved, MAX_NAME) || '(none)'} unknown`, example);
      return;
    }
    const source = commentBody(fields.get('wp:comment_content') ?? '');
    const rendered = renderText(source, 'HTML', 'comment');
    const parent = value(fields, 'wp:comment_parent');
    const userId = value(fields, 'wp:comment_user_id');
    this.#staging.add('staged_comment', {
      line,
      item: record.item,
      external_id: id,
      parent_external_id: parent === '' || /^0+$/.test(parent) ? null : parent,
      user_id: /^[1-9]\d*$/.test(userId) ? userId : null,
      ...this.#guest(fields, example),
      status,
      body_source: source,
      body_html: rendered.html,
      body_text: rendered.text,
      created_at: firstInstant(value(fields, 'wp:comment_date_gmt'), value(fields, 'wp:comment_date')),
      digest: digestOf([READING, source, status]),
    });
  }

  #guest(fields: Fields, example: Example): Pick<StagedComment, 'guest_key' | 'name' | 'email' | 'url'> {
    const name = this.#cut(plain(value(fields, 'wp:comment_author')) || 'Anonymous', 'name', example);
    const email = value(fields, 'wp:comment_author_email');
    const url = webAddress(value(fields, 'wp:comment_author_url'));
    return { guest_key: guestKey({ name, email, url }), name, email: email || null, url };
  }

  #cut(text: string, what: string, example: Example, length = MAX_NAME): string {
    const cut = short(text, length);
    if (cut !== text) this.#tally.note(`${what} was cut to ${length} characters`, example);
    return cut;
  }
}

function skippedBecause(item: WxrItem, status: string): string | null {
  if (item.oversized) return tooLong(item.oversized);
  if (!/^\d{1,19}$/.test(value(item.fields, 'wp:post_id'))) return 'has no wp:post_id';
  if (status === 'trash') return 'in the trash';
  if (status === 'inherit') return 'a revision';
  return null;
}

function tooLong(field: string): string {
  return `${short(field, MAX_NAME)} is longer than 4 million characters`;
}

function statusOf(status: string, locked: boolean): StagedArticle['status'] {
  if (locked) return 'DRAFT';
  if (status === 'publish') return 'PUBLISHED';
  // Drafts, what waits for review, what is private, and states that plugins add.
  return status === 'future' ? 'SCHEDULED' : 'DRAFT';
}
