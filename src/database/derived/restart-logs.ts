import type pg from 'pg';
import { LAST_EVENT_AT } from '../../../schema/content/log-head.ts';
import { RESTART_MODERATION_LOG } from '../../../schema/content/moderation/moderation-log.ts';

/** Key of the advisory lock that is held while events are deleted; any number that nothing else uses. */
export const EVENT_DELETION_LOCK = 7_215_938;

/** Another epoch, never the present one. */
const NEXT_EPOCH = '((a.event_epoch::bigint + 1 + floor(random() * 1073741824)::bigint) % 2147483648)::int';

/**
 * Begins a new epoch in the logs of articles whose discussions changed without events. Clients of the former epoch, connected or
 * not, receive ResyncRequired. The events of the former epoch are deleted: no cursor leads to them, and a position of one in
 * the new epoch would hide the change. Call it at the end of the transaction that changes the discussions and locks the articles.
 */
export async function restartLogs(client: pg.ClientBase, articleIds: readonly number[]): Promise<void> {
  if (articleIds.length === 0) return;
  // The job that deletes old events locks rows in another order.
  await client.query('SELECT pg_advisory_xact_lock($1)', [EVENT_DELETION_LOCK]);
  await client.query(
    `UPDATE article a SET event_epoch = ${NEXT_EPOCH}, last_event_at = ${LAST_EVENT_AT} WHERE a.id = ANY ($1)`,
    [articleIds],
  );
  await client.query('DELETE FROM comment_event WHERE article_id = ANY ($1)', [articleIds]);
}

/**
 * Has moderators read their queue anew, because comments have entered or left it without events. Call it at the end of the
 * transaction: the log is locked until then.
 */
export async function restartModerationLog(client: pg.ClientBase): Promise<void> {
  for (const { text } of RESTART_MODERATION_LOG) await client.query(text);
}
