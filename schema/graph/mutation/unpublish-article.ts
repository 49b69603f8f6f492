import { unpublishArticle } from '../../content/article/unpublish-article.ts';
import { builder } from '../builder.ts';
import { ARTICLE_ERRORS } from './article-errors.ts';

const UnpublishArticleInput = builder.inputType('UnpublishArticleInput', {
  description: 'An article to withdraw from readers.',
  fields: (t) => ({ id: t.id({ required: true, description: "The article's `id`." }) }),
});

builder.mutationField('unpublishArticle', (t) =>
  t.field({
    type: 'Article',
    errors: ARTICLE_ERRORS,
    description:
      'Withdraws an article from readers: a public one becomes ARCHIVED and keeps its discussion, a scheduled one ' +
      'becomes a DRAFT, others stay as they are. For its author, moderators and admins.',
    args: { input: t.arg({ type: UnpublishArticleInput, required: true, description: 'The article.' }) },
    resolve: (_, { input }, context) => unpublishArticle(context, input),
  }),
);
