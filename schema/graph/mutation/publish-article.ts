import { publishArticle } from '../../content/article/publish-article.ts';
import { builder } from '../builder.ts';
import { ARTICLE_ERRORS } from './article-errors.ts';

const PublishArticleInput = builder.inputType('PublishArticleInput', {
  description: 'An article to publish, now or at a future time.',
  fields: (t) => ({
    id: t.id({ required: true, description: "The article's `id`." }),
    at: t.field({
      type: 'DateTime',
      description:
        'The date of publication; now by default. A future time schedules the article, a past time publishes it now under that date.',
    }),
  }),
});

builder.mutationField('publishArticle', (t) =>
  t.field({
    type: 'Article',
    errors: ARTICLE_ERRORS,
    description:
      'Publishes an article of any status, now or at a future time. For its author, moderators and admins. ' +
      'A public article stays public and is not announced again.',
    args: {
      input: t.arg({
        type: PublishArticleInput,
        required: true,
        description: 'The article and its time of publication.',
      }),
    },
    resolve: (_, { input }, context) => publishArticle(context, input),
  }),
);
