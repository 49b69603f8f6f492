import type { CommentEventKind } from '../../prisma/client/enums.ts';

/** A place in one article's log. The epoch tells this log from one in another, or a restored, database. */
export interface LogPosition {
  articleId: number;
  epoch: number;
  /** 0 before the article's first event, then one more each time, without gaps. */
  sequence: number;
}

/** One entry of an article's log: a fact with ids, never a row. It stands at its position. */
export interface LoggedEvent extends LogPosition {
  kind: CommentEventKind;
  commentId: number;
  at: Date;
}

/** What a change says happened; the log gives it its position. */
export type EmittedEvent = Pick<LoggedEvent, 'articleId' | 'kind' | 'commentId'>;

/** An article that became public. Order is that of `sequence`, which may have gaps. */
export interface Publication {
  sequence: number;
  articleId: number;
}
