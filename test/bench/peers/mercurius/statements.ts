import pg from 'pg';
import { WITH_ADDED_COMMENT } from '../../limit/add-comment.ts';
import { ArticleRow, AuthorRow, CommentRow, type Placed, type TopicRow } from './rows.ts';

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_SIZE),
  idleTimeoutMillis: 0,
  options: '-c plan_cache_mode=force_generic_plan -c jit=off -c timezone=UTC',
});

/** Runs a statement that each connection prepares once. */
async function read<Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> {
  return (await pool.query<Row>({ name, text, values })).rows;
}

const ARTICLE = `id, title, slug, excerpt, published_at AS "publishedAt", author_id AS "authorId",
  comment_count AS "commentCount"`;
const AUTHOR = 'id, name, slug, bio_html AS "bioHtml", article_count AS "articleCount"';
const COMMENT = `id, article_id AS "articleId", parent_id AS "parentId", author_id AS "authorId", status, depth, body_html AS "bodyHtml",
  created_at AS "createdAt", reply_count AS "replyCount"`;

export async function findArticle(slug: string, withBody: boolean): Promise<ArticleRow | null> {
  const [row] = await read<ArticleRow>(
    withBody ? 'article-with-body' : 'article',
    `SELECT ${ARTICLE}${withBody ? ', body_html AS "bodyHtml"' : ''} FROM article WHERE slug = $1 AND status = 'PUBLISHED'`,
    [slug],
  );
  return row ? new ArticleRow(row) : null;
}

export async function newestArticles(limit: number): Promise<ArticleRow[]> {
  const rows = await read<ArticleRow>(
    'articles',
    `SELECT ${ARTICLE} FROM article WHERE status = 'PUBLISHED' ORDER BY published_at DESC, id DESC LIMIT $1`,
    [limit],
  );
  return rows.map((row) => new ArticleRow(row));
}

export async function findAuthor(slug: string): Promise<AuthorRow | null> {
  const [row] = await read<AuthorRow>('author', `SELECT ${AUTHOR} FROM author WHERE slug = $1`, [slug]);
  return row ? new AuthorRow(row) : null;
}

export async function authorsById(ids: readonly number[]): Promise<Map<number, AuthorRow>> {
  const rows = await read<AuthorRow>('authors', `SELECT ${AUTHOR} FROM author WHERE id = ANY($1)`, [[...new Set(ids)]]);
  return new Map(rows.map((row) => [row.id, new AuthorRow(row)]));
}

export async function commentsById(ids: readonly number[]): Promise<Map<number, CommentRow>> {
  const rows = await read<CommentRow>('comments', `SELECT ${COMMENT} FROM comment WHERE id = ANY($1)`, [
    [...new Set(ids)],
  ]);
  return new Map(rows.map((row) => [row.id, new CommentRow(row)]));
}

export function topicsOf(articleIds: readonly number[]): Promise<TopicRow[]> {
  return read<TopicRow>(
    'topics',
    `SELECT l.article_id AS "articleId", t.name, t.slug FROM article_topic l JOIN topic t ON t.id = l.topic_id
      WHERE l.article_id = ANY($1) ORDER BY l.article_id, l.position, t.id`,
    [articleIds],
  );
}

/** One page for each parent; a page may have one row more than was asked for, which tells that there is another. */
export interface PageRequest {
  id: number;
  limit: number;
}

const idsAndLimits = (pages: readonly PageRequest[]): unknown[] => [
  pages.map(({ id }) => id),
  pages.map(({ limit }) => limit),
];

const PAGES = 'unnest($1::int[], $2::int[]) WITH ORDINALITY AS page(id, size, place)';

export function articlesOf(authors: readonly PageRequest[]): Promise<Placed<ArticleRow>[]> {
  return read(
    'articles-of-author',
    `SELECT page.place::int, a.* FROM ${PAGES} CROSS JOIN LATERAL (
      SELECT ${ARTICLE} FROM article WHERE author_id = page.id AND status = 'PUBLISHED'
       ORDER BY published_at DESC, id DESC LIMIT page.size) a`,
    idsAndLimits(authors),
  );
}

// `parent_id` in ORDER BY shows PostgreSQL that the index holds the order.
export function topLevelComments(articles: readonly PageRequest[]): Promise<Placed<CommentRow>[]> {
  return read(
    'comments-of-article',
    `SELECT page.place::int, c.* FROM ${PAGES} CROSS JOIN LATERAL (
      SELECT ${COMMENT} FROM comment WHERE article_id = page.id AND parent_id IS NULL AND visible
       ORDER BY parent_id DESC, comment.created_at DESC, id DESC LIMIT page.size) c`,
    idsAndLimits(articles),
  );
}

export function repliesOf(comments: readonly (PageRequest & { articleId: number })[]): Promise<Placed<CommentRow>[]> {
  return read(
    'replies',
    `SELECT page.place::int, c.* FROM unnest($1::int[], $2::int[], $3::int[]) WITH ORDINALITY
        AS page(id, size, article_id, place) CROSS JOIN LATERAL (
      SELECT ${COMMENT} FROM comment
       WHERE article_id = page.article_id AND parent_id = page.id AND visible
       ORDER BY comment.created_at, id LIMIT page.size) c`,
    [...idsAndLimits(comments), comments.map(({ articleId }) => articleId)],
  );
}

// `path > (SELECT '{}')` is always true. It hides from the planner that nothing is excluded, so it reads in the index's order.
export async function readingOrder(articleId: number, limit: number): Promise<CommentRow[]> {
  const rows = await read<CommentRow>(
    'thread',
    `SELECT ${COMMENT} FROM comment
      WHERE article_id = $1 AND path > (SELECT '{}'::int[]) AND visible ORDER BY path LIMIT $2`,
    [articleId, limit],
  );
  return rows.map((row) => new CommentRow(row));
}

export interface NewComment {
  articleId: number;
  body: string;
  name: string;
  email: string;
}

/** @returns null when there is no such article */
export async function addComment({ articleId, body, name, email }: NewComment): Promise<CommentRow | null> {
  const [row] = await read<CommentRow>('add-comment', `${WITH_ADDED_COMMENT} SELECT ${COMMENT} FROM added`, [
    articleId,
    body,
    name,
    email,
  ]);
  return row ? new CommentRow(row) : null;
}
