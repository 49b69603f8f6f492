import type { Context, Queryable } from '../context.ts';
import { queryRow } from '../query.ts';
import { isStaff } from '../roles.ts';
import { ARTICLE_WINDOW, FREQUENCY_WINDOW, holdReasons, type Submission } from './hold-rules.ts';

/** A comment before it is added or edited. */
export interface HoldCandidate extends Pick<Submission, 'policy' | 'source' | 'html' | 'text'> {
  articleId: number;
  authorId: number;
  /** Null for a comment that is not added yet. */
  id: number | null;
}

type HoldFacts = [
  ...[isNew: boolean, recent: number, repeats: boolean],
  ...[articleRecent: number, forbiddenWords: string[]],
];

/**
 * Why a moderator must decide about this comment first; empty when it is visible at once. Staff are never held. The caller
 * has locked the article's row, so the comments of the article are counted exactly.
 */
export async function findHoldReasons(
  tx: Queryable,
  { viewer, settings: { hold } }: Context,
  { articleId, authorId, id, ...content }: HoldCandidate,
): Promise<string[]> {
  if (isStaff(viewer)) return [];
  const [isNew, recent, repeats, articleRecent, forbiddenWords] = await queryRow<HoldFacts>(tx, {
    name: 'hold-facts',
    // Each part reads its entries from the newest one on, so that it is one range of an index also where the planner
    // expects to find something soon. The time of the statement, which follows the lock, is one value and ends the range.
    text: `SELECT
        $8 AND (SELECT true FROM comment WHERE author_id = $1 AND status = 'VISIBLE' AND id IS DISTINCT FROM $2
          ORDER BY created_at DESC LIMIT 1) IS NULL,
        (SELECT count(*)::int FROM (SELECT FROM comment WHERE author_id = $1 AND id IS DISTINCT FROM $2
          AND created_at > statement_timestamp() - make_interval(secs => ${FREQUENCY_WINDOW})
          ORDER BY created_at DESC LIMIT $5) recent),
        (SELECT true FROM comment WHERE author_id = $1 AND id IS DISTINCT FROM $2 AND body_source = $3
          AND created_at > statement_timestamp() - make_interval(secs => $4) ORDER BY created_at DESC LIMIT 1) IS NOT NULL,
        (SELECT count(*)::int FROM (SELECT FROM comment WHERE article_id = $6
          AND created_at > statement_timestamp() - make_interval(secs => ${ARTICLE_WINDOW})
          ORDER BY created_at DESC LIMIT $7) recent),
        (SELECT coalesce(array_agg(word ORDER BY word), '{}') FROM forbidden_word)`,
    values: [
      ...[authorId, id, content.source, hold.repeatedWithin, hold.frequent],
      // An edit adds no comment.
      ...[articleId, id === null ? hold.busyArticle : 0, hold.firstComment],
    ],
  });
  return holdReasons({ ...content, writer: { isNew, recent, repeats }, articleRecent, forbiddenWords }, hold);
}
