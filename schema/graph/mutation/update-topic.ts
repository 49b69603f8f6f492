import { MAX_SLUG_LENGTH } from '../../content/text/slug.ts';
import { MAX_DESCRIPTION, MAX_TOPIC_NAME } from '../../content/topic/topic-input.ts';
import { updateTopic } from '../../content/topic/update-topic.ts';
import { builder } from '../builder.ts';
import { TOPIC_ERRORS } from './topic-errors.ts';

const UpdateTopicInput = builder.inputType('UpdateTopicInput', {
  description:
    'Changes to a topic. Absent fields stay as they are, and so do null ones except `description` and `parentId`.',
  fields: (t) => ({
    id: t.id({ required: true, description: "The topic's `id`." }),
    name: t.string({ description: `The name, 1 to ${MAX_TOPIC_NAME} characters with a letter or a digit.` }),
    slug: t.string({
      description: `The last part of the topic's address: a-z, 0-9 and single hyphens, at most ${MAX_SLUG_LENGTH} characters. The former slug still finds the topic.`,
    }),
    description: t.string({
      description: `What the topic covers, a plain text of at most ${MAX_DESCRIPTION} characters; null or an empty one removes it.`,
    }),
    parentId: t.id({
      description:
        'The wider topic: neither the topic itself nor one below it. Null makes it a topic of the top level.',
    }),
  }),
});

builder.mutationField('updateTopic', (t) =>
  t.field({
    type: 'Topic',
    errors: TOPIC_ERRORS,
    description: 'Changes a topic. For moderators and admins.',
    args: { input: t.arg({ type: UpdateTopicInput, required: true, description: 'The topic and its changes.' }) },
    resolve: (_, { input }, context) => updateTopic(context, input),
  }),
);
