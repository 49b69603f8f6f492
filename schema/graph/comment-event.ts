import { articleLoader } from '../content/article/article-reader.ts';
import { discussedAuthor } from '../content/author/author-events.ts';
import type { StreamEvent } from '../content/comment/comment-stream.ts';
import type { EventPage } from '../content/comment/event-page.ts';
import { encodeEventCursor } from '../content/event-cursor.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';

type Of<Type extends StreamEvent['type']> = Extract<StreamEvent, { type: Type }>;
type WithComment = Extract<StreamEvent, { type: 'CommentAdded' | 'CommentChanged' }>;

export const CommentEvent = builder.interfaceRef<StreamEvent>('CommentEvent').implement({
  description: "An event of one article's discussion, in the order of its log.",
  fields: (t) => ({
    cursor: t.field({
      type: 'EventCursor',
      description: 'Position of the event. Keep the last one to resume from it.',
      resolve: ({ position }) => encodeEventCursor(position),
    }),
    at: t.field({ type: 'DateTime', description: 'When it happened.', resolve: ({ at }) => at }),
  }),
  resolveType: ({ type }) => type,
});

function commentEventType(type: WithComment['type'], description: string, comment: string): void {
  builder.objectRef<WithComment>(type).implement({
    description,
    interfaces: [CommentEvent],
    fields: (t) => ({
      comment: t.field({ type: 'Comment', description: comment, resolve: (event) => event.comment }),
    }),
  });
}

commentEventType(
  'CommentAdded',
  'A comment became visible: when it was added, or when a moderator approved it.',
  'The comment as it is now.',
);
commentEventType(
  'CommentChanged',
  'The body, the pin or the reactions of a comment changed.',
  'The comment as it is now.',
);
builder.objectRef<Of<'CommentRemoved'>>('CommentRemoved').implement({
  description: 'A comment is no longer visible.',
  interfaces: [CommentEvent],
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description:
        'The placeholder in its place: no body and no author. For moderators the comment as it is now, as in the queue.',
      extensions: declare({ dependsOnViewer: 'STAFF' }),
      resolve: (event) => event.comment,
    }),
    leavesPlace: t.exposeBoolean('leavesPlace', {
      description:
        'Whether its place stays in the thread, without body and author, because a comment below it is visible. Where it is false, remove the row.',
    }),
  }),
});

builder.objectRef<Of<'DiscussionChanged'>>('DiscussionChanged').implement({
  description: 'The discussion itself changed: its policy, or the name, the picture or the page of somebody in it.',
  interfaces: [CommentEvent],
  fields: (t) => ({
    article: t.field({
      type: 'Article',
      description: 'The article as it is now.',
      resolve: ({ position }, _, context) => articleLoader(context).load(position.articleId),
    }),
    author: t.field({
      type: 'Author',
      nullable: true,
      description:
        'The person whose name, picture or page changed, as they are now: the author of the article or of visible comments on it. Null when the policy changed.',
      resolve: ({ position: { articleId }, authorId }, _, context) => discussedAuthor(context, { articleId, authorId }),
    }),
  }),
});

builder.objectRef<Of<'CaughtUp'>>('CaughtUp').implement({
  description: 'All missed events are delivered; the events that follow are live.',
  interfaces: [CommentEvent],
  fields: (t) => ({
    replayed: t.exposeInt('replayed', { description: 'Number of missed events that were delivered.' }),
  }),
});

builder.objectRef<Of<'ResyncRequired'>>('ResyncRequired').implement({
  description:
    'What happened cannot be delivered as events: the cursor is too old or not of this log, a backup was restored, or an import changed the discussion. Read the discussion again; live events follow.',
  interfaces: [CommentEvent],
  fields: (t) => ({ reason: t.exposeString('reason', { description: 'Why, for the log of the client.' }) }),
});

export const CommentEventPage = builder.objectRef<EventPage>('CommentEventPage').implement({
  description: 'A page of events, oldest first.',
  fields: (t) => ({
    events: t.expose('events', { type: [CommentEvent], description: 'In the order of the log.' }),
    cursor: t.field({
      type: 'EventCursor',
      description: 'Use it as `after` of the next page, also when this one is empty.',
      resolve: ({ position }) => encodeEventCursor(position),
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'More events are in the log: ask for the next page at once.' }),
  }),
});
