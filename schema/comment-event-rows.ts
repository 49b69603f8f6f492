import type { CommentRow } from './backing.ts';
import type { LoggedEvent, LogPosition } from './events.ts';
import type { ListCall } from './lists.ts';
import { reader, rememberedQuery } from './reader.ts';
import { commentJson, readComment } from './rows.ts';
import type { Selection } from './selection.ts';

/** An entry of the log with its comment as it is now. */
export type EventRow = Pick<LoggedEvent, 'sequence' | 'kind' | 'at'> & { comment: CommentRow };

export const events = reader<EventRow>((row) => {
  row.at = new Date(row.at);
  readComment(row.comment);
  return row;
});

const afterQuery = rememberedQuery((comment: string) => ({
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
