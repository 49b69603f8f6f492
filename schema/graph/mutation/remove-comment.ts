import { commentAccess } from '../../content/comment/comment-access.ts';
import { checkCommentId } from '../../content/comment/comment-input.ts';
import { commentLoader } from '../../content/comment/comment-lists.ts';
import { lockComment } from '../../content/comment/comment-lock.ts';
import { commentRemovalVerdict } from '../../content/comment/comment-rules.ts';
import { setStatuses } from '../../content/comment/comment-status.ts';
import type { Context } from '../../content/context.ts';
import { clearLoaders } from '../../content/context-loader.ts';
import { ForbiddenError, NotFoundError } from '../../content/errors.ts';
import { recordDecision } from '../../content/moderation/decisions.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import { Forbidden, NotFound, RateLimited, resolveResultType, returnActionableErrors } from '../error-types.ts';

const RemoveCommentInput = builder.inputType('RemoveCommentInput', {
  description: 'A comment to take away.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The comment.' }),
    receipt: t.string({ description: 'For guests: what writing the comment returned.' }),
  }),
});

const RemoveCommentSuccess = builder.objectRef<{ comment: CommentRow }>('RemoveCommentSuccess').implement({
  description: 'The comment is gone; its place stays while something stands below it.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'What stands in its place: no words and no author.',
      resolve: ({ comment }) => comment,
    }),
  }),
});

const RemoveCommentResult = builder.unionType('RemoveCommentResult', {
  description: 'What stands in its place, or why it is as it was.',
  types: [RemoveCommentSuccess, NotFound, Forbidden, RateLimited],
  resolveType: resolveResultType('RemoveCommentSuccess'),
});

/** Takes a comment away. What is gone already stays gone: asking again changes nothing. @throws NotFoundError, ForbiddenError, RateLimitedError */
async function removeComment(context: Context, id: number, receipt: string | null | undefined): Promise<void> {
  await context.change(async (tx, emit) => {
    const comment = await lockComment(tx, id);
    const verdict = comment ? commentRemovalVerdict(commentAccess(context, comment, receipt)) : 'NOT_FOUND';
    if (verdict === 'NOT_FOUND') throw new NotFoundError('There is no such comment.');
    if (verdict === 'FORBIDDEN')
      throw new ForbiddenError('Only who wrote this comment may take it away, unless a moderator decided against it.');
    if (comment?.status === 'REMOVED') return;
    // The same again takes nothing away, and is answered however often it is sent.
    await context.consumeRateLimit('remove');
    await setStatuses(tx, emit, new Map([[id, 'REMOVED']]));
    const by = context.viewer?.author.id ?? comment!.authorId;
    await recordDecision(tx, { ids: [id], by, action: null, reason: null });
  });
}

builder.mutationFields((t) => ({
  removeComment: t.field({
    type: RemoveCommentResult,
    description: 'Takes a comment away: one of your own, or any as a moderator.',
    args: { input: t.arg({ type: RemoveCommentInput, required: true, description: 'The comment.' }) },
    resolve: (_, { input }, context) =>
      returnActionableErrors(async () => {
        const id = checkCommentId(input.id);
        await removeComment(context, id, input.receipt);
        clearLoaders(context);
        return { comment: await commentLoader(context).load(id) };
      }),
  }),
}));
