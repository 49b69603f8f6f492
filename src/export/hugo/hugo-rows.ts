import type { CommentPolicy, TextFormat } from '../../../prisma/client/enums.ts';

/** Paths of the former site, and former slugs. */
export interface FormerAddresses {
  addresses: string[];
  former_slugs: string[];
}

export interface HugoArticle extends FormerAddresses {
  id: number;
  slug: string;
  title: string;
  excerpt: string;
  body_source: string;
  body_format: TextFormat;
  status: 'DRAFT' | 'SCHEDULED' | 'PUBLISHED' | 'ARCHIVED';
  published_at: Date | null;
  created_at: Date;
  updated_at: Date;
  comment_policy: CommentPolicy | null;
  language: string | null;
  cover_url: string | null;
  cover_alt: string | null;
  cover_caption: string | null;
  author: string;
  /** Names, in order. */
  topics: string[];
  comment_count: number;
}

export const HUGO_ARTICLES = `
  SELECT a.id, a.slug, a.title, a.excerpt, a.body_source, a.body_format, a.status, a.published_at, a.created_at, a.updated_at,
         a.comment_policy, a.language, a.cover_url, a.cover_alt, a.cover_caption, p.name AS author, a.comment_count,
         ARRAY(SELECT t.name FROM article_topic at JOIN topic t ON t.id = at.topic_id
                WHERE at.article_id = a.id ORDER BY at.position, t.id) AS topics,
         ARRAY(SELECT f.path FROM article_address f WHERE f.article_id = a.id ORDER BY f.path COLLATE "C") AS addresses,
         ARRAY(SELECT f.slug FROM former_slug f WHERE f.article_id = a.id ORDER BY f.slug COLLATE "C") AS former_slugs
    FROM article a JOIN author p ON p.id = a.author_id ORDER BY a.id`;

export interface HugoComment {
  id: number;
  parent_id: number | null;
  depth: number;
  status: 'PENDING' | 'VISIBLE' | 'REJECTED' | 'SPAM' | 'REMOVED';
  body_html: string;
  body_source: string;
  body_format: TextFormat;
  created_at: Date;
  edited_at: Date | null;
  pinned: boolean;
  name: string;
  url: string | null;
}

/** SQL of the comments of an article, in reading order. Of one that was removed, only the place is public. */
export function commentsSql(articleId: number, which: 'public' | 'all'): string {
  return `
    SELECT c.id, c.parent_id, c.depth, c.status, c.body_html, c.body_source, c.body_format, c.created_at, c.edited_at, c.pinned,
           p.name, p.url
      FROM comment c JOIN author p ON p.id = c.author_id
     WHERE c.article_id = ${articleId} ${which === 'public' ? 'AND c.visible' : ''} ORDER BY c.path, c.id`;
}

export interface HugoTopic extends FormerAddresses {
  name: string;
  slug: string;
  description: string | null;
  parent: string | null;
}

export const HUGO_TOPICS = `
  SELECT t.name, t.slug, t.description, p.name AS parent,
         ARRAY(SELECT f.path FROM topic_address f WHERE f.topic_id = t.id ORDER BY f.path COLLATE "C") AS addresses,
         ARRAY(SELECT f.slug FROM former_topic_slug f WHERE f.topic_id = t.id ORDER BY f.slug COLLATE "C") AS former_slugs
    FROM topic t LEFT JOIN topic p ON p.id = t.parent_id ORDER BY t.id`;

export interface HugoAuthor extends FormerAddresses {
  name: string;
  slug: string;
  url: string | null;
  avatar_url: string | null;
  bio_source: string | null;
  bio_format: TextFormat;
}

/** Staff, and everybody who has written an article. */
export const HUGO_AUTHORS = `
  SELECT name, slug, url, avatar_url, bio_source, bio_format, '{}'::text[] AS former_slugs,
         ARRAY(SELECT f.path FROM author_address f WHERE f.author_id = p.id ORDER BY f.path COLLATE "C") AS addresses
    FROM author p
   WHERE kind = 'STAFF' OR EXISTS (SELECT FROM article a WHERE a.author_id = p.id) ORDER BY id`;
