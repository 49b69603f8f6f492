import { isStaff } from '../comment/comment-rules.ts';
import type { Context, Queryable } from '../context.ts';
import { FREQUENCY_WINDOW, holdReasons, type Submission } from './hold-rules.ts';

/** A comment about to be written, or written anew. */
export interface HoldCandidate extends Pick<Submission, 'policy' | 'source' | 'html' | 'text'> {
  authorId: number;
  /** Null while it is not written yet. */
  id: number | null;
}

/** Why a moderator has to see this comment first; empty to let it through. Whoever works here is never held. */
export async function findHoldReasons(
  tx: Queryable,
  { viewer, settings: { hold } }: Context,
  { authorId, id, ...draft }: HoldCandidate,
): Promise<string[]> {
  if (isStaff(viewer)) return [];
  const [[isNew, recent, repeats, forbiddenWords] = [true, 0, false, []]] = await tx.query<
    [boolean, number, boolean, string[]]
  >({
    name: 'hold-facts',
    text: `SELECT
        NOT EXISTS (SELECT FROM comment WHERE author_id = $1 AND status = 'VISIBLE' AND id IS DISTINCT FROM $2),
        (SELECT count(*)::int FROM (SELECT FROM comment WHERE author_id = $1 AND id IS DISTINCT FROM $2
          AND created_at > clock_timestamp() - make_interval(secs => ${FREQUENCY_WINDOW}) LIMIT $5) recent),
        EXISTS (SELECT FROM comment WHERE author_id = $1 AND id IS DISTINCT FROM $2 AND body_source = $3
          AND created_at > clock_timestamp() - make_interval(secs => $4)),
        (SELECT coalesce(array_agg(word ORDER BY word), '{}') FROM forbidden_word)`,
    values: [authorId, id, draft.source, hold.repeatedWithin, hold.frequent],
  });
  return holdReasons({ ...draft, writer: { isNew, recent, repeats }, forbiddenWords }, hold);
}
