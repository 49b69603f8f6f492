import type { ArticleRow, CommentRow } from './row-types.ts';
import type { Selection } from './selection.ts';

/**
 * Rows as JSON, written in SQL. What a query asks for decides which heavy columns and which neighbours come along;
 * a resolver that finds one missing loads it.
 */

type Columns = Record<string, string>;

function json(columns: Columns): string {
  return `json_build_object(${Object.entries(columns).map(([key, sql]) => `'${key}', ${sql}`)})`;
}

/** The columns of a text that its asked-for renderings need. */
function textColumns(prefix: 'body' | 'bio', alias: string, text: Selection): Columns {
  const columns: Columns = {};
  if (text.has('markdown')) {
    columns[`${prefix}Source`] = `${alias}.${prefix}_source`;
    columns[`${prefix}Format`] = `${alias}.${prefix}_format`;
  }
  if (text.has('html')) columns[`${prefix}Html`] = `${alias}.${prefix}_html`;
  if (text.has('text')) columns[`${prefix}Text`] = `${alias}.${prefix}_text`;
  return columns;
}

/** The columns behind the fields that were asked for. */
function requestedColumns(selection: Selection, alias: string, fields: Readonly<Record<string, Columns>>): Columns {
  const columns: Columns = {};
  for (const [field, needed] of Object.entries(fields))
    if (selection.has(field)) for (const [key, column] of Object.entries(needed)) columns[key] = `${alias}.${column}`;
  return columns;
}

const AUTHOR_FIELDS = {
  slug: { slug: 'slug' },
  name: { name: 'name' },
  kind: { kind: 'kind' },
  avatarUrl: { avatarUrl: 'avatar_url' },
  url: { url: 'url' },
  articleCount: { articleCount: 'article_count' },
  articles: { articleCount: 'article_count' },
};

function authorColumns(alias: string, selection: Selection): Columns {
  return {
    id: `${alias}.id`,
    // Orders the list of authors.
    name: `${alias}.name`,
    ...requestedColumns(selection, alias, AUTHOR_FIELDS),
    ...textColumns('bio', alias, selection.at('bio')),
  };
}

function topicColumns(alias: string): Columns {
  return {
    id: `${alias}.id`,
    slug: `${alias}.slug`,
    name: `${alias}.name`,
    description: `${alias}.description`,
    parentId: `${alias}.parent_id`,
    articleCount: `${alias}.article_count`,
  };
}

const LOG_POSITION = { eventSequence: 'event_sequence', eventEpoch: 'event_epoch' };

const ARTICLE_FIELDS = {
  slug: { slug: 'slug' },
  title: { title: 'title' },
  excerpt: { excerpt: 'excerpt' },
  readingMinutes: { readingMinutes: 'reading_minutes' },
  updatedAt: { updatedAt: 'updated_at' },
  version: { version: 'version' },
  commentPolicy: { commentPolicy: 'comment_policy' },
  liveCursor: LOG_POSITION,
  events: LOG_POSITION,
  cover: {
    coverUrl: 'cover_url',
    coverAlt: 'cover_alt',
    coverCaption: 'cover_caption',
    coverWidth: 'cover_width',
    coverHeight: 'cover_height',
  },
};

function articleColumns(alias: string, selection: Selection): Columns {
  const columns: Columns = {
    id: `${alias}.id`,
    status: `${alias}.status`,
    authorId: `${alias}.author_id`,
    // What lists of articles are ordered by.
    publishedAt: `${alias}.published_at`,
    commentCount: `${alias}.comment_count`,
    discussedAt: `${alias}.discussed_at`,
    ...requestedColumns(selection, alias, ARTICLE_FIELDS),
    ...textColumns('body', alias, selection.at('body')),
  };
  if (selection.has('author')) columns.author = authorOf(alias, selection);
  if (selection.has('topics'))
    columns.topics = `(SELECT coalesce(json_agg(${json(topicColumns('t'))} ORDER BY at.position, t.id), '[]') FROM article_topic at JOIN topic t ON t.id = at.topic_id WHERE at.article_id = ${alias}.id)`;
  return columns;
}

function authorOf(alias: string, selection: Selection): string {
  return `(SELECT ${json(authorColumns('w', selection.at('author')))} FROM author w WHERE w.id = ${alias}.author_id)`;
}

const COMMENT_FIELDS = {
  parent: { parentId: 'parent_id' },
  editedAt: { editedAt: 'edited_at' },
  pinned: { pinned: 'pinned' },
  replyCount: { replyCount: 'reply_count' },
  descendantCount: { descendantCount: 'descendant_count' },
  reactions: { reactionCounts: 'reaction_counts' },
};

function commentColumns(alias: string, selection: Selection): Columns {
  const columns: Columns = {
    id: `${alias}.id`,
    articleId: `${alias}.article_id`,
    authorId: `${alias}.author_id`,
    depth: `${alias}.depth`,
    status: `${alias}.status`,
    visible: `${alias}.visible`,
    // What lists of comments are ordered by.
    createdAt: `${alias}.created_at`,
    score: `${alias}.score`,
    ...requestedColumns(selection, alias, COMMENT_FIELDS),
    ...textColumns('body', alias, selection.at('body')),
  };
  if (selection.has('author')) columns.author = authorOf(alias, selection);
  if (selection.has('isByArticleAuthor'))
    columns.articleAuthorId = `(SELECT b.author_id FROM article b WHERE b.id = ${alias}.article_id)`;
  return columns;
}

/** Makes the SQL once for each selection: the selections of cached documents live as long as they do. */
function memoizeBySelection(make: (selection: Selection) => string): (selection: Selection) => string {
  const made = new WeakMap<Selection, string>();
  return (selection) => {
    let sql = made.get(selection);
    if (sql === undefined) {
      sql = make(selection);
      made.set(selection, sql);
    }
    return sql;
  };
}

/** JSON of an author `u`. */
export const authorJson = memoizeBySelection((selection) => json(authorColumns('u', selection)));
/** JSON of a topic `t`. */
export const topicJson = json(topicColumns('t'));
/** JSON of an article `a`. */
export const articleJson = memoizeBySelection((selection) => json(articleColumns('a', selection)));
/** JSON of an article `a` with when it was made, by which lists of unpublished ones are ordered. */
export const datedArticleJson = memoizeBySelection((selection) =>
  json({ ...articleColumns('a', selection), createdAt: 'a.created_at' }),
);
/** JSON of a comment `c`. */
export const commentJson = memoizeBySelection((selection) => json(commentColumns('c', selection)));

/** JSON of a comment `c` with `replies`, itself SQL for JSON. */
export function commentJsonWithReplies(selection: Selection, replies: string): string {
  return json({ ...commentColumns('c', selection), replies });
}

/** JSON of a comment `r`, a reply to another. */
export const replyJson = memoizeBySelection((selection) => json(commentColumns('r', selection)));

// JSON has no dates: PostgreSQL writes them as ISO 8601.

export function reviveArticle(row: ArticleRow): ArticleRow {
  if (row.publishedAt) row.publishedAt = new Date(row.publishedAt);
  if (row.updatedAt) row.updatedAt = new Date(row.updatedAt);
  if (row.createdAt) row.createdAt = new Date(row.createdAt);
  row.discussedAt = new Date(row.discussedAt);
  return row;
}

export function reviveComment(row: CommentRow): CommentRow {
  row.createdAt = new Date(row.createdAt);
  if (row.editedAt) row.editedAt = new Date(row.editedAt);
  row.replies?.rows.forEach(reviveComment);
  return row;
}
