import type { Queryable } from '../../schema/context.ts';
import type { LoggedEvent, LogPosition } from '../../schema/events.ts';

/** Events that one statement reads. */
export const LOG_PAGE = 500;

type EventColumns = [sequence: number, kind: LoggedEvent['kind'], commentId: number, at: Date];

/** The events of an article that follow a sequence, oldest first, at most LOG_PAGE. */
export async function readLog(db: Queryable, articleId: number, after: number): Promise<LoggedEvent[]> {
  const rows = await db.query<EventColumns>({
    name: 'log-read',
    text: `SELECT sequence, kind, comment_id, at FROM comment_event
      WHERE article_id = $1 AND sequence > $2 ORDER BY sequence LIMIT ${LOG_PAGE}`,
    values: [articleId, after],
  });
  return rows.map(([sequence, kind, commentId, at]) => ({ articleId, sequence, kind, commentId, at }));
}

/** Where the logs of articles are now; an article that is gone is left out. */
export async function logPositions(db: Queryable, articleIds: readonly number[]): Promise<LogPosition[]> {
  const rows = await db.query<[number, number, number]>({
    name: 'log-positions',
    text: 'SELECT id, event_epoch, event_sequence FROM article WHERE id = ANY($1)',
    values: [articleIds],
  });
  return rows.map(([articleId, epoch, sequence]) => ({ articleId, epoch, sequence }));
}
