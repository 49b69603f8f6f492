import { type EditedComment, editComment } from '../../content/comment/edit-comment.ts';
import {
  CommentsClosedError,
  EditWindowOverError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
} from '../../content/errors.ts';
import { builder } from '../builder.ts';
import { GuestAccess } from '../guest-access.ts';

const EditCommentInput = builder.inputType('EditCommentInput', {
  description: 'A new body for a comment.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The comment.' }),
    body: t.string({ required: true, description: 'Markdown, 1 to 10,000 characters. HTML is shown as text.' }),
    receipt: t.string({ description: 'For guests: the receipt that `addComment` returned.' }),
  }),
});

const EditCommentSuccess = builder.objectRef<EditedComment>('EditCommentSuccess').implement({
  description: 'The comment has the new body, at once or when a moderator approves it (`held`).',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description:
        'The comment as it is now. While the edit of a visible comment is held, `body` is still the approved text.',
      resolve: ({ comment }) => comment,
    }),
    held: t.exposeBoolean('held', { description: 'A moderator must approve the new body first.' }),
    guestAccess: t.field({
      type: GuestAccess,
      nullable: true,
      description: 'What the receipt permits now. Null when the comment was edited without it.',
      resolve: ({ receiptHolder }) => receiptHolder,
    }),
  }),
});

builder.mutationField('editComment', (t) =>
  t.field({
    type: EditCommentSuccess,
    description:
      'Changes the body of a comment, for its author within the edit window, for moderators at any time. A closed discussion takes edits from staff alone. When the new body must be approved first, the comment keeps the approved one until then, with all replies (`held`).',
    args: { input: t.arg({ type: EditCommentInput, required: true, description: 'The comment and its new body.' }) },
    errors: {
      types: [
        InvalidInputError,
        NotFoundError,
        ForbiddenError,
        EditWindowOverError,
        RateLimitedError,
        CommentsClosedError,
      ],
      directResult: true,
      union: { description: 'The edited comment, or the error that prevented it.' },
    },
    resolve: (_, { input }, context) => editComment(context, input),
  }),
);
