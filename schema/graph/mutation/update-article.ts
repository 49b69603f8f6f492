import { updateArticle } from '../../content/article/update-article.ts';
import { builder } from '../builder.ts';
import { CommentPolicy } from '../enums.ts';
import { ARTICLE_ERRORS } from './article-errors.ts';
import { DESCRIPTION, ImageInput } from './create-article.ts';

const UpdateArticleInput = builder.inputType('UpdateArticleInput', {
  description:
    'Changes to an article. Absent fields stay as they are, and so do null ones except `cover`, `commentPolicy` and `language`.',
  fields: (t) => ({
    id: t.id({ required: true, description: "The article's `id`." }),
    expectedVersion: t.int({
      required: true,
      description:
        'The `Article.version` that was read. If the article was saved since, the result is a `ConflictError`.',
    }),
    title: t.string({ description: DESCRIPTION.title }),
    markdown: t.string({ description: DESCRIPTION.markdown }),
    slug: t.string({ description: `${DESCRIPTION.slug} The former slug still finds the article.` }),
    excerpt: t.string({ description: `${DESCRIPTION.excerpt} An empty one is replaced by the beginning of the body.` }),
    topics: t.stringList({ description: `${DESCRIPTION.topics} They replace the present topics.` }),
    cover: t.field({ type: ImageInput, description: 'The cover image; null removes it.' }),
    commentPolicy: t.field({
      type: CommentPolicy,
      description: `${DESCRIPTION.commentPolicy} With null the article follows the publication's policy again.`,
    }),
    language: t.string({ description: `${DESCRIPTION.language} With null it is detected again.` }),
  }),
});

builder.mutationField('updateArticle', (t) =>
  t.field({
    type: 'Article',
    errors: ARTICLE_ERRORS,
    description:
      'Saves changes to an article and adds a revision, unless nothing changes. For its author, moderators and admins.',
    args: { input: t.arg({ type: UpdateArticleInput, required: true, description: 'The article and its changes.' }) },
    resolve: (_, { input }, context) => updateArticle(context, input),
  }),
);
