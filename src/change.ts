import type { Change } from '../schema/content/context.ts';
import type { EmittedEvent } from '../schema/content/events.ts';
import { queryRow } from '../schema/content/query.ts';
import { articleTopic, type Bus } from './bus/index.ts';
import type { RequestDatabase } from './database/index.ts';

/**
 * Runs changes in transactions. The sequence of an event comes from the row of its article, which stays locked until the
 * commit: events of an article commit in the order of their sequence, so a reader that has seen N has seen all before it.
 */
export function createChange(db: Pick<RequestDatabase, 'transaction'>, bus: Bus): Change {
  return async (work) => {
    const touched = new Map<number, number>();
    const result = await db.transaction((tx) => {
      touched.clear();
      return work(tx, async (event: EmittedEvent) => {
        const { articleId, kind } = event;
        const [sequence] = await queryRow<[sequence: number]>(tx, {
          name: 'emit',
          text: `WITH counter AS (UPDATE article SET event_sequence = event_sequence + 1 WHERE id = $1 RETURNING event_sequence)
            INSERT INTO comment_event (article_id, sequence, kind, comment_id, author_id, at)
            SELECT $1, event_sequence, $2::"CommentEventKind", $3, $4, clock_timestamp() FROM counter RETURNING sequence`,
          values: [...[articleId, kind], ...('commentId' in event ? [event.commentId, null] : [null, event.authorId])],
        });
        touched.set(articleId, sequence);
      });
    });
    for (const [articleId, sequence] of touched) bus.wake(articleTopic(articleId), sequence);
    return result;
  };
}
