import { publishedArticleStream } from '../../content/article/published-stream.ts';
import type { ArticleRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import { selectionOf } from '../selection.ts';

builder.subscriptionField('articlePublished', (t) =>
  t.field({
    type: 'Article',
    description: 'Articles as they are published, scheduled ones at their time. It cannot be resumed.',
    args: {
      topic: t.arg.string({
        description: 'Only articles about the topic with this slug, even if it is created later.',
      }),
    },
    subscribe: (_, { topic }, context, info) => publishedArticleStream(context, topic ?? null, selectionOf(info)),
    resolve: (article: ArticleRow) => article,
  }),
);
