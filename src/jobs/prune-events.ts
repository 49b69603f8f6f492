import type { Job } from '../../schema/content/context.ts';
import { queryRow } from '../../schema/content/query.ts';
import { EVENT_DELETION_LOCK } from '../database/index.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Rows that one step deletes: on a million events about 10 ms of work, and 0.1 ms when none is old. */
export const EVENT_BATCH = 1_000;

/**
 * SQL that deletes the oldest events. $1: milliseconds that events are kept.
 *
 * The log of an article is deleted from its first event on, so what is left has no gap, wherever a step ends. An event
 * before an old one therefore counts as old, whatever the clock was when it was written. Gateways take turns: if one
 * deleted past the rows of another whose transaction then failed, those rows would stay behind a gap.
 */
export const PRUNE_EVENTS = `WITH turn AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(${EVENT_DELETION_LOCK}) AS is_ours
  ), old AS (
    SELECT article_id, max(sequence) AS last FROM (
      SELECT article_id, sequence FROM comment_event
      WHERE at < now() - $1 * interval '1 ms' AND (SELECT is_ours FROM turn) ORDER BY at LIMIT ${EVENT_BATCH}
    ) oldest GROUP BY article_id
  ), first AS (
    SELECT e.article_id, e.sequence FROM old CROSS JOIN LATERAL (
      SELECT article_id, sequence FROM comment_event
      WHERE article_id = old.article_id AND sequence <= old.last ORDER BY sequence LIMIT ${EVENT_BATCH}
    ) e ORDER BY e.article_id, e.sequence LIMIT ${EVENT_BATCH}
  ), deleted AS (
    DELETE FROM comment_event USING first
    WHERE comment_event.article_id = first.article_id AND comment_event.sequence = first.sequence RETURNING 1
  ) SELECT count(*)::int FROM deleted`;

/**
 * Deletes events of discussions that are too old to resume from.
 * @param kept milliseconds that events are kept. No event is kept for more than a hundredth longer, or an hour.
 */
export function pruneEvents(kept: number): Job {
  return {
    name: 'prune-events',
    due: { every: Math.min(HOUR, Math.max(SECOND, kept / 100)) },
    async step({ db }) {
      const [deleted] = await queryRow<[count: number]>(db, {
        name: 'prune-events',
        text: PRUNE_EVENTS,
        values: [kept],
      });
      return deleted === EVENT_BATCH;
    },
  };
}
