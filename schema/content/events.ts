import type { CommentEventKind, ModerationAction } from '../../prisma/client/enums.ts';

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
  commentId: number;
  at: Date;
}

/** An event as a change emits it; the log adds its position and time. */
export type EmittedEvent = Pick<LoggedEvent, 'articleId' | 'kind' | 'commentId'>;

/** An article that became public. The order is that of `sequence`, which may have gaps. */
export interface Publication {
  sequence: number;
  articleId: number;
}

/** What moderators are notified of, as a change emits it. `moderation` tells it from an event of a discussion. */
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
