import type { Statement } from '../../schema/content/context.ts';
import type { Config } from '../config.ts';
import type { Pool } from '../database/index.ts';
import type { Logger } from '../logger.ts';
import { repeat } from './repeat.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

/** Rows that one step deletes, in a transaction of its own: some milliseconds' work, for which no writer or replica waits. */
const STEP = 1_000;
/** Milliseconds between the steps of a long list: most of the time is left to others. */
const STEP_PAUSE = 100;

/** Milliseconds for which a comment that was sent with a key is found by it again. */
const KEYS_KEPT = 7 * DAY;

/** Key of the advisory lock that a step of events holds; any number that nothing else uses. */
const LOCK = 7_215_938;

/**
 * SQL that deletes the oldest events, those of each article from its first on: what is left has no gap in the middle,
 * wherever it stops. So an event before an old one is old, whatever the clock said when it was written; and gateways
 * take turns: were one to delete past the rows of another that then fails, those would stay behind. On a million events
 * a step takes about 10 ms, and 0.1 ms where nothing is old. $1 is for how many milliseconds they are kept.
 */
export const PRUNE_EVENTS = `WITH turn AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(${LOCK}) AS is_ours
  ), old AS (
    SELECT article_id, max(sequence) AS last FROM (
      SELECT article_id, sequence FROM comment_event
      WHERE at < now() - $1 * interval '1 ms' AND (SELECT is_ours FROM turn) ORDER BY at LIMIT ${STEP}
    ) oldest GROUP BY article_id
  ), first AS (
    SELECT e.article_id, e.sequence FROM old CROSS JOIN LATERAL (
      SELECT article_id, sequence FROM comment_event
      WHERE article_id = old.article_id AND sequence <= old.last ORDER BY sequence LIMIT ${STEP}
    ) e ORDER BY e.article_id, e.sequence LIMIT ${STEP}
  ), deleted AS (
    DELETE FROM comment_event USING first
    WHERE comment_event.article_id = first.article_id AND comment_event.sequence = first.sequence RETURNING 1
  ) SELECT count(*)::int FROM deleted`;

/** SQL that deletes the oldest keys; those that another gateway is deleting are left to it. */
export const PRUNE_KEYS = `WITH deleted AS (
    DELETE FROM idempotency_key WHERE (actor, key) IN (
      SELECT actor, key FROM idempotency_key WHERE created_at < now() - $1 * interval '1 ms'
      ORDER BY created_at LIMIT ${STEP} FOR UPDATE SKIP LOCKED
    ) RETURNING 1
  ) SELECT count(*)::int FROM deleted`;

export interface PruningOptions {
  db: Pick<Pool, 'query'>;
  config: Pick<Config, 'eventsKept'>;
  log: Logger;
}

/**
 * Deletes what is too old to be of use, now and every so often. Counters of limits are not among it: what counts them
 * deletes them itself.
 * @returns stops after the step that is under way
 */
export function startPruning({ db, config: { eventsKept }, log }: PruningOptions): () => Promise<void> {
  const steps: readonly Statement[] = [
    { name: 'prune-events', text: PRUNE_EVENTS, values: [eventsKept] },
    { name: 'prune-keys', text: PRUNE_KEYS, values: [KEYS_KEPT] },
  ];
  // Nothing stays for more than a hundredth longer than it is kept, or an hour.
  const rest = Math.min(HOUR, Math.max(SECOND, eventsKept / 100));

  return repeat(async () => {
    try {
      const deleted: number[] = [];
      for (const step of steps) deleted.push((await db.query<[number]>(step))[0]![0]);
      return deleted.includes(STEP) ? STEP_PAUSE : rest;
    } catch (error) {
      log.error('Old rows could not be deleted and will be retried', { err: error });
      return rest;
    }
  }).close;
}
