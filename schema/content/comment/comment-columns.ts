import { authorColumn, bylineRow } from '../author/author-columns.ts';
import { firstRowsColumn } from '../list/first-rows.ts';
import {
  type Columns,
  memoizeBySelection,
  optional,
  type RowSql,
  rowSql,
  selectedColumns,
  shownTime,
  textColumns,
} from '../list/row-sql.ts';
import type { CommentRow } from '../row-types.ts';
import { ALL_FIELDS, type Selection } from '../selection.ts';

export type CommentOrder = 'NEWEST' | 'OLDEST' | 'TOP';

/** SQL of the order of a list of comments `c`. */
export const ORDER_BY: Record<CommentOrder, string> = {
  NEWEST: 'c.created_at DESC, c.id DESC',
  OLDEST: 'c.created_at, c.id',
  TOP: 'c.score DESC, c.id DESC',
};

/** Most replies to each comment that are read with it. */
const MOST_REPLIES = 20;

const FIELDS = {
  parent: { parentId: 'c.parent_id' },
  sortKey: { path: 'c.path' },
  editedAt: { editedAt: shownTime('c.edited_at') },
  version: { version: 'c.version', shownVersion: 'c.shown_version' },
  pinned: { pinned: 'c.pinned' },
  replyCount: { replyCount: 'c.reply_count' },
  descendantCount: { descendantCount: 'c.descendant_count' },
  reactions: { reactionCounts: 'c.reaction_counts' },
};

function commentColumns(selection: Selection): Columns {
  const columns: Columns = {
    id: 'c.id',
    articleId: 'c.article_id',
    authorId: 'c.author_id',
    depth: 'c.depth',
    status: 'c.status',
    visible: 'c.visible',
    // Lists of comments are ordered by these.
    createdAt: shownTime('c.created_at'),
    score: 'c.score',
    ...selectedColumns(selection, FIELDS),
    ...textColumns('body', 'c', selection.at('body')),
  };
  if (selection.has('author')) columns.author = authorColumn('c', selection.at('author'));
  if (selection.has('isByArticleAuthor'))
    columns.articleAuthorId = '(SELECT b.author_id FROM article b WHERE b.id = c.article_id)';
  // The path of the top-level comment above is the first ordinal, so it is one step into the unique index of paths.
  if (selection.has('root'))
    columns.rootId = '(SELECT t.id FROM comment t WHERE t.article_id = c.article_id AND t.path = c.path[:1])';
  return columns;
}

/** A comment `c` without its replies. */
const bareCommentRow = memoizeBySelection((selection) => rowSql<CommentRow>(commentColumns(selection)));

/** A comment `c`. */
export const commentRow = memoizeBySelection((selection) => {
  const columns = commentColumns(selection);
  const replies = firstRowsColumn<CommentOrder>(selection, {
    field: 'replies',
    most: MOST_REPLIES,
    defaultOrder: 'OLDEST',
    // Not by `reply_count`: a removed reply keeps its place while there are comments below it.
    unlessEmpty: 'c.descendant_count > 0',
    // The comment that they reply to is the `c` around this `c`.
    from: (
      order,
    ) => `FROM (SELECT c.id, c.article_id) p JOIN comment c ON c.article_id = p.article_id AND c.parent_id = p.id
      WHERE c.visible ORDER BY ${ORDER_BY[order]}`,
    row: ({ node }) => bareCommentRow(node),
  });
  if (replies) columns.replies = replies;
  return rowSql<CommentRow>(columns);
});

/**
 * A comment `c` with all columns, in the statement that writes it. What it wrote shows in its own rows alone: the comment's author
 * `u` is one of them. It has read the article `d` before.
 */
export function writtenCommentRow(): RowSql<CommentRow> {
  const { rootId, ...columns } = commentColumns(ALL_FIELDS);
  return rowSql<CommentRow>({
    ...columns,
    author: optional(bylineRow(ALL_FIELDS), 'u.id IS NOT NULL'),
    articleAuthorId: 'd.author_id',
    rootId: `CASE WHEN c.parent_id IS NULL THEN c.id ELSE ${rootId as string} END`,
  });
}
