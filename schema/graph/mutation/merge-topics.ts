import { mergeTopics } from '../../content/topic/merge-topics.ts';
import { builder } from '../builder.ts';
import { TOPIC_ERRORS } from './topic-errors.ts';

const MergeTopicsInput = builder.inputType('MergeTopicsInput', {
  description: 'Two topics that become one.',
  fields: (t) => ({
    from: t.id({ required: true, description: 'The topic that is deleted.' }),
    into: t.id({ required: true, description: 'The topic that stays, with its name, slug and description.' }),
  }),
});

builder.mutationField('mergeTopics', (t) =>
  t.field({
    type: 'Topic',
    errors: TOPIC_ERRORS,
    description:
      'Deletes a topic and gives its articles, the topics below it and its slugs to another: its address finds that one. A ' +
      'topic that was below the deleted one takes its place. For moderators and admins.',
    args: { input: t.arg({ type: MergeTopicsInput, required: true, description: 'The topics.' }) },
    resolve: (_, { input }, context) => mergeTopics(context, input),
  }),
);
