import type { CommentEventKind } from '../prisma/client/enums.ts';

/** One entry of an article's log: a fact with ids, never a row. Order within an article is that of `sequence`. */
export interface LoggedEvent {
  articleId: number;
  /** 1 for the article's first event, then one more each time, without gaps. */
  sequence: number;
  kind: CommentEventKind;
  commentId: number;
  at: Date;
}

/** What a change says happened; the log gives it its sequence. */
export type EmittedEvent = Pick<LoggedEvent, 'articleId' | 'kind' | 'commentId'>;

/** A place in one article's log. The epoch tells this log from one in another, or a restored, database. */
export interface LogPosition {
  articleId: number;
  epoch: number;
  sequence: number;
}
