import type { Context, Emit, Transaction } from '../context.ts';
import { CommentsClosedError, EditWindowOverError, ForbiddenError, NotFoundError } from '../errors.ts';
import { countOpenReports, recordDecision, recordHold } from '../moderation/decisions.ts';
import { type HoldFacts, holdFacts, holdReasonsOf } from '../moderation/hold.ts';
import { queryRow } from '../query.ts';
import { isStaff } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import { RENDERING_VERSION } from '../text/render.ts';
import { markdownOfSource } from '../text/rich-text.ts';
import { payloadComments, readChangedComments } from './changed-comments.ts';
import { commentAccess } from './comment-access.ts';
import type { ReceiptHolder } from './comment-by-receipt.ts';
import { checkCommentId } from './comment-input.ts';
import { type LockedComment, lockComments } from './comment-lock.ts';
import { policyOf, takesEdits } from './comment-policy.ts';
import { commentEditVerdict } from './comment-rules.ts';
import { checkBody, renderBody } from './comment-text.ts';
import { discardHeldEdits, type EditedText, holdEdit } from './held-edit.ts';

export interface EditCommentInput {
  id: string;
  body: string;
  receipt?: string | null | undefined;
}

export interface EditedComment {
  comment: CommentRow;
  /** The new body waits for a moderator. */
  held: boolean;
  /** Null when the comment was edited without its receipt. */
  receiptHolder: ReceiptHolder | null;
}

/**
 * Replaces a comment's body and keeps the former one as a version for moderators. The hold rules apply as to a new
 * comment: when one holds the edit of a visible comment, the comment keeps its body until a moderator approves the new one. A
 * pending comment stays pending. The newest body that it has makes no version and no event.
 * @throws InvalidInputError, NotFoundError, ForbiddenError, EditWindowOverError, CommentsClosedError, RateLimitedError
 */
export async function editComment(
  context: Context,
  { body, receipt, ...input }: EditCommentInput,
): Promise<EditedComment> {
  await context.consumeRateLimit('edit');
  const id = checkCommentId(input.id);
  const source = checkBody(body);
  const edited = { body: source, ...(await renderBody(context, source)) };
  const { held, changed } = await context.change(async (tx, emit) => {
    const locked = lockComments(tx, [id]);
    const facts = await queryRow<HoldFacts>(tx, holdFacts(context, { source, editedId: id }));
    const comment = requireEditable(context, locked.get(id), receipt);
    const held = await saveEdit({ context, tx, emit, comment, facts, edited, receipt });
    return { held, changed: readChangedComments(context, tx, [id]) };
  });
  const [comment] = await payloadComments(context, [id], changed.comments);
  const isByReceipt = receipt != null && context.receipts.read(receipt) === id;
  return { comment: comment!, held, receiptHolder: isByReceipt ? { comment: comment! } : null };
}

interface Edit {
  context: Context;
  tx: Transaction;
  emit: Emit;
  /** Locked, and editable by the viewer. */
  comment: LockedComment;
  facts: HoldFacts;
  edited: EditedText;
  receipt: string | null | undefined;
}

/** @returns whether the newest text of the comment now waits for a moderator */
async function saveEdit({ context, tx, emit, comment, facts, edited, receipt }: Edit): Promise<boolean> {
  const { id, articleId, status, heldSource } = comment;
  const policy = policyOf(comment.policy, context.settings);
  if (!takesEdits(policy, context.viewer)) throw new CommentsClosedError('This article takes no edits of comments.');
  const by = context.viewer?.author.id ?? comment.authorId;
  if (await isUnchanged(context, comment, edited)) {
    const withdraws = heldSource !== null && heldSource !== edited.body;
    if (!withdraws || !commentAccess(context, comment, receipt).isOwn) return isWaiting(comment);
    // The author has chosen the approved text again, so there is nothing left to decide.
    discardHeldEdits(tx, [id], { by });
    recordDecision(tx, { ids: [id], by, action: null, reason: null });
    emit({ moderation: 'DECIDED', commentId: id, action: null, by });
    return status === 'PENDING';
  }
  if (heldSource !== null) discardHeldEdits(tx, [id], { by, isReplaced: true });
  const { html, text } = edited;
  const reasons = holdReasonsOf(context, facts, { policy, source: edited.body, html, text });
  // A comment that is held without new reasons keeps those it has.
  const kept = reasons.length > 0 ? reasons : comment.holdReasons;
  // An author whose edit waits cannot find out by further edits which words pass.
  const isHeldBack = reasons.length > 0 || (heldSource !== null && !isStaff(context.viewer));
  if (status === 'VISIBLE' && isHeldBack) {
    holdEdit(tx, id, { ...edited, reasons: kept });
    recordHold(tx, emit, { id, reasons: kept });
    return true;
  }
  replaceBody(tx, id, { ...edited, reasons: kept, by });
  if (comment.visible) emit({ articleId, kind: 'CHANGED', commentId: id });
  // Moderators who have read the former words need the new version to decide.
  if (status === 'PENDING') emit({ moderation: 'HELD', commentId: id, reasons: kept });
  else if (heldSource !== null) emit({ moderation: 'DECIDED', commentId: id, action: null, by });
  else if (comment.reported)
    emit({ moderation: 'REPORTED', commentId: id, openReports: await countOpenReports(tx, id) });
  return status === 'PENDING';
}

/** Keeps the former body as a version. */
function replaceBody(
  tx: Transaction,
  id: number,
  { body, html, text, reasons, by }: EditedText & { reasons: readonly string[]; by: number },
): void {
  tx.enqueue({
    name: 'comment-edit',
    // Each part reads the comment as it was before the statement.
    text: `WITH former AS (
        INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, rendering, written_at,
          replaced_by_id, replaced_at)
        SELECT id, body_source, body_format, body_html, body_text, rendering, coalesce(edited_at, created_at), $7, clock_timestamp()
        FROM comment WHERE id = $1
      )
      UPDATE comment SET body_source = $2, body_format = 'MARKDOWN', body_html = $3, body_text = $4, rendering = $6,
        edited_at = clock_timestamp(), version = version + 1, shown_version = version + 1, hold_reasons = $5
      WHERE id = $1`,
    values: [id, body, html, text, reasons, RENDERING_VERSION, by],
  });
}

/** Whether the newest text of a comment waits for a moderator. */
function isWaiting({ status, heldSource }: LockedComment): boolean {
  return status === 'PENDING' || (status === 'VISIBLE' && heldSource !== null);
}

/** Whether a comment has this body already, or it is the one that waits. */
async function isUnchanged(context: Context, comment: LockedComment, { body }: EditedText): Promise<boolean> {
  return comment.heldSource === body || (await hasBody(context, comment, body));
}

/** Whether a comment has this body already: as its source, or converted from HTML as `body.markdown` shows it. */
async function hasBody(context: Context, { bodySource, bodyFormat }: LockedComment, body: string): Promise<boolean> {
  return (await markdownOfSource(bodySource, bodyFormat, context)).normalize('NFC').trim() === body;
}

/** @throws NotFoundError, ForbiddenError, EditWindowOverError */
function requireEditable(
  context: Context,
  comment: LockedComment | undefined,
  receipt: string | null | undefined,
): LockedComment {
  if (!comment) throw new NotFoundError('There is no such comment.');
  const { editWindow } = context.settings;
  const access = { ...commentAccess(context, comment, receipt), ageSeconds: comment.ageSeconds };
  switch (commentEditVerdict(access, { editWindow })) {
    case 'NOT_FOUND':
      throw new NotFoundError('There is no such comment.');
    case 'FORBIDDEN':
      throw new ForbiddenError('Only the author may edit this comment, and not after a moderator rejected it.');
    case 'EDIT_WINDOW_OVER':
      throw new EditWindowOverError(`A comment may be edited for ${editWindow} seconds after it was written.`);
    case 'ALLOWED':
      return comment;
  }
}
