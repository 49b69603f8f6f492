import type { ModerationAction } from '../../../prisma/client/enums.ts';
import type { Emit, Queryable, Transaction } from '../context.ts';
import { queryRow } from '../query.ts';

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
export function recordDecision(tx: Transaction, { ids, by, action, reason }: Decision): void {
  tx.enqueue({
    name: 'decision-record',
    text: `INSERT INTO moderation_entry (comment_id, author_id, action, status, reason, created_at)
      SELECT id, $2, $3::"ModerationAction", status, $4, clock_timestamp() FROM comment WHERE id = ANY($1) ORDER BY id`,
    values: [ids, by, action, reason],
  });
}

/** The number of reports of a comment about which no moderator has decided. */
export async function countOpenReports(tx: Queryable, id: number): Promise<number> {
  const [openReports] = await queryRow<[openReports: number]>(tx, {
    name: 'reports-open',
    text: 'SELECT count(*)::int FROM comment_report WHERE comment_id = $1 AND NOT settled',
    values: [id],
  });
  return openReports;
}

/** Closes the open reports of comments about which a moderator has decided. */
export function settleReports(tx: Transaction, ids: readonly number[]): void {
  tx.enqueue({
    name: 'reports-settle',
    text: 'UPDATE comment_report SET settled = true WHERE comment_id = ANY($1) AND NOT settled',
    values: [ids],
  });
}

/** Records that a rule, or the number of reports, holds a comment or an edit of it, and notifies moderators. */
export function recordHold(
  tx: Transaction,
  emit: Emit,
  { id, reasons }: { id: number; reasons: readonly string[] },
): void {
  recordDecision(tx, { ids: [id], by: null, action: null, reason: reasons.join(' ') || null });
  emit({ moderation: 'HELD', commentId: id, reasons });
}
