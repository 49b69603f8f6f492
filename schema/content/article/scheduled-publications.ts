import type { Job, Queryable } from '../context.ts';
import { logPublication } from './publication-log.ts';

/** Publishes scheduled articles at their time. */
export const scheduledPublications: Job = {
  name: 'scheduled-publications',
  due: { sql: `SELECT min(published_at) FROM article WHERE status = 'SCHEDULED'` },
  async step({ change, wakePublicationReaders }) {
    // One article per transaction, so that no row is locked for longer than its own change.
    const isPublished = await change(publishNextDue);
    if (isPublished) wakePublicationReaders();
    return isPublished;
  },
};

/**
 * Publishes the scheduled article that has been due for longest. A locked row is skipped, so that nodes share the work;
 * it is still due when the lock is released.
 * @returns false when there is none
 */
async function publishNextDue(tx: Queryable): Promise<boolean> {
  const [due] = await tx.query<[id: number]>({
    name: 'article-publish-due',
    text: `UPDATE article SET status = 'PUBLISHED' WHERE id = (
        SELECT id FROM article WHERE status = 'SCHEDULED' AND published_at <= now()
        ORDER BY published_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
      ) RETURNING id`,
    values: [],
  });
  if (due) await logPublication(tx, due[0]);
  return due !== undefined;
}
