import type { CommentStatus, ModerationAction } from '../../../prisma/client/enums.ts';
import type { SignedInViewer } from '../context.ts';

// Pure decisions: values in, a verdict out. No database, no clock, no context.

/** Looks after discussions. */
export function isModerator(viewer: SignedInViewer | null): boolean {
  return viewer?.role === 'MODERATOR' || viewer?.role === 'ADMIN';
}

/** Works here: writes articles or looks after discussions. */
export function isStaff(viewer: SignedInViewer | null): boolean {
  return viewer !== null && (viewer.role !== 'READER' || viewer.author.kind === 'STAFF');
}

/** A comment, to somebody who wants to do something with it. */
export interface CommentAccess {
  status: CommentStatus;
  /** Anyone can read it: it stands in the discussion of a public article. */
  isPublic: boolean;
  /** They wrote it: signed in as its author, or with the receipt that writing it gave. */
  isOwn: boolean;
  moderates: boolean;
}

export type Verdict = 'YES' | 'NOT_FOUND' | 'FORBIDDEN';

/** May its words be changed? `EDIT_WINDOW_OVER` for authors who come late; moderators may at any time. */
export function commentEditVerdict(
  comment: CommentAccess & { age: number },
  { editWindow }: { editWindow: number },
): Verdict | 'EDIT_WINDOW_OVER' {
  const { status, isPublic, isOwn } = comment;
  if (!isPublic && !isOwn && !comment.moderates) return 'NOT_FOUND';
  if (status === 'REMOVED') return isPublic || comment.moderates ? 'FORBIDDEN' : 'NOT_FOUND';
  if (comment.moderates) return 'YES';
  // What a moderator has decided against is not for its author to put back on the table.
  if (!isOwn || isRejected(status)) return 'FORBIDDEN';
  return comment.age <= editWindow ? 'YES' : 'EDIT_WINDOW_OVER';
}

/**
 * May it be taken away? By those who wrote it at any time, also when it waits or is gone already; not when a moderator
 * decided against it, for what is removed no longer hides the replies to it.
 */
export function commentRemovalVerdict({ status, isPublic, isOwn, moderates }: CommentAccess): Verdict {
  if (moderates) return 'YES';
  if (isOwn) return isRejected(status) ? 'FORBIDDEN' : 'YES';
  return isPublic ? 'FORBIDDEN' : 'NOT_FOUND';
}

function isRejected(status: CommentStatus): boolean {
  return status === 'REJECTED' || status === 'SPAM';
}

/** Why a moderator's action makes no sense for a comment that stands like this, in words; null when it does. */
export function moderationObstacle(action: ModerationAction, status: CommentStatus): string | null {
  if (action === 'APPROVE' && status === 'REMOVED') return 'was removed: RESTORE brings it back';
  if (action === 'PIN' && status !== 'VISIBLE') return `is ${status}: only what is VISIBLE can be put forward`;
  return null;
}

/** Where a moderator's action leaves a comment; null when it stays where it is. */
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
