import type { CommentPolicy, CommentStatus, ModerationAction } from '../../../prisma/client/enums.ts';
import type { CommentHistory } from '../comment/comment-lock.ts';

// Pure decisions: values in, a verdict out. No database, no clock, no context.

/** A comment, as far as decisions depend on it. */
export interface ModerableComment {
  status: CommentStatus;
  history: CommentHistory;
}

/** Why an action does not apply to a comment, as the end of a sentence; null when it applies. */
export function moderationObstacle(
  action: ModerationAction,
  { status, history: { isWithdrawn } }: ModerableComment,
): string | null {
  // Also when a moderator rejected it afterwards.
  if ((action === 'APPROVE' || action === 'RESTORE') && isWithdrawn)
    return 'was removed by its author, so it is not published again';
  if (action === 'APPROVE' && status === 'REMOVED') return 'was removed: RESTORE brings it back';
  if (action === 'PIN' && status !== 'VISIBLE') return `is ${status}: only a VISIBLE comment can be pinned`;
  return null;
}

/**
 * The status that an action gives to a comment; null when the action does not change the status.
 * @param policy of its article
 */
export function statusAfterAction(
  action: ModerationAction,
  comment: ModerableComment,
  policy: CommentPolicy,
): CommentStatus | null {
  switch (action) {
    case 'APPROVE':
      return 'VISIBLE';
    case 'RESTORE':
      return restoredStatus(comment, policy);
    case 'REJECT':
      return 'REJECTED';
    case 'SPAM':
      return 'SPAM';
    case 'REMOVE':
      return 'REMOVED';
    case 'PIN':
    case 'UNPIN':
      return null;
  }
}

/** RESTORE undoes a decision and is no approval: what waited for a moderator before waits again. */
function restoredStatus({ status, history }: ModerableComment, policy: CommentPolicy): CommentStatus {
  if (status === 'VISIBLE' || status === 'PENDING') return status;
  if (history.restoreStatus) return history.restoreStatus;
  return history.wasHeld || policy === 'MODERATED' ? 'PENDING' : 'VISIBLE';
}
