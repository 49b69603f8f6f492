import { IS_PUBLIC } from '../article/article-visibility.ts';
import type { Queryable } from '../context.ts';
import { completeHtml } from '../text/complete-html.ts';
import { sanitizeSlugInput } from '../text/slug.ts';
import { topicIdOfSlug } from '../topic/topic-slug.ts';
import { IS_VISIBLE_TOPIC } from '../topic/topic-visibility.ts';
import { type PageAddresses, pageAddresses } from './page-addresses.ts';

/** Entries of a feed: what readers have missed since yesterday, also of a busy site. */
const ENTRIES = 30;

/** What a feed is about. All but the whole site are named by slugs. */
export type FeedSubject =
  | { kind: 'articles' | 'comments' }
  | { kind: 'topic' | 'author' | 'article-comments'; slug: string };

export interface FeedEntry {
  /** Stays when the address changes. */
  id: string;
  url: string;
  title: string;
  author: string;
  published: Date;
  updated: Date;
  html: string;
  /** Empty for a comment. */
  summary: string;
  topics: string[];
}

export interface Feed {
  title: string;
  /** The page that has what the feed has. */
  url: string;
  id: string;
  entries: FeedEntry[];
}

export interface FeedOptions {
  db: Queryable;
  /** The address of the site, with a slash at its end. */
  publicUrl: string;
  /** The address of the folder that has the stored pictures. */
  mediaUrl: string;
}

/** The newest public articles or comments, newest first; null for a subject that does not exist or is not public. */
export async function readFeed({ db, publicUrl, mediaUrl }: FeedOptions, subject: FeedSubject): Promise<Feed | null> {
  const pages = pageAddresses(publicUrl);
  const about = await readSubject(db, subject, pages);
  if (about === null) return null;
  const isOfComments = subject.kind === 'comments' || subject.kind === 'article-comments';
  const key = 'slug' in subject ? about.key : null;
  const entries = isOfComments
    ? await readComments(db, key, { pages, mediaUrl })
    : await readArticles(db, { kind: subject.kind, key }, { pages, mediaUrl });
  return { title: about.title, url: about.url, id: tag(publicUrl, about.id), entries };
}

interface About {
  title: string;
  url: string;
  id: string;
  /** The id of the topic, author or article. */
  key: number | null;
}

const SUBJECTS = {
  topic: `SELECT t.id, t.name, t.slug FROM topic t WHERE t.id = ${topicIdOfSlug('$1')} AND ${IS_VISIBLE_TOPIC.PUBLIC}`,
  author: 'SELECT id, name, slug FROM author WHERE slug = $1 AND article_count > 0',
  'article-comments': `SELECT a.id, a.title, a.slug FROM article a WHERE ${IS_PUBLIC}
    AND a.id = coalesce((SELECT id FROM article WHERE slug = $1), (SELECT article_id FROM former_slug WHERE slug = $1))`,
};

async function readSubject(db: Queryable, subject: FeedSubject, pages: PageAddresses): Promise<About | null> {
  const host = new URL(pages.site).host;
  if (!('slug' in subject)) {
    const title = subject.kind === 'articles' ? host : `Comments at ${host}`;
    return { title, url: pages.site, id: subject.kind, key: null };
  }
  const [row] = await db.query<[id: number, name: string, slug: string]>({
    text: SUBJECTS[subject.kind],
    values: [sanitizeSlugInput(subject.slug)],
  });
  if (!row) return null;
  const [key, name, slug] = row;
  if (subject.kind === 'topic') return { title: `${name} at ${host}`, url: pages.topic(slug), id: `topic/${key}`, key };
  if (subject.kind === 'author')
    return { title: `${name} at ${host}`, url: pages.author(slug), id: `author/${key}`, key };
  return { title: `Comments on ${name}`, url: pages.article(slug), id: `article/${key}/comments`, key };
}

/** What the addresses in a feed begin with. */
interface Addresses {
  pages: PageAddresses;
  mediaUrl: string;
}

type ArticleRow = [
  id: number,
  slug: string,
  title: string,
  excerpt: string,
  html: string,
  author: string,
  published: Date,
  updated: Date,
  topics: string[],
];

const ARTICLE_LISTS = {
  articles: `article a WHERE $1::int IS NULL AND ${IS_PUBLIC} ORDER BY a.published_at DESC, a.id DESC`,
  author: `article a WHERE a.author_id = $1 AND ${IS_PUBLIC} ORDER BY a.published_at DESC, a.id DESC`,
  topic: `article_topic at JOIN article a ON a.id = at.article_id
    WHERE at.topic_id = $1 AND at.published_at IS NOT NULL AND ${IS_PUBLIC} ORDER BY at.published_at DESC, at.article_id DESC`,
};

async function readArticles(
  db: Queryable,
  { kind, key }: { kind: FeedSubject['kind']; key: number | null },
  { pages, mediaUrl }: Addresses,
): Promise<FeedEntry[]> {
  const rows = await db.query<ArticleRow>({
    text: `SELECT a.id, a.slug, a.title, a.excerpt, a.body_html, (SELECT name FROM author WHERE id = a.author_id), a.published_at,
        a.updated_at, ARRAY(SELECT t.name FROM article_topic x JOIN topic t ON t.id = x.topic_id WHERE x.article_id = a.id ORDER BY x.position)
      FROM ${ARTICLE_LISTS[kind as keyof typeof ARTICLE_LISTS]} LIMIT ${ENTRIES}`,
    values: [key],
  });
  return rows.map(([id, slug, title, summary, html, author, published, updated, topics]) => ({
    id: tag(pages.site, `article/${id}`),
    url: pages.article(slug),
    title,
    author,
    published: new Date(published),
    updated: new Date(Math.max(new Date(updated).getTime(), new Date(published).getTime())),
    html: completeHtml(html, { idPrefix: `article-${id}-`, publicUrl: pages.site, mediaUrl }),
    summary,
    topics,
  }));
}

type CommentRow = [
  id: number,
  slug: string,
  title: string,
  html: string,
  author: string,
  at: Date,
  edited: Date | null,
];

/** Comments that were removed keep their place in a discussion, and are not news. */
const IS_SHOWN = "c.status = 'VISIBLE' AND c.visible";

async function readComments(
  db: Queryable,
  articleId: number | null,
  { pages, mediaUrl }: Addresses,
): Promise<FeedEntry[]> {
  const ofArticle = articleId === null ? '$1::int IS NULL' : 'c.article_id = $1';
  const rows = await db.query<CommentRow>({
    text: `SELECT c.id, a.slug, a.title, c.body_html, (SELECT name FROM author WHERE id = c.author_id), c.created_at, c.edited_at
      FROM comment c JOIN article a ON a.id = c.article_id
      WHERE ${ofArticle} AND ${IS_SHOWN} AND ${IS_PUBLIC} ORDER BY c.created_at DESC, c.id DESC LIMIT ${ENTRIES}`,
    values: [articleId],
  });
  return rows.map(([id, slug, title, html, author, at, edited]) => ({
    id: tag(pages.site, `comment/${id}`),
    url: pages.comment(slug, id),
    title: `${author} on ${title}`,
    author,
    published: new Date(at),
    updated: new Date(edited ?? at),
    html: completeHtml(html, { idPrefix: null, publicUrl: pages.site, mediaUrl }),
    summary: '',
    topics: [],
  }));
}

/** An identifier of RFC 4151: of this site, whatever its addresses become. */
function tag(site: string, name: string): string {
  return `tag:${new URL(site).hostname},2000:${name}`;
}
