import type { CommentStatus } from '../../../prisma/client/enums.ts';

// Pure decisions: values in, a verdict out. No database, no clock, no context.

/** A comment and what one viewer is to it. */
export interface CommentAccess {
  status: CommentStatus;
  /** Everybody can read it: it is visible below a published article. */
  isPublic: boolean;
  /** The viewer wrote it: signed in as its author, or with its receipt. */
  isOwn: boolean;
  isModerator: boolean;
}

/** NOT_FOUND hides from the viewer that the comment exists. */
export type Verdict = 'ALLOWED' | 'NOT_FOUND' | 'FORBIDDEN';

/**
 * May the viewer change the body? EDIT_WINDOW_OVER for an author after the edit window; moderators have no window.
 * @param ageSeconds since the comment was written
 */
export function commentEditVerdict(
  { status, isPublic, isOwn, isModerator, ageSeconds }: CommentAccess & { ageSeconds: number },
  { editWindow }: { editWindow: number },
): Verdict | 'EDIT_WINDOW_OVER' {
  if (!isPublic && !isOwn && !isModerator) return 'NOT_FOUND';
  if (status === 'REMOVED') return isPublic || isModerator ? 'FORBIDDEN' : 'NOT_FOUND';
  if (isModerator) return 'ALLOWED';
  // An author cannot put a comment that a moderator rejected before the moderators again.
  if (!isOwn || isRejected(status)) return 'FORBIDDEN';
  return ageSeconds <= editWindow ? 'ALLOWED' : 'EDIT_WINDOW_OVER';
}

/**
 * May the viewer remove the comment? Its author may at any time, also a pending or removed one; not a rejected one,
 * because a removed comment no longer hides the replies below it.
 */
export function commentRemovalVerdict({ status, isPublic, isOwn, isModerator }: CommentAccess): Verdict {
  if (isModerator) return 'ALLOWED';
  if (isOwn) return isRejected(status) ? 'FORBIDDEN' : 'ALLOWED';
  return isPublic ? 'FORBIDDEN' : 'NOT_FOUND';
}

function isRejected(status: CommentStatus): boolean {
  return status === 'REJECTED' || status === 'SPAM';
}
