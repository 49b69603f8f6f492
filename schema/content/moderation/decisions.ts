import type { ModerationAction } from '../../../prisma/client/enums.ts';
import type { Emit, Queryable } from '../context.ts';

/** A decision about comments, by a person or a rule. */
export interface Decision {
  ids: readonly number[];
  /** The author who decided; null for a rule. */
  by: number | null;
  /** Null when no moderator acted. */
  action: ModerationAction | null;
  reason: string | null;
}

/** Adds a decision to the moderation history of its comments, with the status that they have now. */
export async function recordDecision(tx: Queryable, { ids, by, action, reason }: Decision): Promise<void> {
  await tx.query({
    name: 'decision-record',
    text: `INSERT INTO moderation_entry (comment_id, author_id, action, status, reason, created_at)
      SELECT id, $2, $3::"ModerationAction", status, $4, clock_timestamp() FROM comment WHERE id = ANY($1) ORDER BY id`,
    values: [ids, by, action, reason],
  });
}

/** Records that a rule, or the number of reports, holds a comment or an edit of it, and notifies moderators. */
export async function recordHold(
  tx: Queryable,
  emit: Emit,
  { id, reasons }: { id: number; reasons: readonly string[] },
): Promise<void> {
  await recordDecision(tx, { ids: [id], by: null, action: null, reason: reasons.join(' ') || null });
  await emit({ moderation: 'HELD', commentId: id, reasons });
}
