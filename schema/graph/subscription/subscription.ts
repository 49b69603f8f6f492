import { articleById, publishedArticle } from '../../content/article/find-article.ts';
import { commentById } from '../../content/comment/comment-lists.ts';
import type { Context, LogView } from '../../content/context.ts';
import { NotFoundError } from '../../content/errors.ts';
import type { LoggedEvent, Publication } from '../../content/events.ts';
import { decodeIdOf } from '../../content/ids.ts';
import type { ArticleRow, CommentRow } from '../../content/row-types.ts';
import { NO_FIELDS, type Selection } from '../../content/selection.ts';
import { builder } from '../builder.ts';
import { CommentEvent, commentEventView, type StreamEvent } from '../comment-event.ts';
import { declare } from '../field-declarations.ts';
import { selectionOf } from '../selection.ts';

builder.subscriptionType({ description: 'What happens, as it happens.' });

builder.subscriptionFields((t) => ({
  commentAdded: t.field({
    type: 'Comment',
    description: 'New comments of one article, as they become visible.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: { articleId: t.arg.id({ required: true, description: 'The article.' }) },
    subscribe: (_, { articleId }, context, info) => discussion(context, articleId, addedView(selectionOf(info))),
    resolve: (comment: CommentRow) => comment,
  }),
  commentEvents: t.field({
    type: CommentEvent,
    description:
      "All that happens in one article's discussion. With `after`, first what was missed, in order, each once, then `CaughtUp`, then live.",
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: {
      articleId: t.arg.id({ required: true, description: 'The article.' }),
      after: t.arg({
        type: 'EventCursor',
        description: 'The last position you have: of an event, or a `liveCursor`. Without it, from now on.',
      }),
    },
    // Where each subscriber starts (`after`) is between them and the log; all of them share the view.
    subscribe: (_, { articleId }, context, info) =>
      discussion(context, articleId, commentEventView(selectionOf(info).at('comment'))),
    resolve: (event: StreamEvent) => event,
  }),
  articlePublished: t.field({
    type: 'Article',
    description: 'Articles as they are published, also those whose time had been set before.',
    args: {
      topic: t.arg.string({ description: 'Only those about the topic with this slug, be it there already or not.' }),
    },
    subscribe: (_, { topic }, context, info) =>
      context.live.publications(publishedView(topic ?? null, selectionOf(info))),
    resolve: (article: ArticleRow) => article,
  }),
}));

/** @throws NotFoundError unless the article is public */
async function discussion<Shown>(
  context: Context,
  articleId: string,
  view: LogView<LoggedEvent, Shown>,
): Promise<AsyncIterable<Shown>> {
  const id = decodeIdOf('Article', articleId);
  const article = id === null ? null : await articleById(context, id, NO_FIELDS);
  if (!article) throw new NotFoundError('There is no such article.');
  return context.live.discussion(article.id, view);
}

function addedView(selection: Selection): LogView<LoggedEvent, CommentRow> {
  return {
    load: (events, context) =>
      Promise.all(
        // What is hidden again by now is left out.
        events.map(({ kind, commentId }) => (kind === 'ADDED' ? commentById(context, commentId, selection) : null)),
      ),
  };
}

function publishedView(topic: string | null, selection: Selection): LogView<Publication, ArticleRow> {
  return {
    // What is public no longer by now is left out.
    load: (publications, context) =>
      Promise.all(publications.map(({ articleId }) => publishedArticle(context, { id: articleId, topic }, selection))),
  };
}
