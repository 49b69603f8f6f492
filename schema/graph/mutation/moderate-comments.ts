import { ForbiddenError, InvalidInputError, NotFoundError } from '../../content/errors.ts';
import { MAX_PAGE } from '../../content/list/paging.ts';
import { moderateComments } from '../../content/moderation/moderate-comments.ts';
import { builder } from '../builder.ts';
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

builder.mutationField('moderateComments', (t) =>
  t.field({
    type: ['Comment'],
    description: 'Applies one action to several comments: to all of them, or to none. For moderators.',
    args: { input: t.arg({ type: ModerateCommentsInput, required: true, description: 'The decision.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, ForbiddenError],
      result: { description: 'The action was applied to all of the comments.' },
      dataField: { name: 'comments', description: 'The comments as they are now, in the order of the ids.' },
      union: { description: 'The comments, or the error because of which none of them was changed.' },
    },
    resolve: (_, { input }, context) => moderateComments(context, input),
  }),
);
