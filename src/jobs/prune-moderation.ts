import type { Job } from '../../schema/content/context.ts';
import { queryRow } from '../../schema/content/query.ts';

const HOUR = 3_600_000;
/** Milliseconds for which moderation events are kept: readers are seconds behind at most, and never resume. */
export const MODERATION_KEPT = 24 * HOUR;
/** Rows that one step deletes: some milliseconds of work. */
export const MODERATION_BATCH = 1_000;

/**
 * SQL that deletes the oldest moderation events, except those that another gateway is deleting. The newest stays, because
 * the position of the log never goes back. $1: milliseconds that events are kept.
 */
export const PRUNE_MODERATION = `WITH deleted AS (
    DELETE FROM moderation_event WHERE sequence IN (
      SELECT sequence FROM moderation_event
      WHERE at < now() - $1 * interval '1 ms' AND sequence < (SELECT max(sequence) FROM moderation_event)
      ORDER BY at LIMIT ${MODERATION_BATCH} FOR UPDATE SKIP LOCKED
    ) RETURNING 1
  ) SELECT count(*)::int FROM deleted`;

/** Deletes moderation events that no reader needs any more. */
export const pruneModeration: Job = {
  name: 'prune-moderation',
  due: { every: HOUR },
  async step({ db }) {
    const [deleted] = await queryRow<[count: number]>(db, {
      name: 'prune-moderation',
      text: PRUNE_MODERATION,
      values: [MODERATION_KEPT],
    });
    return deleted === MODERATION_BATCH;
  },
};
