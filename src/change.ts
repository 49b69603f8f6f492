import type { Change, Queryable } from '../schema/content/context.ts';
import type { EmittedEvent, ModerationFact } from '../schema/content/events.ts';
import { logModeration } from '../schema/content/moderation/moderation-log.ts';
import { queryRow } from '../schema/content/query.ts';
import { articleTopic, type Bus, MODERATION_TOPIC } from './bus/index.ts';
import type { RequestDatabase } from './database/index.ts';

/**
 * Runs changes in transactions. The sequence of an event comes from the row of its article, which stays locked until the
 * commit: events of an article commit in the order of their sequence, so a reader that has seen N has seen all before it.
 * What moderators are notified of is written at the end, because its log is locked until the commit.
 */
export function createChange(db: Pick<RequestDatabase, 'transaction'>, bus: Bus): Change {
  return async (work) => {
    /** The last sequence by topic. */
    const grown = new Map<string, number>();
    const result = await db.transaction(async (tx) => {
      const facts: ModerationFact[] = [];
      grown.clear();
      const result = await work(tx, async (event) => {
        if ('moderation' in event) facts.push(event);
        else grown.set(articleTopic(event.articleId), await logEvent(tx, event));
      });
      if (facts.length > 0) grown.set(MODERATION_TOPIC, await logModeration(tx, facts));
      return result;
    });
    for (const [topic, sequence] of grown) bus.wake(topic, sequence);
    return result;
  };
}

/** @returns the sequence of the event */
async function logEvent(tx: Queryable, { articleId, kind, commentId }: EmittedEvent): Promise<number> {
  const [sequence] = await queryRow<[sequence: number]>(tx, {
    name: 'emit',
    text: `WITH counter AS (UPDATE article SET event_sequence = event_sequence + 1 WHERE id = $1 RETURNING event_sequence)
      INSERT INTO comment_event (article_id, sequence, kind, comment_id, at)
      SELECT $1, event_sequence, $2::"CommentEventKind", $3, clock_timestamp() FROM counter RETURNING sequence`,
    values: [articleId, kind, commentId],
  });
  return sequence;
}
