import type { Change, ChangeAtOnce, Queryable, Statement } from '../schema/content/context.ts';
import type { EmittedEvent, ModerationFact, WrittenEvent } from '../schema/content/events.ts';
import { LAST_EVENT_AT } from '../schema/content/log-head.ts';
import { logModeration } from '../schema/content/moderation/moderation-log.ts';
import { queryRow } from '../schema/content/query.ts';
import { articleTopic, type Bus, MODERATION_TOPIC } from './bus/index.ts';
import type { RequestDatabase } from './database/index.ts';

/**
 * Writes an event: $1 article, $2 kind, $3 comment, $4 author. The article is locked before its newest entry is read. When this statement
 * waited for the lock, it does not see the entry that was committed meanwhile; then the article's own column has its time.
 */
const EMIT = `WITH a AS (
    SELECT id, event_sequence, last_event_at FROM article WHERE id = $1 FOR NO KEY UPDATE
  ), before AS (
    SELECT a.id, ${LAST_EVENT_AT} AS at FROM a
  ), counter AS (
    UPDATE article SET event_sequence = article.event_sequence + 1, last_event_at = clock_timestamp()
    FROM before WHERE article.id = before.id
    RETURNING article.id, article.event_sequence, article.last_event_at, before.at AS previous_at
  )
  INSERT INTO comment_event (article_id, sequence, kind, comment_id, author_id, at, previous_at)
  SELECT id, event_sequence, $2::"CommentEventKind", $3, $4, last_event_at, previous_at FROM counter RETURNING sequence`;

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
      const result = await work(tx, async (event) => {
        if ('moderation' in event) facts.push(event);
        else if ('sequence' in event) grown.set(articleTopic(event.articleId), event.sequence);
        else grown.set(articleTopic(event.articleId), await logEvent(tx, event));
      });
      if (facts.length > 0) grown.set(MODERATION_TOPIC, await logModeration(tx, facts));
      return result;
    });
    for (const [topic, sequence] of grown) bus.wake(topic, sequence);
    if (facts.length > 0) onModeration(facts);
    return result;
  };
}

/** Runs changes whose statements are sent together. */
export function createChangeAtOnce(
  db: Pick<RequestDatabase, 'transactionAtOnce'>,
  bus: Pick<Bus, 'wake'>,
): ChangeAtOnce {
  return async <Results extends readonly (readonly unknown[])[]>(
    statements: readonly Statement[],
    written: (results: Results) => WrittenEvent | null,
  ): Promise<Results> => {
    const results = (await db.transactionAtOnce(statements)) as readonly unknown[] as Results;
    const event = written(results);
    if (event) bus.wake(articleTopic(event.articleId), event.sequence);
    return results;
  };
}

/** @returns the sequence of the event */
async function logEvent(tx: Queryable, event: EmittedEvent): Promise<number> {
  const [sequence] = await queryRow<[sequence: number]>(tx, {
    name: 'emit',
    text: EMIT,
    values: [event.articleId, event.kind, ...('commentId' in event ? [event.commentId, null] : [null, event.authorId])],
  });
  return sequence;
}
