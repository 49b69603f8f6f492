import { deleteArticle } from '../../content/article/delete-article.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../../content/errors.ts';
import { builder } from '../builder.ts';

const DeleteArticleInput = builder.inputType('DeleteArticleInput', {
  description: 'An article to delete for good.',
  fields: (t) => ({
    id: t.id({ required: true, description: "The article's `id`." }),
    expectedVersion: t.int({
      required: true,
      description:
        'The `Article.version` that was read. If the article was saved since, the result is a `ConflictError`.',
    }),
  }),
});

builder.mutationField('deleteArticle', (t) =>
  t.id({
    description:
      'Deletes a draft or an archived article for good, with its comments, revisions and slugs. A public or scheduled one ' +
      'must be unpublished first. For admins.',
    args: { input: t.arg({ type: DeleteArticleInput, required: true, description: 'The article.' }) },
    errors: {
      types: [NotFoundError, ForbiddenError, ConflictError],
      result: { description: 'The article was deleted.' },
      dataField: { name: 'id', description: 'The `id` that the article had.' },
      union: { description: 'The id of the deleted article, or the error that prevented it.' },
    },
    resolve: (_, { input }, context) => deleteArticle(context, input),
  }),
);
