import { articleById } from '../article/find-article.ts';
import type { Context, LogView, ResumeRules } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { decodeEventCursor } from '../event-cursor.ts';
import type { LoggedEvent, LogPosition } from '../events.ts';
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
  return context.live.discussion(id, commentEventView(comment));
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
  });
}

/** @throws NotFoundError */
async function requirePublishedArticle(context: Context, articleId: string): Promise<number> {
  const id = decodeIdOf('Article', articleId);
  const article = id === null ? null : await articleById(context, id, NO_FIELDS);
  if (!article) throw new NotFoundError('There is no such article.');
  return article.id;
}

function commentEventView(comment: Selection): LogView<LoggedEvent, StreamEvent> {
  return {
    async load(logged, context) {
      const rows = await loadEvents(context, logged, comment);
      return rows.map((row, i) => row && streamEvent(context, row, logged[i]!));
    },
    resuming: RESUMING,
  };
}

/**
 * A logged event as the viewer sees it now. Null for a comment that was hidden since: its REMOVED event follows in the log.
 * Moderators get a removed comment as queries show it to them; everybody else gets a placeholder.
 */
export function streamEvent(
  { viewer }: Context,
  row: EventRow,
  { articleId, epoch }: Omit<LogPosition, 'sequence'>,
): StreamEvent | null {
  const position = { articleId, epoch, sequence: row.sequence };
  const { comment, at, authorId } = row;
  if (!comment) return { type: 'DiscussionChanged', position, at, authorId };
  if (row.kind === 'REMOVED') {
    const leavesPlace = comment.visible && comment.status === 'REMOVED';
    const shown = isModerator(viewer) ? comment : placeholderOf(comment);
    return { type: 'CommentRemoved', position, at, comment: shown, leavesPlace };
  }
  if (!comment.visible) return null;
  return { type: row.kind === 'ADDED' ? 'CommentAdded' : 'CommentChanged', position, at, comment };
}

/** Why a client cannot resume from a position, for its log; null when it can. Pure. */
export function resumeFault(
  from: LogPosition | null,
  { position, first }: { position: LogPosition; first: number | null },
): string | null {
  if (!from) return 'The cursor was not issued by this graph.';
  if (from.articleId !== position.articleId) return 'The cursor belongs to another article.';
  if (from.epoch !== position.epoch) return 'The log was restarted after the cursor was issued.';
  if (from.sequence > position.sequence) return 'The cursor is ahead of the log.';
  if (from.sequence < position.sequence && first !== from.sequence + 1)
    return 'Events after the cursor are no longer kept.';
  return null;
}

export function resyncRequired(position: LogPosition, reason: string): StreamEvent {
  return { type: 'ResyncRequired', position, at: new Date(), reason };
}

const RESUMING: ResumeRules<StreamEvent> = {
  decode: decodeEventCursor,
  fault: resumeFault,
  caughtUp: (position, replayed) => ({ type: 'CaughtUp', position, at: new Date(), replayed }),
  resync: resyncRequired,
};
