import { type AddedComment, addComment } from '../../content/comment/add-comment.ts';
import { addedPosition } from '../../content/comment/added-event.ts';
import {
  CommentsClosedError,
  ConflictError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
} from '../../content/errors.ts';
import { encodeEventCursor } from '../../content/event-cursor.ts';
import { builder } from '../builder.ts';
import { GuestAccess } from '../guest-access.ts';

const GuestInput = builder.inputType('GuestInput', {
  description: 'The author of a comment who is not signed in.',
  fields: (t) => ({
    name: t.string({
      required: true,
      description:
        'Shown with the comment; 1 to 80 characters. Not the name of staff or of a member, nor one that looks like it.',
    }),
    email: t.string({ required: true, description: 'Shown to moderators only.' }),
    url: t.string({ description: 'Their own page, http or https.' }),
  }),
});

const AddCommentInput = builder.inputType('AddCommentInput', {
  description: 'A comment on an article, or a reply to another comment there.',
  fields: (t) => ({
    articleId: t.id({ required: true, description: 'The article.' }),
    parentId: t.id({ description: 'The comment to reply to; absent for a top-level comment.' }),
    body: t.string({ required: true, description: 'Markdown, 1 to 10,000 characters. HTML is shown as text.' }),
    guest: t.field({ type: GuestInput, description: 'Required unless signed in.' }),
    idempotencyKey: t.string({
      description:
        'Chosen by the client, unique for each comment, 1 to 200 UTF-16 code units: within a week the same key returns the same comment, however often it is sent.',
    }),
  }),
});

const AddCommentSuccess = builder.objectRef<AddedComment>('AddCommentSuccess').implement({
  description:
    'The comment was added. `held` says that a moderator must approve it first; with `receipt` a guest can read, edit and remove it.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'The comment as it was stored.',
      resolve: ({ comment }) => comment,
    }),
    held: t.boolean({
      description: 'A moderator must approve it first.',
      resolve: ({ comment }) => comment.status === 'PENDING',
    }),
    receipt: t.exposeString('receipt', {
      nullable: true,
      description: "The guest's proof of authorship. Store it: it is returned once. Null when signed in.",
    }),
    guestAccess: t.field({
      type: GuestAccess,
      nullable: true,
      description: 'What the receipt permits now. Null when signed in: see `Comment.viewer`.',
      resolve: ({ receiptHolder }) => receiptHolder,
    }),
    cursor: t.field({
      type: 'EventCursor',
      nullable: true,
      description:
        'The position of its `CommentAdded` in the log, to recognise that event: a subscription that resumes after it does not deliver the comment again. Null while it is held.',
      resolve: async ({ comment, position }, _, context) => {
        const added = position ?? (await addedPosition(context, comment));
        return added && encodeEventCursor(added);
      },
    }),
  }),
});

builder.mutationField('addComment', (t) =>
  t.field({
    type: AddCommentSuccess,
    description: 'Adds a comment. It is visible at once, or after a moderator approved it (`held`).',
    args: { input: t.arg({ type: AddCommentInput, required: true, description: 'The comment.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, ForbiddenError, CommentsClosedError, RateLimitedError, ConflictError],
      directResult: true,
      union: { description: 'The added comment, or the error that prevented it.' },
    },
    resolve: (_, { input }, context) => addComment(context, input),
  }),
);
