import { editComment } from '../../content/comment/edit-comment.ts';
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
  description: 'A new body for a comment.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The comment.' }),
    body: t.string({ required: true, description: 'Markdown, 1 to 10,000 characters. HTML is shown as text.' }),
    receipt: t.string({ description: 'For guests: the receipt that `addComment` returned.' }),
  }),
});

const EditCommentSuccess = builder.objectRef<{ comment: CommentRow }>('EditCommentSuccess').implement({
  description: 'The comment has the new body.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'The comment as it is now; PENDING when a moderator must approve the new body first.',
      resolve: ({ comment }) => comment,
    }),
  }),
});

const EditCommentResult = builder.unionType('EditCommentResult', {
  description: 'The edited comment, or the error that prevented it.',
  types: [EditCommentSuccess, InvalidInput, NotFound, Forbidden, EditWindowOver, RateLimited],
  resolveType: resolveResultType('EditCommentSuccess'),
});

builder.mutationField('editComment', (t) =>
  t.field({
    type: EditCommentResult,
    description: 'Changes the body of a comment, for its author within the edit window, for moderators at any time.',
    args: { input: t.arg({ type: EditCommentInput, required: true, description: 'The comment and its new body.' }) },
    resolve: (_, { input }, context) =>
      returnActionableErrors(async () => ({ comment: await editComment(context, input) })),
  }),
);
