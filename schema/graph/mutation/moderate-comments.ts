import { MAX_PAGE } from '../../content/list/paging.ts';
import { moderateComments } from '../../content/moderation/moderate-comments.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import { Forbidden, InvalidInput, NotFound, resolveResultType, returnActionableErrors } from '../error-types.ts';
import { ModerationAction } from '../moderation.ts';

const ModerateCommentsInput = builder.inputType('ModerateCommentsInput', {
  description: 'One decision about several comments.',
  fields: (t) => ({
    ids: t.idList({
      required: true,
      description: `The comments, 1 to ${MAX_PAGE}: as many as a page of the queue has.`,
    }),
    action: t.field({ type: ModerationAction, required: true, description: 'The action to apply.' }),
    reason: t.string({ description: 'Why, for the history of the comments; at most 500 characters.' }),
  }),
});

const ModerateCommentsSuccess = builder.objectRef<{ comments: CommentRow[] }>('ModerateCommentsSuccess').implement({
  description: 'The action was applied to all of the comments.',
  fields: (t) => ({
    comments: t.field({
      type: ['Comment'],
      description: 'The comments as they are now, in the order of the ids.',
      resolve: ({ comments }) => comments,
    }),
  }),
});

const ModerateCommentsResult = builder.unionType('ModerateCommentsResult', {
  description: 'The comments, or the error because of which none of them was changed.',
  types: [ModerateCommentsSuccess, InvalidInput, NotFound, Forbidden],
  resolveType: resolveResultType('ModerateCommentsSuccess'),
});

builder.mutationField('moderateComments', (t) =>
  t.field({
    type: ModerateCommentsResult,
    description: 'Applies one action to several comments: to all of them, or to none. For moderators.',
    args: { input: t.arg({ type: ModerateCommentsInput, required: true, description: 'The decision.' }) },
    resolve: (_, { input }, context) =>
      returnActionableErrors(async () => ({ comments: await moderateComments(context, input) })),
  }),
);
