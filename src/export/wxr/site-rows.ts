import type pg from 'pg';
import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import { cursorBatches } from '../cursor-batches.ts';

export interface ArticleRow {
  id: number;
  slug: string;
  title: string;
  excerpt: string;
  body_html: string;
  status: 'DRAFT' | 'SCHEDULED' | 'PUBLISHED' | 'ARCHIVED';
  published_at: Date | null;
  created_at: Date;
  updated_at: Date;
  comment_policy: CommentPolicy | null;
  cover_url: string | null;
  cover_alt: string | null;
  cover_caption: string | null;
  login: string;
  author: string;
  /** Slug and name of each topic, in order. */
  topics: [slug: string, name: string][];
  former_slugs: string[];
}

const ARTICLES = `
  SELECT a.id, a.slug, a.title, a.excerpt, a.body_html, a.status, a.published_at, a.created_at,
         a.updated_at, a.comment_policy, a.cover_url, a.cover_alt, a.cover_caption, p.slug AS login, p.name AS author,
         (SELECT coalesce(json_agg(json_build_array(t.slug, t.name) ORDER BY at.position, t.id), '[]')
            FROM article_topic at JOIN topic t ON t.id = at.topic_id WHERE at.article_id = a.id) AS topics,
         ARRAY(SELECT f.slug FROM former_slug f WHERE f.article_id = a.id ORDER BY f.slug) AS former_slugs
    FROM article a JOIN author p ON p.id = a.author_id ORDER BY a.id`;

export interface CommentRow {
  id: number;
  article_id: number;
  parent_id: number | null;
  status: 'PENDING' | 'VISIBLE' | 'REJECTED' | 'SPAM' | 'REMOVED';
  body_html: string;
  created_at: Date;
  author_id: number | null;
  name: string | null;
  email: string | null;
  url: string | null;
  is_staff: boolean;
}

/** In reading order, so that each comment comes after its parent. */
const COMMENTS = `
  SELECT c.id, c.article_id, c.parent_id, c.status, c.body_html, c.created_at, p.id AS author_id, p.name, p.email, p.url,
         coalesce(p.kind = 'STAFF', false) AS is_staff
    FROM comment c LEFT JOIN author p ON p.id = c.author_id ORDER BY c.article_id, c.path, c.id`;

/** The articles with their comments, each article once. */
export async function* articlesWithComments(
  client: pg.Client,
): AsyncGenerator<{ article: ArticleRow; comments: AsyncIterable<CommentRow> }> {
  const comments = new OrderedComments(client);
  for await (const articles of cursorBatches<ArticleRow>(client, { name: 'exported_articles', text: ARTICLES }))
    for (const article of articles) {
      yield { article, comments: comments.of(article.id) };
      // Comments that nobody has read.
      for await (const _ of comments.of(article.id));
    }
}

/** All comments in the order of their articles, of which each article takes its own. */
class OrderedComments {
  readonly #batches: AsyncGenerator<CommentRow[]>;
  #rows: CommentRow[] = [];
  #at = 0;

  constructor(client: pg.Client) {
    this.#batches = cursorBatches<CommentRow>(client, { name: 'exported_comments', text: COMMENTS });
  }

  async *of(articleId: number): AsyncGenerator<CommentRow> {
    for (;;) {
      if (this.#at === this.#rows.length) {
        const { done, value } = await this.#batches.next();
        if (done) return;
        this.#rows = value;
        this.#at = 0;
      }
      if (this.#rows[this.#at]!.article_id !== articleId) return;
      this.#at += 1;
      yield this.#rows[this.#at - 1]!;
    }
  }
}
