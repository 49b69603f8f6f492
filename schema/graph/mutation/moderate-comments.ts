import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '../../content/errors.ts';
import { MAX_PAGE } from '../../content/list/paging.ts';
import { moderateComments } from '../../content/moderation/moderate-comments.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import { ModerationAction } from '../moderation.ts';

interface ModeratedComments {
  comments: CommentRow[];
}

const ModeratedCommentInput = builder.inputType('ModeratedCommentInput', {
  description: 'A comment as the moderator has seen it.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The comment.' }),
    version: t.int({
      required: true,
      description:
        '`Comment.version` of the wording that the moderator has seen. When it has changed, nothing is done.',
    }),
  }),
});

const ModerateCommentsInput = builder.inputType('ModerateCommentsInput', {
  description: 'One decision about several comments.',
  fields: (t) => ({
    comments: t.field({
      type: [ModeratedCommentInput],
      required: true,
      description: `The comments, 1 to ${MAX_PAGE}: as many as a page of the queue has.`,
    }),
    action: t.field({ type: ModerationAction, required: true, description: 'The action to apply.' }),
    reason: t.string({
      description: 'Why, for the history of the comments, and for their authors; at most 500 characters.',
    }),
  }),
});

const ModerateCommentsSuccess = builder.objectRef<ModeratedComments>('ModerateCommentsSuccess').implement({
  description: 'The action was applied to all of the comments.',
  fields: (t) => ({
    comments: t.expose('comments', {
      type: ['Comment'],
      description: 'The comments as they are now, in the order of the input.',
    }),
    hidden: t.field({
      type: ['Comment'],
      description:
        'Those of them that are VISIBLE and that readers still do not see, because a comment above is held or rejected: `Comment.moderation.hiddenBy` is that comment.',
      resolve: ({ comments }) => comments.filter(({ status, visible }) => status === 'VISIBLE' && !visible),
    }),
  }),
});

builder.mutationField('moderateComments', (t) =>
  t.field({
    type: ModerateCommentsSuccess,
    description:
      'Applies one action to several comments: to all of them, or to none. ConflictError when the words of one have changed since the moderator saw them. For moderators.',
    args: { input: t.arg({ type: ModerateCommentsInput, required: true, description: 'The decision.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, ForbiddenError, ConflictError],
      directResult: true,
      union: { description: 'The comments, or the error because of which none of them was changed.' },
    },
    resolve: async (_, { input }, context) => ({ comments: await moderateComments(context, input) }),
  }),
);
