import type { CommentStatus } from '../../../prisma/client/enums.ts';
import type { Context, SignedInViewer } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import { memoizedQuery } from '../list/list-query.ts';
import type { Connection } from '../list/paging.ts';
import type { RowSql } from '../list/row-sql.ts';
import type { CommentRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { commentRow } from './comment-columns.ts';
import { commentById, commentKeyset, comments } from './comment-lists.ts';

// A signed-in author sees all of their own comments below published articles, whatever their status.

const BELOW_PUBLISHED = "EXISTS (SELECT FROM article WHERE id = c.article_id AND status = 'PUBLISHED')";

const ownQuery = memoizedQuery((scope: 'all' | 'status', row: RowSql) => ({
  from: 'comment c',
  where: `c.author_id = k.author${scope === 'status' ? ' AND c.status = k.status' : ''} AND ${BELOW_PUBLISHED}`,
  order: [
    { sql: 'c.created_at', type: 'timestamptz' as const },
    { sql: 'c.id', type: 'int' as const },
  ],
  descending: true,
  row,
  keys: { author: 'int', ...(scope === 'status' && { status: '"CommentStatus"' }) },
}));

export interface OwnCommentsArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  status?: CommentStatus | null | undefined;
}

/** A page of the viewer's own comments, newest first. @throws BadUserInputError */
export function ownCommentsPage(
  context: Context,
  { author }: SignedInViewer,
  { status, selection, ...page }: OwnCommentsArguments & { selection: Selection },
): Connection<CommentRow> | Promise<Connection<CommentRow>> {
  const list = {
    name: `Viewer:${author.id}.comments ${status ?? ''}`,
    query: ownQuery(status == null ? 'all' : 'status', commentRow(selection)),
    keys: status == null ? [author.id] : [author.id, status],
    keyset: commentKeyset('NEWEST'),
  };
  return comments.page(context, list, page);
}

const visibleOrOwnQuery = memoizedQuery((row: RowSql) => ({
  from: 'comment c',
  where: `c.id = k.id AND (c.visible OR c.author_id = k.viewer) AND ${BELOW_PUBLISHED}`,
  order: [{ sql: 'c.id', type: 'int' }],
  descending: false,
  row,
  keys: { id: 'int', viewer: 'int' },
}));

/** The comment with this id below a published article, if it is visible or the viewer's own. */
export function commentForViewer(context: Context, id: number, selection: Selection): Promise<CommentRow | null> {
  const { viewer } = context;
  if (!viewer) return commentById(context, id, selection);
  return comments.one(context, visibleOrOwnQuery(commentRow(selection)), [id, viewer.author.id]);
}

const reasonsLoader = contextLoader(async (ids: readonly number[], { db }) => {
  const rows = await db.query<[id: number, reasons: string[]]>({
    name: 'comment-reasons',
    // Of a comment or edit that waits, why it is held; of another, the reason of the decision that gave it its status. A
    // visible comment has one only when an edit of it was rejected, and nothing has happened since.
    text: `SELECT c.id, CASE WHEN c.waiting THEN c.hold_reasons
        ELSE coalesce((SELECT CASE WHEN e.reason IS NOT NULL THEN ARRAY[e.reason] END FROM (
            SELECT action, reason FROM moderation_entry
            WHERE comment_id = c.id AND status = c.status
              AND CASE WHEN c.status = 'VISIBLE' THEN created_at > coalesce(c.edited_at, '-infinity')
                ELSE action IN ('REJECT', 'SPAM', 'REMOVE') END ORDER BY id DESC LIMIT 1
          ) e WHERE e.action IN ('REJECT', 'SPAM', 'REMOVE')), '{}') END
      FROM comment c WHERE c.id = ANY($1)`,
    values: [ids],
  });
  const found = new Map(rows);
  return ids.map((id) => found.get(id) ?? []);
});

/** Why a comment or an edit of it is held or was rejected. For its author alone. */
export function reasonsOf(context: Context, { id }: CommentRow): Promise<string[]> {
  return reasonsLoader(context).load(id);
}

/** The same for any viewer: empty for everybody but the signed-in author. */
export function reasonsForViewer(context: Context, comment: CommentRow): Promise<string[]> | string[] {
  return context.viewer?.author.id === comment.authorId ? reasonsOf(context, comment) : [];
}
