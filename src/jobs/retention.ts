import type { Job, Queryable } from '../../schema/content/context.ts';
import { RESTART_MODERATION_LOG } from '../../schema/content/moderation/moderation-log.ts';
import { queryRow } from '../../schema/content/query.ts';
import type { Config } from '../config.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** Rows that one step deletes or empties: some ten milliseconds of work. */
const BATCH_SIZE = 500;

/** What is deleted of each kind, for those who read how much was. */
const DESCRIPTIONS: Record<keyof Retention, string> = {
  guestEmailsKept: 'e-mail addresses of guests',
  removedTextsKept: 'texts of removed comments',
  versionsKept: 'former texts of comments',
  reportsKept: 'settled reports',
};

const OLDEST = `now() - $1 * interval '1 ms'`;

/** How long each kind is kept, in milliseconds; null for ever. */
export type Retention = Pick<Config, 'guestEmailsKept' | 'removedTextsKept' | 'versionsKept' | 'reportsKept'>;

/**
 * For each kind, SQL of one step, which gives the number of rows, and whether comments have left the moderators' queue. $1: milliseconds
 * that they are kept.
 */
const STEPS: Record<keyof Retention, string> = {
  guestEmailsKept: `WITH emptied AS (
      UPDATE author SET email = NULL WHERE id IN (
        SELECT id FROM author WHERE kind = 'GUEST' AND email IS NOT NULL AND created_at < ${OLDEST}
          AND NOT EXISTS (SELECT FROM comment c WHERE c.author_id = author.id AND c.created_at >= ${OLDEST})
        LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED
      ) RETURNING 1
    ) SELECT count(*)::int FROM emptied`,
  // Nobody can publish it again, as if its author had removed it. Readers have seen nothing of it, so there is no event for them. Its
  // reports, which are open if its author removed it, are settled: without the text no moderator can decide about them. The articles
  // are locked because the changes of moderators lock nothing else before they settle reports.
  removedTextsKept: `WITH old AS MATERIALIZED (
      SELECT c.id, c.reported FROM comment c JOIN article a ON a.id = c.article_id
      WHERE c.status IN ('REJECTED', 'SPAM', 'REMOVED') AND c.created_at < ${OLDEST} AND (c.body_source <> '' OR c.reported)
        AND NOT EXISTS (SELECT FROM moderation_entry m WHERE m.comment_id = c.id AND m.created_at >= ${OLDEST})
      LIMIT ${BATCH_SIZE} FOR NO KEY UPDATE SKIP LOCKED
    ), reports AS (
      UPDATE comment_report SET settled = true WHERE comment_id IN (SELECT id FROM old) AND NOT settled
    ), versions AS (
      DELETE FROM comment_version WHERE comment_id IN (SELECT id FROM old)
    ), edits AS (
      DELETE FROM comment_held_edit WHERE comment_id IN (SELECT id FROM old)
    ), emptied AS (
      UPDATE comment SET body_source = '', body_format = 'MARKDOWN', body_html = '', body_text = '', restore_status = NULL,
        withdrawn = true, version = version + 1, shown_version = version + 1
      WHERE id IN (SELECT id FROM old) RETURNING 1
    ) SELECT (SELECT count(*)::int FROM emptied), EXISTS (SELECT FROM old WHERE reported)`,
  versionsKept: `WITH deleted AS (
      DELETE FROM comment_version WHERE id IN (
        SELECT id FROM comment_version WHERE replaced_at < ${OLDEST} ORDER BY replaced_at LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED
      ) RETURNING 1
    ) SELECT count(*)::int FROM deleted`,
  reportsKept: `WITH deleted AS (
      DELETE FROM comment_report WHERE (comment_id, author_id) IN (
        SELECT comment_id, author_id FROM comment_report WHERE settled AND created_at < ${OLDEST}
        ORDER BY created_at LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED
      ) RETURNING 1
    ) SELECT count(*)::int FROM deleted`,
};

/** A job for each kind that is not kept for ever. Nothing is kept for more than a hundredth longer, or an hour. */
export function retentionJobs(retention: Retention): Job[] {
  return retentionSteps(retention).map((step) => ({
    name: step.name,
    due: { every: Math.min(HOUR, Math.max(SECOND, step.kept / 100)) },
    step: async ({ change }) => (await change((tx) => pruneStep(tx, step))) === step.batch,
  }));
}

/** Runs one step in a transaction. @returns the number of rows */
export async function pruneStep(
  tx: Queryable,
  { name, text, kept }: Pick<PruningStep, 'name' | 'text' | 'kept'>,
): Promise<number> {
  const statement = { ...(name !== undefined && { name }), text, values: [kept] };
  const [count, hasLeftQueue] = await queryRow<[count: number, hasLeftQueue?: boolean]>(tx, statement);
  if (hasLeftQueue) for (const statement of RESTART_MODERATION_LOG) await tx.query(statement);
  return count;
}

/** Deletes the oldest rows of a kind. */
export interface PruningStep {
  /** What is deleted. */
  description: string;
  /** Of its prepared statement. */
  name?: string;
  /** SQL that returns the number of rows, and may return whether comments have left the moderators' queue. $1: milliseconds that they are kept. */
  text: string;
  kept: number;
  /** Rows of one step at most: after fewer, none is left. */
  batch: number;
}

/** The steps of the kinds that are not kept for ever. */
export function retentionSteps(retention: Retention): (PruningStep & { name: string })[] {
  return (Object.keys(STEPS) as (keyof Retention)[]).flatMap((kind) => {
    const kept = retention[kind];
    if (kept === null) return [];
    return [{ name: `retention-${kind}`, description: DESCRIPTIONS[kind], text: STEPS[kind], kept, batch: BATCH_SIZE }];
  });
}
