import { type EventRow, events, eventsOf, loadEventComments } from '../content/comment/event-lists.ts';
import type { Context, LogView, ResumeRules } from '../content/context.ts';
import { decodeEventCursor, encodeEventCursor } from '../content/event-cursor.ts';
import type { LoggedEvent, LogPosition } from '../content/events.ts';
import type { ArticleRow, CommentRow } from '../content/row-types.ts';
import type { Selection } from '../content/selection.ts';
import { builder } from './builder.ts';
import { selectionOf } from './selection.ts';

/** Something in the stream of a discussion: a logged event with its comment, or word about the stream itself. */
export type StreamEvent = { position: LogPosition; at: Date } & (
  | { type: 'CommentAdded' | 'CommentChanged' | 'CommentRemoved'; comment: CommentRow }
  | { type: 'CaughtUp'; replayed: number }
  | { type: 'ResyncRequired'; reason: string }
);

type Of<Type extends StreamEvent['type']> = Extract<StreamEvent, { type: Type }>;
type WithComment = Extract<StreamEvent, { comment: CommentRow }>;

export const CommentEvent = builder.interfaceRef<StreamEvent>('CommentEvent').implement({
  description: "Something that happened in one article's discussion, in the order of the log.",
  fields: (t) => ({
    cursor: t.field({
      type: 'EventCursor',
      description: 'Keep the last one: it is where you go on from.',
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
  'A comment became visible: on posting, or when a moderator let it through.',
  'As it is now.',
);
commentEventType('CommentChanged', 'Its words, pin or reactions changed.', 'As it is now.');
commentEventType(
  'CommentRemoved',
  'It is no longer visible; `comment` is what stands in its place.',
  'What stands in its place: no words and no author.',
);

builder.objectRef<Of<'CaughtUp'>>('CaughtUp').implement({
  description: 'Everything that had happened before is delivered; what follows is live.',
  interfaces: [CommentEvent],
  fields: (t) => ({
    replayed: t.exposeInt('replayed', { description: 'How many missed events came before this one.' }),
  }),
});

builder.objectRef<Of<'ResyncRequired'>>('ResyncRequired').implement({
  description: 'The cursor is too old or foreign: read the discussion anew, then subscribe from its `liveCursor`.',
  interfaces: [CommentEvent],
  fields: (t) => ({ reason: t.exposeString('reason', { description: 'Why, in words for a log.' }) }),
});

interface EventPage {
  events: StreamEvent[];
  position: LogPosition;
  hasMore: boolean;
}

export const CommentEventPage = builder.objectRef<EventPage>('CommentEventPage').implement({
  description: 'Some of what happened, oldest first.',
  fields: (t) => ({
    events: t.expose('events', { type: [CommentEvent], description: 'In the order of the log.' }),
    cursor: t.field({
      type: 'EventCursor',
      description: 'Ask with this next time, also when nothing happened.',
      resolve: ({ position }) => encodeEventCursor(position),
    }),
    hasMore: t.exposeBoolean('hasMore', { description: 'More has happened already: ask again at once.' }),
  }),
});

/** A logged event as it is shown: what a comment's later fate has hidden stays hidden. */
function streamEvent(row: EventRow, { articleId, epoch }: Omit<LogPosition, 'sequence'>): StreamEvent | null {
  const position = { articleId, epoch, sequence: row.sequence };
  const { comment, at } = row;
  if (row.kind === 'REMOVED')
    return { type: 'CommentRemoved', position, at, comment: { ...comment, status: 'REMOVED' } };
  // Hidden since then: its own REMOVED event follows in the log.
  if (!comment.visible) return null;
  return { type: row.kind === 'ADDED' ? 'CommentAdded' : 'CommentChanged', position, at, comment };
}

/** Why nobody can go on from a position, in words; null when they can. Pure. */
function resumeFault(
  from: LogPosition | null,
  { position, first }: { position: LogPosition; first: number | null },
): string | null {
  if (!from) return 'The cursor is not one that this graph gave out.';
  if (from.articleId !== position.articleId) return 'The cursor belongs to another article.';
  if (from.epoch !== position.epoch) return 'The log has been started anew since.';
  if (from.sequence > position.sequence) return 'The cursor is ahead of the log.';
  if (from.sequence < position.sequence && first !== from.sequence + 1)
    return 'What follows the cursor is no longer kept.';
  return null;
}

function caughtUp(position: LogPosition, replayed: number): StreamEvent {
  return { type: 'CaughtUp', position, at: new Date(), replayed };
}

function resync(position: LogPosition, reason: string): StreamEvent {
  return { type: 'ResyncRequired', position, at: new Date(), reason };
}

const resuming: ResumeRules<StreamEvent> = { decode: decodeEventCursor, fault: resumeFault, caughtUp, resync };

/** A discussion's log as its events. */
export function commentEventView(comment: Selection): LogView<LoggedEvent, StreamEvent> {
  return {
    async load(logged, context) {
      const rows = await loadEventComments(context, logged, comment);
      return rows.map((row, i) => row && streamEvent(row, logged[i]!));
    },
    resuming,
  };
}

/** The events of an article that follow a cursor. */
export async function eventPage(
  context: Context,
  article: ArticleRow,
  { after, first, info }: { after: string; first: number; info: Parameters<typeof selectionOf>[0] },
): Promise<EventPage> {
  const now = { articleId: article.id, epoch: article.eventEpoch, sequence: article.eventSequence };
  const from = decodeEventCursor(after);
  const comment = selectionOf(info).at('events', 'comment');
  const rows = from
    ? await events.first(context, eventsOf({ ...now, sequence: from.sequence }, comment), first + 1)
    : [];
  // What happened between the article's statement and this one is in the page, too.
  const position = { ...now, sequence: Math.max(now.sequence, rows.at(-1)?.sequence ?? 0) };
  const fault = resumeFault(from, { position, first: rows[0]?.sequence ?? null });
  if (fault !== null || !from) return { events: [resync(now, fault ?? '')], position: now, hasMore: false };
  const read = rows.slice(0, first);
  return {
    events: read.flatMap((row) => streamEvent(row, from) ?? []),
    position: { ...from, sequence: read.at(-1)?.sequence ?? from.sequence },
    hasMore: rows.length > first,
  };
}
