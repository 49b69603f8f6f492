import type { Job } from '../../schema/content/context.ts';
import { queryRow } from '../../schema/content/query.ts';

const HOUR = 3_600_000;
/** Milliseconds for which a comment that was sent with an idempotency key is found by that key again. */
export const KEYS_KEPT = 7 * 24 * HOUR;
/** Rows that one step deletes: some milliseconds of work. */
export const KEYS_BATCH = 1_000;

/** SQL that deletes the oldest keys, except those that another gateway is deleting. $1: milliseconds that keys are kept. */
export const PRUNE_KEYS = `WITH deleted AS (
    DELETE FROM idempotency_key WHERE (actor, key) IN (
      SELECT actor, key FROM idempotency_key WHERE created_at < now() - $1 * interval '1 ms'
      ORDER BY created_at LIMIT ${KEYS_BATCH} FOR UPDATE SKIP LOCKED
    ) RETURNING 1
  ) SELECT count(*)::int FROM deleted`;

/** Deletes idempotency keys that are too old to be sent again. */
export const pruneKeys: Job = {
  name: 'prune-keys',
  due: { every: HOUR },
  async step({ db }) {
    const [deleted] = await queryRow<[count: number]>(db, {
      name: 'prune-keys',
      text: PRUNE_KEYS,
      values: [KEYS_KEPT],
    });
    return deleted === KEYS_BATCH;
  },
};
