import { addedCommentStream } from '../../content/comment/comment-stream.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import { declare } from '../field-declarations.ts';
import { selectionOf } from '../selection.ts';

builder.subscriptionField('commentAdded', (t) =>
  t.field({
    type: 'Comment',
    description: 'New comments of one article, as they become visible. It cannot be resumed.',
    args: { articleId: t.arg.id({ required: true, description: 'The article.' }) },
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    subscribe: (_, { articleId }, context, info) => addedCommentStream(context, articleId, selectionOf(info)),
    resolve: (comment: CommentRow) => comment,
  }),
);
