import type { ArticleRow, CommentRow } from './backing.ts';
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

function authorColumns(alias: string, selection: Selection): Columns {
  return {
    id: `${alias}.id`,
    slug: `${alias}.slug`,
    name: `${alias}.name`,
    kind: `${alias}.kind`,
    avatarUrl: `${alias}.avatar_url`,
    url: `${alias}.url`,
    articleCount: `${alias}.article_count`,
    commentCount: `${alias}.comment_count`,
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

function articleColumns(alias: string, selection: Selection): Columns {
  const columns: Columns = {
    id: `${alias}.id`,
    slug: `${alias}.slug`,
    title: `${alias}.title`,
    excerpt: `${alias}.excerpt`,
    readingMinutes: `${alias}.reading_minutes`,
    status: `${alias}.status`,
    publishedAt: `${alias}.published_at`,
    updatedAt: `${alias}.updated_at`,
    discussedAt: `${alias}.discussed_at`,
    version: `${alias}.version`,
    authorId: `${alias}.author_id`,
    commentPolicy: `${alias}.comment_policy`,
    commentCount: `${alias}.comment_count`,
    eventSequence: `${alias}.event_sequence`,
    eventEpoch: `${alias}.event_epoch`,
    coverUrl: `${alias}.cover_url`,
    ...textColumns('body', alias, selection.at('body')),
  };
  if (selection.has('cover')) {
    columns.coverAlt = `${alias}.cover_alt`;
    columns.coverCaption = `${alias}.cover_caption`;
    columns.coverWidth = `${alias}.cover_width`;
    columns.coverHeight = `${alias}.cover_height`;
  }
  if (selection.has('author'))
    columns.author = `(SELECT ${json(authorColumns('w', selection.at('author')))} FROM author w WHERE w.id = ${alias}.author_id)`;
  if (selection.has('topics'))
    columns.topics = `(SELECT coalesce(json_agg(${json(topicColumns('t'))} ORDER BY at.position, t.id), '[]') FROM article_topic at JOIN topic t ON t.id = at.topic_id WHERE at.article_id = ${alias}.id)`;
  return columns;
}

function commentColumns(alias: string, selection: Selection): Columns {
  const columns: Columns = {
    id: `${alias}.id`,
    articleId: `${alias}.article_id`,
    parentId: `${alias}.parent_id`,
    authorId: `${alias}.author_id`,
    depth: `${alias}.depth`,
    status: `${alias}.status`,
    visible: `${alias}.visible`,
    createdAt: `${alias}.created_at`,
    editedAt: `${alias}.edited_at`,
    pinned: `${alias}.pinned`,
    replyCount: `${alias}.reply_count`,
    descendantCount: `${alias}.descendant_count`,
    score: `${alias}.score`,
    ...textColumns('body', alias, selection.at('body')),
  };
  if (selection.has('reactions')) columns.reactionCounts = `${alias}.reaction_counts`;
  if (selection.has('author'))
    columns.author = `(SELECT ${json(authorColumns('w', selection.at('author')))} FROM author w WHERE w.id = ${alias}.author_id)`;
  if (selection.has('isByArticleAuthor'))
    columns.articleAuthorId = `(SELECT b.author_id FROM article b WHERE b.id = ${alias}.article_id)`;
  return columns;
}

/** Makes the SQL once for each selection: the selections of cached documents live as long as they do. */
function remembered(make: (selection: Selection) => string): (selection: Selection) => string {
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
export const authorJson = remembered((selection) => json(authorColumns('u', selection)));
/** JSON of a topic `t`. */
export const topicJson = json(topicColumns('t'));
/** JSON of an article `a`. */
export const articleJson = remembered((selection) => json(articleColumns('a', selection)));
/** JSON of a comment `c`. */
export const commentJson = remembered((selection) => json(commentColumns('c', selection)));

// JSON has no dates: PostgreSQL writes them as ISO 8601.

export function readArticle(row: ArticleRow): ArticleRow {
  if (row.publishedAt) row.publishedAt = new Date(row.publishedAt);
  row.updatedAt = new Date(row.updatedAt);
  row.discussedAt = new Date(row.discussedAt);
  return row;
}

export function readComment(row: CommentRow): CommentRow {
  row.createdAt = new Date(row.createdAt);
  if (row.editedAt) row.editedAt = new Date(row.editedAt);
  return row;
}
