import { articleById } from '../article/find-article.ts';
import { articleNotFound } from '../article/followed-article.ts';
import type { Context, LogView, ResumeRules } from '../context.ts';
import { decodeEventCursor, encodeEventCursor } from '../event-cursor.ts';
import { type LoggedEvent, type LogPosition, type LogState, positionFault } from '../events.ts';
import { decodeIdOf } from '../ids.ts';
import { isModerator } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import { NO_FIELDS, type Selection } from '../selection.ts';
import { placeholderOf } from './comment-access.ts';
import { type EventRow, loadEvents } from './logged-events.ts';

/** An item of a discussion's stream: a logged event with its comment, or a notice about the stream itself. */
export type StreamEvent = { position: LogPosition; at: Date } & (
  | { type: 'CommentAdded' | 'CommentChanged'; comment: CommentRow }
  | { type: 'CommentRemoved'; comment: CommentRow; leavesPlace: boolean }
  | { type: 'DiscussionChanged'; authorId: number | null }
  | { type: 'CaughtUp'; replayed: number }
  | { type: 'ResyncRequired'; reason: string }
);

/**
 * The events of an article's discussion.
 * @param comment fields selected of each event's comment
 * @throws NotFoundError unless the article is published
 */
export async function commentEventStream(
  context: Context,
  articleId: string,
  comment: Selection,
): Promise<AsyncIterable<StreamEvent>> {
  const id = await requirePublishedArticle(context, articleId);
  return context.live.discussion(id, commentEventView(id, comment));
}

/**
 * The comments of an article that become visible. One that is hidden again before it is read is left out, and so is the place
 * of a removed comment that returns with a comment below it.
 * @throws NotFoundError unless the article is published
 */
export async function addedCommentStream(
  context: Context,
  articleId: string,
  comment: Selection,
): Promise<AsyncIterable<CommentRow>> {
  const id = await requirePublishedArticle(context, articleId);
  return context.live.discussion(id, {
    async load(logged, now) {
      const added = logged.filter(({ kind }) => kind === 'ADDED');
      const rows = await loadEvents(now, added, comment);
      const readable = new Map<number, CommentRow>();
      for (const row of rows)
        if (row?.comment?.visible && row.comment.status === 'VISIBLE') readable.set(row.sequence, row.comment);
      return logged.map(({ sequence }) => readable.get(sequence) ?? null);
    },
    goneError: (now) => articleNotFound(now, id),
  });
}

/** @throws NotFoundError */
async function requirePublishedArticle(context: Context, articleId: string): Promise<number> {
  const id = decodeIdOf('Article', articleId);
  const article = id === null ? null : await articleById(context, id, NO_FIELDS);
  if (!article) throw await articleNotFound(context, id);
  return article.id;
}

function commentEventView(articleId: number, comment: Selection): LogView<LoggedEvent, StreamEvent> {
  return {
    async load(logged, context) {
      const rows = await loadEvents(context, logged, comment);
      return rows.map((row, i) => row && streamEvent(context, row, logged[i]!));
    },
    resuming: RESUMING,
    goneError: (context) => articleNotFound(context, articleId),
  };
}

/**
 * A logged event as the viewer sees it now. Null for a comment that was hidden since: its REMOVED event follows in the log.
 * Moderators get a removed comment as queries show it to them; everybody else gets a placeholder.
 */
export function streamEvent(
  { viewer }: Context,
  row: EventRow,
  { articleId, epoch }: Pick<LogPosition, 'articleId' | 'epoch'>,
): StreamEvent | null {
  const { comment, at, authorId } = row;
  const position = { articleId, epoch, sequence: row.sequence, at };
  if (!comment) return { type: 'DiscussionChanged', position, at, authorId };
  if (row.kind === 'REMOVED') {
    const leavesPlace = comment.visible && comment.status === 'REMOVED';
    const shown = isModerator(viewer) ? comment : placeholderOf(comment);
    return { type: 'CommentRemoved', position, at, comment: shown, leavesPlace };
  }
  if (!comment.visible) return null;
  return { type: row.kind === 'ADDED' ? 'CommentAdded' : 'CommentChanged', position, at, comment };
}

/** Why a client cannot resume from a cursor; null when it can. Pure. */
export function resumeFault(from: LogPosition | null, log: LogState): string | null {
  return from ? positionFault(from, log) : 'The cursor was not issued by this graph.';
}

export function resyncRequired(position: LogPosition, reason: string): StreamEvent {
  return { type: 'ResyncRequired', position, at: new Date(), reason };
}

const RESUMING: ResumeRules<StreamEvent> = {
  decode: decodeEventCursor,
  fault: resumeFault,
  cursorOf: ({ position }) => encodeEventCursor(position),
  caughtUp: (position, replayed) => ({ type: 'CaughtUp', position, at: new Date(), replayed }),
  resync: resyncRequired,
};
