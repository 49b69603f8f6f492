import type { Context, Queryable } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { recordDecision } from '../moderation/decisions.ts';
import type { CommentRow } from '../row-types.ts';
import { commentAccess } from './comment-access.ts';
import { checkCommentId } from './comment-input.ts';
import { commentLoader } from './comment-lists.ts';
import { type LockedComment, lockComment } from './comment-lock.ts';
import { commentRemovalVerdict } from './comment-rules.ts';
import { setCommentStatuses } from './comment-status.ts';
import { countEditDecisions, discardHeldEdits } from './held-edit.ts';

export interface RemoveCommentInput {
  id: string;
  receipt?: string | null | undefined;
}

/**
 * Removes a comment: its body and author are hidden, and its place stays while a reply below it is visible. Removing a
 * removed comment changes nothing, but that one which a moderator removed is then its author's to withhold.
 * @throws NotFoundError, ForbiddenError, RateLimitedError
 */
export async function removeComment(context: Context, { id, receipt }: RemoveCommentInput): Promise<CommentRow> {
  await context.consumeRateLimit('remove');
  const commentId = checkCommentId(id);
  await remove(context, commentId, receipt);
  clearLoaders(context);
  return commentLoader(context).load(commentId);
}

async function remove(context: Context, id: number, receipt: string | null | undefined): Promise<void> {
  await context.change(async (tx, emit) => {
    const comment = requireRemovable(context, await lockComment(tx, id), receipt);
    const withdraws = commentAccess(context, comment, receipt).isOwn && !comment.history.isWithdrawn;
    if (comment.status === 'REMOVED' && !withdraws) return;
    if (comment.status !== 'REMOVED') await setCommentStatuses(tx, emit, new Map([[id, 'REMOVED']]));
    if (withdraws) await withdraw(tx, id);
    const by = context.viewer?.author.id ?? comment.authorId;
    if (comment.heldSource !== null)
      await (withdraws ? discardHeldEdits(tx, [id], { by }) : countEditDecisions(tx, [id]));
    await recordDecision(tx, { ids: [id], by, action: null, reason: null });
    // Moderators need not decide about a removed comment any more, whoever has removed it.
    await emit({ moderation: 'DECIDED', commentId: id, action: 'REMOVE', by });
  });
}

/** Keeps that its author removed a comment, also one that a moderator had removed before: nobody publishes it again. */
async function withdraw(tx: Queryable, id: number): Promise<void> {
  await tx.query({ name: 'comment-withdraw', text: 'UPDATE comment SET withdrawn = true WHERE id = $1', values: [id] });
}

/** @throws NotFoundError, ForbiddenError */
function requireRemovable(
  context: Context,
  comment: LockedComment | null,
  receipt: string | null | undefined,
): LockedComment {
  const verdict = comment ? commentRemovalVerdict(commentAccess(context, comment, receipt)) : 'NOT_FOUND';
  if (!comment || verdict === 'NOT_FOUND') throw new NotFoundError('There is no such comment.');
  if (verdict === 'FORBIDDEN')
    throw new ForbiddenError('Only the author may remove this comment, and not after a moderator rejected it.');
  return comment;
}
