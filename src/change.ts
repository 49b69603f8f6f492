import type { Change } from '../schema/content/context.ts';
import type { EmittedEvent, ModerationFact, WrittenEvent } from '../schema/content/events.ts';
import { enqueueEvents } from '../schema/content/log-events.ts';
import { logModeration } from '../schema/content/moderation/moderation-log.ts';
import { articleTopic, type Bus, MODERATION_TOPIC } from './bus/index.ts';
import type { RequestDatabase } from './database/index.ts';

/**
 * Runs changes in transactions. The sequence of an event comes from the row of its article, which stays locked until the
 * commit: events of an article commit in the order of their sequence, so a reader that has seen N has seen all before it.
 * Events for moderators are written last, because their log is locked until the commit.
 * @param onModeration called with them after it
 */
export function createChange(
  db: Pick<RequestDatabase, 'transaction'>,
  bus: Pick<Bus, 'wake'>,
  onModeration: (facts: readonly ModerationFact[]) => void = () => {},
): Change {
  return async (work) => {
    /** The last sequence by topic. */
    const grown = new Map<string, number>();
    const facts: ModerationFact[] = [];
    const result = await db.transaction(async (tx) => {
      facts.length = 0;
      grown.clear();
      const written = ({ articleId, sequence }: WrittenEvent): void => {
        grown.set(articleTopic(articleId), sequence);
      };
      const result = await work(tx, (...events) => {
        const logged: EmittedEvent[] = [];
        for (const event of events) {
          if ('moderation' in event) facts.push(event);
          else if ('sequence' in event) written(event);
          else logged.push(event);
        }
        if (logged.length > 0) enqueueEvents(tx, { events: logged }, written);
      });
      if (facts.length > 0) logModeration(tx, facts, (sequence) => grown.set(MODERATION_TOPIC, sequence));
      return result;
    });
    for (const [topic, sequence] of grown) bus.wake(topic, sequence);
    if (facts.length > 0) onModeration(facts);
    return result;
  };
}
