import type { Context } from '../context.ts';
import type { LoggedEvent, LogPosition } from '../events.ts';
import type { ListCall } from '../list/list-query.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { createListReader } from '../list/list-reader.ts';
import type { CommentRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { commentJson, reviveComment } from './comment-columns.ts';
import { comments } from './comment-lists.ts';

/** An entry of the log with its comment as it is now. */
export type EventRow = Pick<LoggedEvent, 'sequence' | 'kind' | 'at'> & { comment: CommentRow };

export const events = createListReader<EventRow>((row) => {
  row.at = new Date(row.at);
  reviveComment(row.comment);
  return row;
});

const afterQuery = memoizedQuery((comment: string) => ({
  from: 'comment_event e JOIN comment c ON c.id = e.comment_id',
  where: 'e.article_id = k.article AND e.sequence > k.after',
  order: [{ sql: 'e.sequence', type: 'int' }],
  descending: false,
  row: `json_build_object('sequence', e.sequence, 'kind', e.kind, 'at', e.at, 'comment', ${comment})`,
  keys: { article: 'int', after: 'int' },
}));

/** What follows a position in the log, oldest first. */
export function eventsOf({ articleId, sequence }: LogPosition, comment: Selection): Omit<ListCall, 'page'> {
  return { query: afterQuery(commentJson(comment)), keys: [articleId, sequence] };
}

const commentQuery = memoizedQuery((row: string) => ({
  from: 'comment c',
  // Whatever its own status: what stands in the place of a comment that was removed is part of the log.
  where: "c.id = k.id AND EXISTS (SELECT FROM article WHERE id = c.article_id AND status = 'PUBLISHED')",
  order: [{ sql: 'c.id', type: 'int' }],
  descending: false,
  row,
  keys: { id: 'int' },
}));

/** Events with their comments as they are now, by one statement. Null for those of an article that is not public. */
export function loadEventComments(
  context: Context,
  logged: readonly LoggedEvent[],
  comment: Selection,
): Promise<(EventRow | null)[]> {
  const query = commentQuery(commentJson(comment));
  const rows = new Map<number, Promise<CommentRow | null>>();
  for (const { commentId } of logged)
    if (!rows.has(commentId)) rows.set(commentId, comments.one(context, query, [commentId]));
  return Promise.all(
    logged.map(async ({ commentId, sequence, kind, at }) => {
      const row = await rows.get(commentId)!;
      return row && { sequence, kind, at, comment: row };
    }),
  );
}
