import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import type { LoggedEvent, LogPosition } from '../events.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { createListReader } from '../list/list-reader.ts';
import type { CommentRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { commentJson, reviveComment } from './comment-columns.ts';
import { commentOfAnyStatus } from './comment-lists.ts';

/** An entry of the log with its comment as it is now. */
export type EventRow = Pick<LoggedEvent, 'sequence' | 'kind' | 'at' | 'previousAt'> & { comment: CommentRow };

const events = createListReader<EventRow>((row) => {
  row.at = new Date(row.at);
  if (row.previousAt) row.previousAt = new Date(row.previousAt);
  reviveComment(row.comment);
  return row;
});

const afterQuery = memoizedQuery((comment: string) => ({
  from: 'comment_event e JOIN comment c ON c.id = e.comment_id',
  where: 'e.article_id = k.article AND e.sequence > k.after',
  order: [{ sql: 'e.sequence', type: 'int' }],
  descending: false,
  row: `json_build_object('sequence', e.sequence, 'kind', e.kind, 'at', e.at, 'previousAt', e.previous_at, 'comment', ${comment})`,
  keys: { article: 'int', after: 'int' },
}));

/** The oldest events after a position, at most `size`. */
export function readEventsAfter(
  context: Context,
  { articleId, sequence }: LogPosition,
  { comment, size }: { comment: Selection; size: number },
): Promise<EventRow[]> {
  return events.first(context, { query: afterQuery(commentJson(comment)), keys: [articleId, sequence] }, size);
}

/** Comments by their id and, after a space, the SQL of their columns: one statement for all that show the same event. */
const eventComments = contextLoader((keys: readonly string[], context) =>
  Promise.all(
    keys.map((key) => {
      const space = key.indexOf(' ');
      // Of any status, because the placeholder of a removed comment is part of its event.
      return commentOfAnyStatus(context, Number(key.slice(0, space)), key.slice(space + 1));
    }),
  ),
);

/** Events with their comments as they are now, by one statement. Null for events of an article that is not published. */
export function loadEventComments(
  context: Context,
  logged: readonly LoggedEvent[],
  comment: Selection,
): Promise<(EventRow | null)[]> {
  const columns = commentJson(comment);
  return Promise.all(
    logged.map(async ({ commentId, sequence, kind, at, previousAt }) => {
      const row = await eventComments(context).load(`${commentId} ${columns}`);
      return row && { sequence, kind, at, previousAt, comment: row };
    }),
  );
}
