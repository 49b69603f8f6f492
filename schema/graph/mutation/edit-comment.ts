import { commentAccess } from '../../content/comment/comment-access.ts';
import { checkBody, checkCommentId, renderBody } from '../../content/comment/comment-input.ts';
import { commentLoader } from '../../content/comment/comment-lists.ts';
import { type LockedComment, lockComment } from '../../content/comment/comment-lock.ts';
import { policyOf } from '../../content/comment/comment-policy.ts';
import { commentEditVerdict } from '../../content/comment/comment-rules.ts';
import { setStatuses } from '../../content/comment/comment-status.ts';
import type { Context, Queryable } from '../../content/context.ts';
import { clearLoaders } from '../../content/context-loader.ts';
import { EditWindowOverError, ForbiddenError, NotFoundError } from '../../content/errors.ts';
import { recordDecision } from '../../content/moderation/decisions.ts';
import { findHoldReasons } from '../../content/moderation/hold.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import {
  EditWindowOver,
  Forbidden,
  InvalidInput,
  NotFound,
  RateLimited,
  resolveResultType,
  returnActionableErrors,
} from '../error-types.ts';

const EditCommentInput = builder.inputType('EditCommentInput', {
  description: 'New words for a comment.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The comment.' }),
    body: t.string({ required: true, description: 'In Markdown, 1 to 10,000 characters. HTML is shown as text.' }),
    receipt: t.string({ description: 'For guests: what writing the comment returned.' }),
  }),
});

const EditCommentSuccess = builder.objectRef<{ comment: CommentRow }>('EditCommentSuccess').implement({
  description: 'The comment has its new words.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'As it is now; PENDING when a moderator must see the new words first.',
      resolve: ({ comment }) => comment,
    }),
  }),
});

const EditCommentResult = builder.unionType('EditCommentResult', {
  description: 'The comment, or why it is as it was.',
  types: [EditCommentSuccess, InvalidInput, NotFound, Forbidden, EditWindowOver, RateLimited],
  resolveType: resolveResultType('EditCommentSuccess'),
});

interface Edit {
  id: number;
  body: string;
  receipt: string | null | undefined;
}

/**
 * Gives a comment new words and keeps the former ones for moderators. New words are looked at as those of a new comment
 * are: what is held is withdrawn until a moderator lets it through, and what waits goes on waiting.
 * @throws InvalidInputError, NotFoundError, ForbiddenError, EditWindowOverError
 */
async function editComment(context: Context, { id, body, receipt }: Edit): Promise<void> {
  const { html, text } = renderBody(body);
  await context.change(async (tx, emit) => {
    const comment = await lockComment(tx, id);
    if (!comment) throw new NotFoundError('There is no such comment.');
    refuseEdit(context, comment, receipt);
    if (comment.bodySource === body) return;

    await keepVersion(tx, comment, context.viewer?.author.id ?? comment.authorId);
    const policy = policyOf(comment.policy, context.settings);
    const draft = { policy, source: body, html, text, authorId: comment.authorId, id };
    const reasons = await findHoldReasons(tx, context, draft);
    await tx.query({
      name: 'comment-edit',
      // Without new reasons those stay for which it waits already.
      text: `UPDATE comment SET body_source = $2, body_format = 'MARKDOWN', body_html = $3, body_text = $4,
          edited_at = clock_timestamp(), hold_reasons = CASE WHEN cardinality($5::text[]) > 0 THEN $5 ELSE hold_reasons END
        WHERE id = $1`,
      values: [id, body, html, text, reasons],
    });
    if (comment.status === 'VISIBLE' && reasons.length > 0) {
      await setStatuses(tx, emit, new Map([[id, 'PENDING']]));
      await recordDecision(tx, { ids: [id], by: null, action: null, reason: reasons.join(' ') });
    } else if (comment.visible) {
      await emit({ articleId: comment.articleId, kind: 'CHANGED', commentId: id });
    }
  });
}

function refuseEdit(context: Context, comment: LockedComment, receipt: string | null | undefined): void {
  const { editWindow } = context.settings;
  switch (commentEditVerdict({ ...commentAccess(context, comment, receipt), age: comment.age }, { editWindow })) {
    case 'NOT_FOUND':
      throw new NotFoundError('There is no such comment.');
    case 'FORBIDDEN':
      throw new ForbiddenError('Only who wrote this comment may change it, until a moderator decides against it.');
    case 'EDIT_WINDOW_OVER':
      throw new EditWindowOverError(`A comment may be changed for ${editWindow} seconds after it was written.`);
    case 'YES':
  }
}

async function keepVersion(tx: Queryable, { id }: LockedComment, replacedBy: number): Promise<void> {
  await tx.query({
    name: 'version-keep',
    text: `INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, written_at, replaced_by_id, replaced_at)
      SELECT id, body_source, body_format, body_html, body_text, coalesce(edited_at, created_at), $2, clock_timestamp()
      FROM comment WHERE id = $1`,
    values: [id, replacedBy],
  });
}

builder.mutationFields((t) => ({
  editComment: t.field({
    type: EditCommentResult,
    description: 'Changes the words of a comment, for a while after it was written; moderators may at any time.',
    args: { input: t.arg({ type: EditCommentInput, required: true, description: 'The comment and its new words.' }) },
    resolve: (_, { input }, context) =>
      returnActionableErrors(async () => {
        const edit = { id: checkCommentId(input.id), body: checkBody(input.body), receipt: input.receipt };
        await context.consumeRateLimit('edit');
        await editComment(context, edit);
        clearLoaders(context);
        const comment = await commentLoader(context).load(edit.id);
        const byReceipt = edit.receipt != null && context.receipts.read(edit.receipt) === edit.id;
        return { comment: byReceipt ? { ...comment, byReceipt } : comment };
      }),
  }),
}));
