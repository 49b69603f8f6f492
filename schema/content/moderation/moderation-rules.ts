import type { CommentPolicy, CommentStatus, ModerationAction } from '../../../prisma/client/enums.ts';
import type { CommentHistory } from '../comment/comment-lock.ts';

// Pure decisions: values in, a verdict out. No database, no clock, no context.

/** A comment, as far as decisions depend on it. */
export interface ModerableComment {
  status: CommentStatus;
  /** The source of its edit that waits for a moderator; null when none does. */
  heldSource: string | null;
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
 * How a decision about a comment treats an edit that is held. HIDE keeps the edit; it waits again with SHOW, when the comment is approved
 * or restored.
 */
export type EditDecision = 'PUBLISH' | 'DISCARD' | 'HIDE' | 'SHOW';

/** What an action does with the waiting edit of a comment; null when it has nothing to do with it. */
export function editDecision(
  action: ModerationAction,
  { status, heldSource }: Pick<ModerableComment, 'status' | 'heldSource'>,
): EditDecision | null {
  if (heldSource === null) return null;
  const isHidden = status !== 'VISIBLE' && status !== 'PENDING';
  switch (action) {
    case 'APPROVE':
      // Moderators do not see the edit of a comment that is rejected or spam, so they approve the former text alone.
      return isHidden ? 'SHOW' : 'PUBLISH';
    case 'REJECT':
      // Of a pending comment nothing is visible that could stay.
      return status === 'VISIBLE' ? 'DISCARD' : 'HIDE';
    case 'SPAM':
    case 'REMOVE':
      return 'HIDE';
    case 'RESTORE':
      return isHidden ? 'SHOW' : null;
    case 'PIN':
    case 'UNPIN':
      return null;
  }
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
      return editDecision(action, comment) === 'DISCARD' ? null : 'REJECTED';
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
