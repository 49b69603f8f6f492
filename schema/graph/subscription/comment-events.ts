import { commentEventStream, type StreamEvent } from '../../content/comment/comment-stream.ts';
import { builder } from '../builder.ts';
import { CommentEvent } from '../comment-event.ts';
import { declare } from '../field-declarations.ts';
import { selectionOf } from '../selection.ts';

builder.subscriptionField('commentEvents', (t) =>
  t.field({
    type: CommentEvent,
    description:
      "All events of one article's discussion: with `after`, first the missed events, in order and each once; then " +
      '`CaughtUp`; then live events.',
    args: {
      articleId: t.arg.id({ required: true, description: 'The article.' }),
      after: t.arg({
        type: 'EventCursor',
        description:
          'The last position you have: of an event, or a `liveCursor`. Without it, from now on. After one that cannot be resumed from, `ResyncRequired` comes first.',
      }),
    },
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    // All subscribers share this view; where each of them starts (`after`) is decided by the delivery.
    subscribe: (_, { articleId }, context, info) =>
      commentEventStream(context, articleId, selectionOf(info).at('comment')),
    resolve: (event: StreamEvent) => event,
  }),
);
