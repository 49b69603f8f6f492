import { publishedArticle } from '../article/find-article.ts';
import type { Context } from '../context.ts';
import type { LoggedEvent, LogPosition } from '../events.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { createListReader } from '../list/list-reader.ts';
import type { CommentRow } from '../row-types.ts';
import { NO_FIELDS, type Selection } from '../selection.ts';
import { commentJson, reviveComment } from './comment-columns.ts';
import { commentOfAnyStatus } from './comment-lists.ts';

/** An entry of the log with its comment as it is now; without one for an event of the discussion itself. */
export type EventRow = Pick<LoggedEvent, 'sequence' | 'kind' | 'authorId' | 'at'> & { comment: CommentRow | null };

const events = createListReader<EventRow>((row) => {
  row.at = new Date(row.at);
  if (row.comment) reviveComment(row.comment);
  return row;
});

const afterQuery = memoizedQuery((comment: string) => ({
  from: 'comment_event e LEFT JOIN comment c ON c.id = e.comment_id',
  where: 'e.article_id = k.article AND e.sequence > k.after',
  order: [{ sql: 'e.sequence', type: 'int' }],
  descending: false,
  row: `json_build_object('sequence', e.sequence, 'kind', e.kind, 'authorId', e.author_id, 'at', e.at,
    'comment', CASE WHEN c.id IS NOT NULL THEN ${comment} END)`,
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

/** Events with their comments as they are now, by one statement. Null for events of an article that is not published. */
export function loadEvents(
  context: Context,
  logged: readonly LoggedEvent[],
  comment: Selection,
): Promise<(EventRow | null)[]> {
  const rows = new Map<number, Promise<CommentRow | null>>();
  const articles = new Map<number, Promise<object | null>>();
  for (const { commentId, articleId } of logged)
    if (commentId === null)
      once(articles, articleId, (id) => publishedArticle(context, { id, topic: null }, NO_FIELDS));
    // Of any status, because the placeholder of a removed comment is part of its event.
    else once(rows, commentId, (id) => commentOfAnyStatus(context, id, comment));
  return Promise.all(
    logged.map(async ({ articleId, commentId, sequence, kind, authorId, at }) => {
      const row = commentId === null ? null : await rows.get(commentId)!;
      const isPublic = commentId === null ? (await articles.get(articleId)!) !== null : row !== null;
      return isPublic ? { sequence, kind, authorId, at, comment: row } : null;
    }),
  );
}

function once<Value>(values: Map<number, Value>, id: number, load: (id: number) => Value): void {
  if (!values.has(id)) values.set(id, load(id));
}
