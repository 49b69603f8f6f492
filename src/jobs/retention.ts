import type { Job } from '../../schema/content/context.ts';
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

/** For each kind, SQL of one step, whose only value is the number of rows. $1: milliseconds that they are kept. */
const STEPS: Record<keyof Retention, string> = {
  guestEmailsKept: `WITH emptied AS (
      UPDATE author SET email = NULL WHERE id IN (
        SELECT id FROM author WHERE kind = 'GUEST' AND email IS NOT NULL AND created_at < ${OLDEST}
          AND NOT EXISTS (SELECT FROM comment c WHERE c.author_id = author.id AND c.created_at >= ${OLDEST})
        LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED
      ) RETURNING 1
    ) SELECT count(*)::int FROM emptied`,
  // Nobody can publish it again, as if its author had removed it. Readers have seen nothing of it, so there is no event.
  removedTextsKept: `WITH old AS MATERIALIZED (
      SELECT id FROM comment WHERE status IN ('REJECTED', 'SPAM', 'REMOVED') AND created_at < ${OLDEST} AND body_source <> ''
        AND NOT EXISTS (SELECT FROM moderation_entry m WHERE m.comment_id = comment.id AND m.created_at >= ${OLDEST})
      LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED
    ), versions AS (
      DELETE FROM comment_version WHERE comment_id IN (SELECT id FROM old)
    ), edits AS (
      DELETE FROM comment_held_edit WHERE comment_id IN (SELECT id FROM old)
    ), emptied AS (
      UPDATE comment SET body_source = '', body_format = 'MARKDOWN', body_html = '', body_text = '', restore_status = NULL,
        withdrawn = true, version = version + 1, shown_version = version + 1
      WHERE id IN (SELECT id FROM old) RETURNING 1
    ) SELECT count(*)::int FROM emptied`,
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
  return retentionSteps(retention).map(({ name, text, kept, batch }) => ({
    name,
    due: { every: Math.min(HOUR, Math.max(SECOND, kept / 100)) },
    async step({ db }) {
      const [count] = await queryRow<[count: number]>(db, { name, text, values: [kept] });
      return count === batch;
    },
  }));
}

/** Deletes the oldest rows of a kind. */
export interface PruningStep {
  /** What is deleted. */
  description: string;
  /** SQL that returns the number of rows. $1: milliseconds that they are kept. */
  text: string;
  kept: number;
  /** Rows of one step at most: after fewer, none is left. */
  batch: number;
}

/** The steps of the kinds that are not kept for ever, with the names of their statements. */
export function retentionSteps(retention: Retention): (PruningStep & { name: string })[] {
  return (Object.keys(STEPS) as (keyof Retention)[]).flatMap((kind) => {
    const kept = retention[kind];
    if (kept === null) return [];
    return [{ name: `retention-${kind}`, description: DESCRIPTIONS[kind], text: STEPS[kind], kept, batch: BATCH_SIZE }];
  });
}
