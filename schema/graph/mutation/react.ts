import { react } from '../../content/comment/react.ts';
import { ForbiddenError, NotFoundError, RateLimitedError } from '../../content/errors.ts';
import { builder } from '../builder.ts';
import { ReactionKind } from '../enums.ts';

const ReactInput = builder.inputType('ReactInput', {
  description: 'A reaction to a comment, on or off.',
  fields: (t) => ({
    commentId: t.id({ required: true, description: 'The comment.' }),
    kind: t.field({ type: ReactionKind, required: true, description: 'The kind; one of each kind per person.' }),
    on: t.boolean({ required: true, defaultValue: true, description: 'False takes the reaction back.' }),
  }),
});

builder.mutationField('react', (t) =>
  t.field({
    type: 'Comment',
    description: 'Adds a reaction to a comment, or takes it back.',
    args: { input: t.arg({ type: ReactInput, required: true, description: 'The comment and the reaction.' }) },
    errors: {
      types: [NotFoundError, ForbiddenError, RateLimitedError],
      result: { description: 'The reaction is as requested.' },
      dataField: { name: 'comment', description: 'The comment with its present reactions.' },
      union: { description: 'The comment with its reactions, or the error that prevented the change.' },
    },
    resolve: (_, { input }, context) => react(context, input),
  }),
);
