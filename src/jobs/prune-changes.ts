import type { Job } from '../../schema/content/context.ts';

const MINUTE = 60_000;
/** Milliseconds between two steps. A change is kept for one to two of them after its transaction has ended. */
const STEP_EVERY = 5 * MINUTE;

/**
 * SQL that deletes what the step before saw as committed. A cache that has not looked since then cannot know what it missed:
 * it compares `deleted_before` with the snapshot that it has, and drops everything. $1: milliseconds since the last step.
 *
 * Rows of transactions that are yet to come are those of another server, of which the database was restored by other programs. Caches
 * would take them for new at each look.
 */
export const PRUNE_CHANGES = `WITH turn AS (
    UPDATE content_change_horizon
    SET deleted_before = least(next_before, pg_snapshot_xmin(pg_current_snapshot())::text::bigint),
      next_before = pg_snapshot_xmin(pg_current_snapshot())::text::bigint, at = now()
    WHERE at <= now() - $1 * interval '1 ms' RETURNING deleted_before
  ) DELETE FROM content_change USING turn
    WHERE transaction < turn.deleted_before OR transaction >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint`;

/** Deletes changes that all caches have seen. */
export const pruneChanges: Job = {
  name: 'prune-changes',
  due: { every: STEP_EVERY },
  async step({ db }) {
    await db.query({ name: 'prune-changes', text: PRUNE_CHANGES, values: [STEP_EVERY] });
    return false;
  },
};
