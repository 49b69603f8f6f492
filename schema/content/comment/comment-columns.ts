import { authorOfJson, writerJson } from '../author/author-columns.ts';
import { type Columns, jsonObject, memoizeBySelection, selectedColumns, textColumns } from '../list/json-columns.ts';
import type { CommentRow } from '../row-types.ts';
import { ALL_FIELDS, type Selection } from '../selection.ts';

const FIELDS = {
  parent: { parentId: 'parent_id' },
  sortKey: { path: 'path' },
  editedAt: { editedAt: 'edited_at' },
  version: { version: 'version', shownVersion: 'shown_version' },
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
    // Lists of comments are ordered by these.
    createdAt: `${alias}.created_at`,
    score: `${alias}.score`,
    ...selectedColumns(alias, selection, FIELDS),
    ...textColumns('body', alias, selection.at('body')),
  };
  if (selection.has('author')) columns.author = authorOfJson(alias, selection.at('author'));
  if (selection.has('isByArticleAuthor'))
    columns.articleAuthorId = `(SELECT b.author_id FROM article b WHERE b.id = ${alias}.article_id)`;
  if (selection.has('root')) columns.rootId = rootIdOf(alias);
  return columns;
}

/** The top-level comment above: its path is the first ordinal, so it is one step into the unique index of paths. */
function rootIdOf(alias: string): string {
  return `(SELECT t.id FROM comment t WHERE t.article_id = ${alias}.article_id AND t.path = ${alias}.path[:1])`;
}

/** JSON of a comment `c`. */
export const commentJson = memoizeBySelection((selection) => jsonObject(commentColumns('c', selection)));

/** JSON of a comment `c` with `replies`, itself SQL for JSON. */
export function commentJsonWithReplies(selection: Selection, replies: string): string {
  return jsonObject({ ...commentColumns('c', selection), replies });
}

/** JSON of a comment `r`, a reply to another. */
export const replyJson = memoizeBySelection((selection) => jsonObject(commentColumns('r', selection)));

/**
 * JSON of a comment `c` with all columns, in the statement that writes it. Only the rows that the statement returns show what it wrote:
 * its author `w` and its article `d` are among them.
 */
export function writtenCommentJson({ isReply }: { isReply: boolean }): string {
  const rootId = isReply ? rootIdOf('c') : 'c.id';
  return jsonObject({
    ...commentColumns('c', ALL_FIELDS),
    ...{ author: writerJson, articleAuthorId: 'd.author_id', rootId },
  });
}

/** Turns the times of a comment's JSON into dates: PostgreSQL writes them as ISO 8601. */
export function reviveComment(row: CommentRow): CommentRow {
  row.createdAt = new Date(row.createdAt);
  if (row.editedAt) row.editedAt = new Date(row.editedAt);
  row.replies?.rows.forEach(reviveComment);
  return row;
}
