import type { Context, Queryable } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { CommentsClosedError, EditWindowOverError, ForbiddenError, NotFoundError } from '../errors.ts';
import { recordDecision, recordHold } from '../moderation/decisions.ts';
import { findHoldReasons } from '../moderation/hold.ts';
import { queryRow } from '../query.ts';
import { isStaff } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import { RENDERING_VERSION } from '../text/render.ts';
import { markdownOfSource } from '../text/rich-text.ts';
import { commentAccess } from './comment-access.ts';
import type { ReceiptHolder } from './comment-by-receipt.ts';
import { checkCommentId } from './comment-input.ts';
import { commentLoader } from './comment-lists.ts';
import { type LockedComment, lockComment } from './comment-lock.ts';
import { policyOf, takesEdits } from './comment-policy.ts';
import { commentEditVerdict } from './comment-rules.ts';
import { checkBody, renderBody } from './comment-text.ts';
import { discardHeldEdits, type EditedText, holdEdit, isHeld } from './held-edit.ts';

export interface EditCommentInput {
  id: string;
  body: string;
  receipt?: string | null | undefined;
}

interface Edit {
  id: number;
  body: string;
  receipt: string | null | undefined;
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
  const edit = { id: checkCommentId(input.id), body: checkBody(body), receipt };
  await saveEdit(context, edit);
  clearLoaders(context);
  const comment = await commentLoader(context).load(edit.id);
  const isByReceipt = receipt != null && context.receipts.read(receipt) === edit.id;
  return { comment, held: await isHeld(context, comment), receiptHolder: isByReceipt ? { comment } : null };
}

async function saveEdit(context: Context, { id, body, receipt }: Edit): Promise<void> {
  const edited = { body, ...(await renderBody(context, body)) };
  await context.change(async (tx, emit) => {
    const comment = requireEditable(context, await lockComment(tx, id), receipt);
    const policy = policyOf(comment.policy, context.settings);
    if (!takesEdits(policy, context.viewer)) throw new CommentsClosedError('This article takes no edits of comments.');
    const by = context.viewer?.author.id ?? comment.authorId;
    if (await isUnchanged(context, comment, edited)) {
      const withdraws = comment.heldSource !== null && comment.heldSource !== body;
      if (!withdraws || !commentAccess(context, comment, receipt).isOwn) return;
      // The author has chosen the approved text again, so there is nothing left to decide.
      await discardHeldEdits(tx, [id], { by });
      await recordDecision(tx, { ids: [id], by, action: null, reason: null });
      await emit({ moderation: 'DECIDED', commentId: id, action: null, by });
      return;
    }
    if (comment.heldSource !== null) await discardHeldEdits(tx, [id], { by, isReplaced: true });
    const { articleId, authorId } = comment;
    const candidate = { articleId, policy, source: body, html: edited.html, text: edited.text, authorId, id };
    const reasons = await findHoldReasons(tx, context, candidate);
    // An author whose edit waits cannot find out by further edits which words pass.
    const isHeldBack = reasons.length > 0 || (comment.heldSource !== null && !isStaff(context.viewer));
    if (comment.status === 'VISIBLE' && isHeldBack) {
      await recordHold(tx, emit, { id, reasons: await holdEdit(tx, id, { ...edited, reasons }) });
      return;
    }
    const holdReasons = await replaceBody(tx, id, { ...edited, reasons, by });
    if (comment.visible) await emit({ articleId, kind: 'CHANGED', commentId: id });
    // Moderators who have read the former words need the new version to decide.
    if (comment.status === 'PENDING') await emit({ moderation: 'HELD', commentId: id, reasons: holdReasons });
    else if (comment.heldSource !== null) await emit({ moderation: 'DECIDED', commentId: id, action: null, by });
  });
}

/** @returns why the comment is held, or was */
async function replaceBody(
  tx: Queryable,
  id: number,
  { body, html, text, reasons, by }: EditedText & { reasons: readonly string[]; by: number },
): Promise<string[]> {
  await saveVersion(tx, id, by);
  const [kept] = await queryRow<[reasons: string[]]>(tx, {
    name: 'comment-edit',
    // A pending comment without new reasons keeps those it has.
    text: `UPDATE comment SET body_source = $2, body_format = 'MARKDOWN', body_html = $3, body_text = $4, rendering = $6,
        edited_at = clock_timestamp(), version = version + 1, shown_version = version + 1,
        hold_reasons = CASE WHEN cardinality($5::text[]) > 0 THEN $5 ELSE hold_reasons END
      WHERE id = $1 RETURNING hold_reasons`,
    values: [id, body, html, text, reasons, RENDERING_VERSION],
  });
  return kept;
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
  comment: LockedComment | null,
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

async function saveVersion(tx: Queryable, id: number, replacedBy: number): Promise<void> {
  await tx.query({
    name: 'comment-version-save',
    text: `INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, rendering, written_at,
        replaced_by_id, replaced_at)
      SELECT id, body_source, body_format, body_html, body_text, rendering, coalesce(edited_at, created_at), $2, clock_timestamp()
      FROM comment WHERE id = $1`,
    values: [id, replacedBy],
  });
}
