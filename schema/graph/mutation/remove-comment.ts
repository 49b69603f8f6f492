import { removeComment } from '../../content/comment/remove-comment.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import { Forbidden, NotFound, RateLimited, resolveResultType, returnActionableErrors } from '../error-types.ts';

const RemoveCommentInput = builder.inputType('RemoveCommentInput', {
  description: 'A comment to remove.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The comment.' }),
    receipt: t.string({ description: 'For guests: the receipt that `addComment` returned.' }),
  }),
});

const RemoveCommentSuccess = builder.objectRef<{ comment: CommentRow }>('RemoveCommentSuccess').implement({
  description: 'The comment is removed; its place in the thread stays while a reply below it is visible.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'The placeholder: no body and no author.',
      resolve: ({ comment }) => comment,
    }),
  }),
});

const RemoveCommentResult = builder.unionType('RemoveCommentResult', {
  description: 'The placeholder of the comment, or the error that prevented the removal.',
  types: [RemoveCommentSuccess, NotFound, Forbidden, RateLimited],
  resolveType: resolveResultType('RemoveCommentSuccess'),
});

builder.mutationField('removeComment', (t) =>
  t.field({
    type: RemoveCommentResult,
    description: 'Removes a comment: your own, or any as a moderator.',
    args: { input: t.arg({ type: RemoveCommentInput, required: true, description: 'The comment.' }) },
    resolve: (_, { input }, context) =>
      returnActionableErrors(async () => ({ comment: await removeComment(context, input) })),
  }),
);
