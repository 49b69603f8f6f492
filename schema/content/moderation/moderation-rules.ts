import type { CommentStatus, ModerationAction } from '../../../prisma/client/enums.ts';

// Pure decisions: values in, a verdict out. No database, no clock, no context.

/** Why an action does not apply to a comment of this status, as the end of a sentence; null when it applies. */
export function moderationObstacle(action: ModerationAction, status: CommentStatus): string | null {
  if (action === 'APPROVE' && status === 'REMOVED') return 'was removed: RESTORE brings it back';
  if (action === 'PIN' && status !== 'VISIBLE') return `is ${status}: only a VISIBLE comment can be pinned`;
  return null;
}

/** The status that an action gives to a comment; null when the action does not change the status. */
export function statusAfterAction(action: ModerationAction): CommentStatus | null {
  switch (action) {
    case 'APPROVE':
    case 'RESTORE':
      return 'VISIBLE';
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
