import type { CommentEventKind, ModerationAction } from '../../prisma/client/enums.ts';

/** A position in one article's log. The epoch tells this log from that of another, or of a restored, database. */
export interface LogPosition {
  articleId: number;
  epoch: number;
  /** 0 before the article's first event, then one more each time, without gaps. */
  sequence: number;
  /**
   * The time of the entry, which identifies it: after a backup was restored, another entry gets the same sequence. Absent
   * or null before the first entry, and where it is not known, as in cursors of earlier versions.
   */
  at?: Date | null | undefined;
}

/** One entry of an article's log: a fact with ids, never a row. */
export interface LoggedEvent extends LogPosition {
  kind: CommentEventKind;
  /** Null for an event of the discussion itself. */
  commentId: number | null;
  /** The person whose name, picture or page changed; null for other events. */
  authorId: number | null;
  at: Date;
  /** Time of the entry before it, which may no longer be kept; null for the first one, and where it is not known. */
  previousAt: Date | null;
}

/** An entry as it follows a position. */
interface FollowingEntry {
  sequence: number;
  previousAt?: Date | null | undefined;
}

/** A log as one statement has read it. */
export interface LogState {
  /** Of the newest entry. */
  position: LogPosition;
  /** The oldest entry that is kept after the position in question; null for none. */
  first: FollowingEntry | null;
}

/**
 * Why a log does not continue from a position, so that what is missing between them cannot be delivered; null when it does.
 * The entry after the position names the time of the one before it, so this is also known when that one was deleted. Pure.
 */
export function positionFault(from: LogPosition, { position, first }: LogState): string | null {
  if (from.articleId !== position.articleId) return 'The cursor belongs to another article.';
  if (from.epoch !== position.epoch)
    return 'The log was restarted after the cursor was issued, as by an import, a repair or another database.';
  if (from.sequence > position.sequence) return 'The cursor is ahead of the log, as after a backup was restored.';
  if (from.sequence < position.sequence && first?.sequence !== from.sequence + 1)
    return 'Events after the cursor are no longer kept.';
  if (hasOtherTime(from, { position, first }))
    return 'The log has another event at the place of the cursor, as after a backup was restored.';
  return null;
}

/** Whether a log has the entry at a position, as far as that can be known when the entries after it are no longer kept. Pure. */
export function isSameLog(from: LogPosition, { position, first }: LogState): boolean {
  const hasEntry = from.epoch === position.epoch && from.sequence <= position.sequence;
  return hasEntry && !hasOtherTime(from, { position, first });
}

function hasOtherTime({ sequence, at }: LogPosition, { position, first }: LogState): boolean {
  const next = first?.sequence === sequence + 1 ? first : null;
  const found = sequence === position.sequence ? position.at : next?.previousAt;
  return Boolean(at && found && at.getTime() !== found.getTime());
}

export function isSamePosition(one: LogPosition, other: LogPosition): boolean {
  return one.epoch === other.epoch && one.sequence === other.sequence && one.at?.getTime() === other.at?.getTime();
}

/** A position from which the log continues, with its time also where the cursor did not have it. */
export function withTime(from: LogPosition, { position, first }: LogState): LogPosition {
  return { ...from, at: from.at ?? (from.sequence === position.sequence ? position.at : first?.previousAt) };
}

/** An event as a change emits it; the log adds its position and time. */
export type EmittedEvent = Pick<LoggedEvent, 'articleId'> &
  (
    | { kind: Exclude<CommentEventKind, 'DISCUSSION'>; commentId: number }
    | { kind: 'DISCUSSION'; authorId: number | null }
  );

/** An event that a statement of a change has written together with what it is about. */
export type WrittenEvent = Pick<LogPosition, 'articleId' | 'sequence'>;

/** An article that became public. The order is that of `sequence`, which may have gaps. */
export interface Publication {
  sequence: number;
  articleId: number;
}

/** An event for moderators, as a change emits it. The property `moderation` distinguishes it from an event of a discussion. */
export type ModerationFact = { commentId: number } & (
  | { moderation: 'HELD'; reasons: readonly string[] }
  | { moderation: 'REPORTED'; openReports: number }
  | {
      moderation: 'DECIDED';
      /** Null when an edit made a decision unnecessary. */
      action: ModerationAction | null;
      /** The author who decided. */
      by: number;
    }
);

/** An entry of the moderation log. The order is that of `sequence`, which may have gaps. */
export type LoggedModerationFact = ModerationFact & { sequence: number; at: Date };
