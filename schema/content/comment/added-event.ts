import type { Context } from '../context.ts';
import type { LogPosition } from '../events.ts';
import type { CommentRow } from '../row-types.ts';

/**
 * The position of the event with which a comment became visible, the last one where it did several times. Null for a
 * comment that is held, that was hidden from the start by one above it, or whose event is no longer kept.
 */
export async function addedPosition(
  { db }: Context,
  { id, articleId, status }: CommentRow,
): Promise<LogPosition | null> {
  if (status === 'PENDING') return null;
  const [event] = await db.query<[epoch: number, sequence: number, at: Date]>({
    name: 'comment-added-event',
    // From the end of the log, where the event of a new comment is.
    text: `SELECT a.event_epoch, e.sequence, e.at FROM article a CROSS JOIN LATERAL (
        SELECT sequence, at FROM comment_event
        WHERE article_id = a.id AND comment_id = $2 AND kind = 'ADDED' ORDER BY sequence DESC LIMIT 1
      ) e WHERE a.id = $1`,
    values: [articleId, id],
  });
  if (!event) return null;
  const [epoch, sequence, at] = event;
  return { articleId, epoch, sequence, at };
}
