import type { Context } from '../context.ts';
import type { Keyset } from '../list/cursor.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { createListReader, type List } from '../list/list-reader.ts';
import { rowLoader } from '../list/row-loader.ts';
import type { RowSql } from '../list/row-sql.ts';
import type { CommentRow } from '../row-types.ts';
import { ALL_FIELDS, type Selection } from '../selection.ts';
import { type CommentOrder, commentRow } from './comment-columns.ts';

export const comments = createListReader<CommentRow>(({ articleId }) => [articleId]);

const ORDERS = {
  NEWEST: { column: 'c.created_at', type: 'timestamptz', descending: true },
  OLDEST: { column: 'c.created_at', type: 'timestamptz', descending: false },
  TOP: { column: 'c.score', type: 'int', descending: true },
} as const;

function ordered(order: CommentOrder, row: RowSql) {
  const { column, type, descending } = ORDERS[order];
  return {
    from: 'comment c',
    order: [
      { sql: column, type },
      { sql: 'c.id', type: 'int' },
    ] as const,
    descending,
    row,
  };
}

/** The keyset of a row in a list of this order. */
export function commentKeyset(order: CommentOrder): (row: CommentRow) => Keyset {
  return order === 'TOP' ? ({ id, score }) => [score, id] : ({ id, createdAt }) => [createdAt.toISOString(), id];
}

const topLevelQuery = memoizedQuery((order: CommentOrder, row: RowSql) => ({
  ...ordered(order, row),
  where: 'c.article_id = k.article AND c.parent_id IS NULL AND c.visible',
  constant: 'c.parent_id',
  keys: { article: 'int' },
}));

/**
 * The top-level comments of an article.
 * @param row of a comment `c`
 */
export function commentsOn(articleId: number, order: CommentOrder, row: RowSql): List<CommentRow> {
  return {
    name: `Article:${articleId}.comments ${order}`,
    query: topLevelQuery(order, row),
    keys: [articleId],
    keyset: commentKeyset(order),
    order,
  };
}

const repliesQuery = memoizedQuery((order: CommentOrder, row: RowSql) => ({
  ...ordered(order, row),
  // With the article, the condition is a prefix of the index that has the order.
  where: 'c.article_id = k.article AND c.parent_id = k.parent AND c.visible',
  keys: { article: 'int', parent: 'int' },
}));

/**
 * The direct replies to a comment.
 * @param row of a comment `c`
 */
export function repliesTo(comment: CommentRow, order: CommentOrder, row: RowSql): List<CommentRow> {
  return {
    name: `Comment:${comment.id}.replies ${order}`,
    query: repliesQuery(order, row),
    keys: [comment.articleId, comment.id],
    keyset: commentKeyset(order),
    order,
  };
}

const idQuery = memoizedQuery((row: RowSql) => ({
  from: 'comment c',
  where: "c.id = k.id AND c.visible AND EXISTS (SELECT FROM article WHERE id = c.article_id AND status = 'PUBLISHED')",
  order: [{ sql: 'c.id', type: 'int' }],
  descending: false,
  row,
  keys: { id: 'int' },
}));

/** The comment with this id, if it is visible below a published article. */
export function commentById(context: Context, id: number, selection: Selection): Promise<CommentRow | null> {
  return comments.one(context, idQuery(commentRow(selection)), [id]);
}

const anyStatusQuery = memoizedQuery((row: RowSql) => ({
  from: 'comment c',
  where: "c.id = k.id AND EXISTS (SELECT FROM article WHERE id = c.article_id AND status = 'PUBLISHED')",
  order: [{ sql: 'c.id', type: 'int' }],
  descending: false,
  row,
  keys: { id: 'int' },
}));

/**
 * The comment with this id, whatever its status, below a published article. The caller decides who may see it.
 * @param row of a comment `c`
 */
export function commentOfAnyStatus(context: Context, id: number, row: RowSql): Promise<CommentRow | null> {
  return comments.one(context, anyStatusQuery(row), [id]);
}

const anyArticleQuery = memoizedQuery((row: RowSql) => ({ ...idQuery(row), where: 'c.id = k.id' }));

/** The comment with this id, whatever its status and that of its article: for moderators alone. */
export function commentOfAnyArticle(context: Context, id: number, selection: Selection): Promise<CommentRow | null> {
  return comments.one(context, anyArticleQuery(commentRow(selection)), [id]);
}

/** Comments of any status: only for ids from a row that the viewer may see. */
export const commentLoader = rowLoader(comments, { ...idQuery(commentRow(ALL_FIELDS)), where: 'c.id = k.id' });
