import type { Context, Emit, Transaction } from '../context.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { recordDecision, settleReports } from '../moderation/decisions.ts';
import type { CommentRow } from '../row-types.ts';
import { payloadComments, readChangedComments } from './changed-comments.ts';
import { commentAccess } from './comment-access.ts';
import { checkCommentId } from './comment-input.ts';
import { type LockedComment, lockComments } from './comment-lock.ts';
import { commentRemovalVerdict } from './comment-rules.ts';
import { type LocatedComment, readAncestors, setCommentStatuses } from './comment-status.ts';
import { countEditDecisions, discardHeldEdits } from './held-edit.ts';

export interface RemoveCommentInput {
  id: string;
  receipt?: string | null | undefined;
}

/**
 * Removes a comment: its body and author are hidden, and its place stays while a reply below it is visible. Removing a
 * removed comment changes nothing, but that one which a moderator removed is then its author's to withhold. The removal of
 * somebody else's comment is a moderator's decision, as REMOVE is.
 * @throws NotFoundError, ForbiddenError, RateLimitedError
 */
export async function removeComment(context: Context, { receipt, ...input }: RemoveCommentInput): Promise<CommentRow> {
  await context.consumeRateLimit('remove');
  const id = checkCommentId(input.id);
  const { comments } = await context.change(async (tx, emit) => {
    const locked = lockComments(tx, [id]);
    const thread = await readAncestors(tx, [id]);
    const comment = requireRemovable(context, locked.get(id), receipt);
    const { isOwn } = commentAccess(context, comment, receipt);
    const withdraws = isOwn && !comment.history.isWithdrawn;
    if (comment.status !== 'REMOVED' || withdraws) {
      const by = context.viewer?.author.id ?? comment.authorId;
      await remove(tx, emit, { comment, thread, isOwn, withdraws, by });
    }
    return readChangedComments(context, tx, [id]);
  });
  const [comment] = await payloadComments(context, [id], comments);
  return comment!;
}

interface Removal {
  comment: LockedComment;
  thread: readonly LocatedComment[];
  isOwn: boolean;
  withdraws: boolean;
  by: number;
}

async function remove(tx: Transaction, emit: Emit, { comment, thread, isOwn, withdraws, by }: Removal): Promise<void> {
  const { id, status, heldSource, reported } = comment;
  if (status !== 'REMOVED')
    await setCommentStatuses(tx, emit, { thread, statuses: new Map([[id, 'REMOVED']]), isWithdrawn: withdraws });
  else if (withdraws) withdraw(tx, id);
  if (heldSource !== null) {
    if (withdraws) discardHeldEdits(tx, [id], { by });
    else countEditDecisions(tx, [id]);
  }
  // The reports of a comment that its author removed stay open: moderators may still act on them.
  if (!isOwn && reported) settleReports(tx, [id]);
  recordDecision(tx, { ids: [id], by, action: isOwn ? null : 'REMOVE', reason: null });
  // Moderators need not decide about a removed comment any more, whoever has removed it.
  emit({ moderation: 'DECIDED', commentId: id, action: 'REMOVE', by });
}

/** Keeps that its author removed a comment that a moderator had removed before: nobody publishes it again. */
function withdraw(tx: Transaction, id: number): void {
  tx.enqueue({ name: 'comment-withdraw', text: 'UPDATE comment SET withdrawn = true WHERE id = $1', values: [id] });
}

/** @throws NotFoundError, ForbiddenError */
function requireRemovable(
  context: Context,
  comment: LockedComment | undefined,
  receipt: string | null | undefined,
): LockedComment {
  const verdict = comment ? commentRemovalVerdict(commentAccess(context, comment, receipt)) : 'NOT_FOUND';
  if (!comment || verdict === 'NOT_FOUND') throw new NotFoundError('There is no such comment.');
  if (verdict === 'FORBIDDEN')
    throw new ForbiddenError('Only the author may remove this comment, and not after a moderator rejected it.');
  return comment;
}
