import { react } from '../../content/comment/react.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import { ReactionKind } from '../enums.ts';
import { Forbidden, NotFound, RateLimited, resolveResultType, returnActionableErrors } from '../error-types.ts';

const ReactInput = builder.inputType('ReactInput', {
  description: 'A reaction to a comment, on or off.',
  fields: (t) => ({
    commentId: t.id({ required: true, description: 'The comment.' }),
    kind: t.field({ type: ReactionKind, required: true, description: 'The kind; one of each kind per person.' }),
    on: t.boolean({ required: true, defaultValue: true, description: 'False takes the reaction back.' }),
  }),
});

const ReactSuccess = builder.objectRef<{ comment: CommentRow }>('ReactSuccess').implement({
  description: 'The reaction is as requested.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'The comment with its present reactions.',
      resolve: ({ comment }) => comment,
    }),
  }),
});

const ReactResult = builder.unionType('ReactResult', {
  description: 'The comment with its reactions, or the error that prevented the change.',
  types: [ReactSuccess, NotFound, Forbidden, RateLimited],
  resolveType: resolveResultType('ReactSuccess'),
});

builder.mutationField('react', (t) =>
  t.field({
    type: ReactResult,
    description: 'Adds a reaction to a comment, or takes it back.',
    args: { input: t.arg({ type: ReactInput, required: true, description: 'The comment and the reaction.' }) },
    resolve: (_, { input }, context) => returnActionableErrors(async () => ({ comment: await react(context, input) })),
  }),
);
