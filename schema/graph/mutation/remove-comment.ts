import { removeComment } from '../../content/comment/remove-comment.ts';
import { ForbiddenError, NotFoundError, RateLimitedError } from '../../content/errors.ts';
import { builder } from '../builder.ts';

const RemoveCommentInput = builder.inputType('RemoveCommentInput', {
  description: 'A comment to remove.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The comment.' }),
    receipt: t.string({ description: 'For guests: the receipt that `addComment` returned.' }),
  }),
});

builder.mutationField('removeComment', (t) =>
  t.field({
    type: 'Comment',
    description: 'Removes a comment: your own, or any as a moderator.',
    args: { input: t.arg({ type: RemoveCommentInput, required: true, description: 'The comment.' }) },
    errors: {
      types: [NotFoundError, ForbiddenError, RateLimitedError],
      result: {
        description: 'The comment is removed; its place in the thread stays while a reply below it is visible.',
      },
      dataField: { name: 'comment', description: 'The placeholder: no body and no author.' },
      union: { description: 'The placeholder of the comment, or the error that prevented the removal.' },
    },
    resolve: (_, { input }, context) => removeComment(context, input),
  }),
);
