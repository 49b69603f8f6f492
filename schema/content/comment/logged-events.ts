import { publishedArticle } from '../article/find-article.ts';
import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import type { LoggedEvent, LogPosition } from '../events.ts';
import { memoizedQuery } from '../list/list-query.ts';
import { createListReader } from '../list/list-reader.ts';
import { optional, type RowSql, rowSql, time } from '../list/row-sql.ts';
import type { CommentRow } from '../row-types.ts';
import { NO_FIELDS, type Selection } from '../selection.ts';
import { commentRow } from './comment-columns.ts';
import { commentOfAnyStatus } from './comment-lists.ts';

/** An entry of the log with its comment as it is now; without one for an event of the discussion itself. */
export type EventRow = Pick<LoggedEvent, 'sequence' | 'kind' | 'authorId' | 'at' | 'previousAt'> & {
  comment: CommentRow | null;
};

/** An entry, with the generation of the log that it was read from. */
export type PagedEventRow = EventRow & { epoch: number };

const events = createListReader<PagedEventRow>();

const afterQuery = memoizedQuery((comment: RowSql) => ({
  from: 'comment_event e JOIN article a ON a.id = e.article_id LEFT JOIN comment c ON c.id = e.comment_id',
  where: 'e.article_id = k.article AND e.sequence > k.after',
  order: [{ sql: 'e.sequence', type: 'int' }],
  descending: false,
  row: rowSql<PagedEventRow>({
    epoch: 'a.event_epoch',
    sequence: 'e.sequence',
    kind: 'e.kind',
    authorId: 'e.author_id',
    at: time('e.at'),
    previousAt: time('e.previous_at'),
    comment: optional(comment, 'c.id IS NOT NULL'),
  }),
  keys: { article: 'int', after: 'int' },
}));

/** The oldest events after a position, at most `size`. */
export function readEventsAfter(
  context: Context,
  { articleId, sequence }: LogPosition,
  { comment, size }: { comment: Selection; size: number },
): Promise<PagedEventRow[]> {
  return events.first(context, { query: afterQuery(commentRow(comment)), keys: [articleId, sequence] }, size);
}

interface EventComment {
  id: number;
  row: RowSql<CommentRow>;
}

/** Comments with their columns: one statement for all that show the same event. */
const eventComments = contextLoader(
  // Of any status, because the placeholder of a removed comment is part of its event.
  (keys: readonly EventComment[], context) =>
    Promise.all(keys.map(({ id, row }) => commentOfAnyStatus(context, id, row))),
  { cacheKey: ({ id, row }) => `${id} ${row.id}` },
);

/** Whether articles are public, once for all events of each. */
const publicArticles = contextLoader((ids: readonly number[], context) =>
  Promise.all(ids.map(async (id) => (await publishedArticle(context, { id, topic: null }, NO_FIELDS)) !== null)),
);

/** Events with their comments as they are now, by one statement. Null for events of an article that is not published. */
export function loadEvents(
  context: Context,
  logged: readonly LoggedEvent[],
  comment: Selection,
): Promise<(EventRow | null)[]> {
  const shown = commentRow(comment);
  return Promise.all(
    logged.map(async ({ articleId, commentId, sequence, kind, authorId, at, previousAt }) => {
      const row = commentId === null ? null : await eventComments(context).load({ id: commentId, row: shown });
      const isPublic = commentId === null ? await publicArticles(context).load(articleId) : row !== null;
      return isPublic ? { sequence, kind, authorId, at, previousAt, comment: row } : null;
    }),
  );
}
