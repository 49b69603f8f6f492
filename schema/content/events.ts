import type { CommentEventKind } from '../../prisma/client/enums.ts';

/** A position in one article's log. The epoch tells this log from that of another, or of a restored, database. */
export interface LogPosition {
  articleId: number;
  epoch: number;
  /** 0 before the article's first event, then one more each time, without gaps. */
  sequence: number;
}

/** One entry of an article's log: a fact with ids, never a row. */
export interface LoggedEvent extends LogPosition {
  kind: CommentEventKind;
  /** Null for an event of the discussion itself. */
  commentId: number | null;
  /** The person whose name, picture or page changed; null for other events. */
  authorId: number | null;
  at: Date;
}

/** An event as a change emits it; the log adds its position and time. */
export type EmittedEvent = Pick<LoggedEvent, 'articleId'> &
  (
    | { kind: Exclude<CommentEventKind, 'DISCUSSION'>; commentId: number }
    | { kind: 'DISCUSSION'; authorId: number | null }
  );

/** An article that became public. The order is that of `sequence`, which may have gaps. */
export interface Publication {
  sequence: number;
  articleId: number;
}
