import { articleById, publishedArticle } from './article-rows.ts';
import type { ArticleRow, CommentRow } from './backing.ts';
import { builder } from './builder.ts';
import { commentById } from './comment-rows.ts';
import type { Context } from './context.ts';
import { NotFoundError } from './errors.ts';
import { decodeIdOf } from './ids.ts';
import { type Selection, selectionOf } from './selection.ts';
import { mapStream } from './stream.ts';

builder.subscriptionType({ description: 'What happens, as it happens.' });

builder.subscriptionField('commentAdded', (t) =>
  t.field({
    type: 'Comment',
    description: 'New comments of one article, as they become visible.',
    args: { articleId: t.arg.id({ required: true, description: 'The article.' }) },
    subscribe: (_, { articleId }, context, info) => addedComments(context, articleId, selectionOf(info)),
    resolve: (comment: CommentRow) => comment,
  }),
);

/** @throws NotFoundError unless the article is public */
async function addedComments(
  context: Context,
  articleId: string,
  selection: Selection,
): Promise<AsyncIterable<CommentRow>> {
  const id = decodeIdOf('Article', articleId);
  const article = id === null ? null : await articleById(context, id, selection.at('article'));
  if (!article) throw new NotFoundError('There is no such article.');
  const events = await context.live.follow(article.id);

  return mapStream(events, async ({ kind, commentId }) =>
    // What is hidden again by now is left out.
    kind === 'ADDED' ? commentById(context, commentId, selection) : null,
  );
}

builder.subscriptionField('articlePublished', (t) =>
  t.field({
    type: 'Article',
    description: 'Articles as they are published, also those whose time had been set before.',
    args: {
      topic: t.arg.string({ description: 'Only those about the topic with this slug, be it there already or not.' }),
    },
    subscribe: async (_, { topic }, context, info) => {
      const selection = selectionOf(info);
      // What is public no longer by now is left out.
      return mapStream(await context.publications.follow(), (id) =>
        publishedArticle(context, { id, topic: topic ?? null }, selection),
      );
    },
    resolve: (article: ArticleRow) => article,
  }),
);
