import { requireWriter } from '../../content/article/article-lock.ts';
import { publishArticle, unpublishArticle } from '../../content/article/publish-article.ts';
import { builder } from '../builder.ts';
import { ArticleResult, articleIdOf, articleResult } from './article-result.ts';

const PublishArticleInput = builder.inputType('PublishArticleInput', {
  description: 'Publishes now, or at a time to come.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'The article.' }),
    at: t.field({
      type: 'DateTime',
      description:
        'When: a time to come schedules it, one that is past publishes it now under that date. Now, unless given.',
    }),
  }),
});

const UnpublishArticleInput = builder.inputType('UnpublishArticleInput', {
  description: 'Takes an article away from readers.',
  fields: (t) => ({ id: t.id({ required: true, description: 'The article.' }) }),
});

builder.mutationFields((t) => ({
  publishArticle: t.field({
    type: ArticleResult,
    description:
      'Makes an article public, now or at a time, whatever it was before. For its author, moderators and admins. ' +
      'A public one stays public and is announced no second time.',
    args: { input: t.arg({ type: PublishArticleInput, required: true, description: 'The article, and when.' }) },
    resolve: (_, { input }, context) =>
      articleResult(context, async () => {
        requireWriter(context.viewer);
        const id = articleIdOf(input.id);
        await publishArticle(context, { id, at: input.at ?? null });
        context.wakePublicationReaders();
        context.schedule.wake();
        return id;
      }),
  }),
  unpublishArticle: t.field({
    type: ArticleResult,
    description:
      'Takes an article away from readers: a public one becomes ARCHIVED and keeps its discussion, a scheduled one a ' +
      'DRAFT again; others stay as they are. For its author, moderators and admins.',
    args: { input: t.arg({ type: UnpublishArticleInput, required: true, description: 'The article.' }) },
    resolve: (_, { input }, context) =>
      articleResult(context, async () => {
        requireWriter(context.viewer);
        const id = articleIdOf(input.id);
        await unpublishArticle(context, id);
        return id;
      }),
  }),
}));
