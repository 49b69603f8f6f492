import type { ModerationAction } from '../../../prisma/client/enums.ts';
import type { Queryable } from '../context.ts';

/** Something that was decided about comments. */
export interface Decision {
  ids: readonly number[];
  /** The author who decided; null when it happened by itself. */
  by: number | null;
  /** Null when it was no moderator's doing. */
  action: ModerationAction | null;
  reason: string | null;
}

/** Keeps what was decided in each comment's history, with where the comment stands now. */
export async function recordDecision(tx: Queryable, { ids, by, action, reason }: Decision): Promise<void> {
  await tx.query({
    name: 'decision-remember',
    text: `INSERT INTO moderation_entry (comment_id, author_id, action, status, reason, created_at)
      SELECT id, $2, $3::"ModerationAction", status, $4, clock_timestamp() FROM comment WHERE id = ANY($1) ORDER BY id`,
    values: [ids, by, action, reason],
  });
}
