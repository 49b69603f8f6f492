import type { Article, ArticleRevision, Author, Comment, Topic } from '../../prisma/client/client.ts';

/** The columns named may be absent: they are read when a query asks for them. */
type WithOptional<Row, Keys extends keyof Row> = Omit<Row, Keys> & Partial<Pick<Row, Keys>>;

/**
 * What stands behind an object of the graph: its Prisma model, with heavy and rarely needed columns left out unless
 * they were asked for, and with neighbours that the same statement brought along. Whatever is absent is loaded when it
 * is needed.
 */
export type AuthorRow = WithOptional<
  Author,
  'bioSource' | 'bioFormat' | 'bioHtml' | 'bioText' | 'email' | 'subject' | 'guestKey' | 'createdAt' | 'updatedAt'
>;

export type TopicRow = Topic;

export type ArticleRow = WithOptional<
  Article,
  | 'bodySource'
  | 'bodyFormat'
  | 'bodyHtml'
  | 'bodyText'
  | 'coverAlt'
  | 'coverCaption'
  | 'coverWidth'
  | 'coverHeight'
  | 'createdAt'
  | 'nextOrdinal'
> & { author?: AuthorRow; topics?: TopicRow[] };

export type CommentRow = WithOptional<
  Comment,
  | 'bodySource'
  | 'bodyFormat'
  | 'bodyHtml'
  | 'bodyText'
  | 'path'
  | 'nextOrdinal'
  | 'holdReasons'
  | 'reactionCounts'
  | 'broughtReactions'
> & {
  author?: AuthorRow;
  /** Author of the article it stands under. */
  articleAuthorId?: number;
  /** The first replies in an order, one more than `size` where there are more. */
  replies?: { order: 'NEWEST' | 'OLDEST' | 'TOP'; size: number; rows: CommentRow[] };
  /** Whoever asks has shown its receipt: they wrote it. */
  byReceipt?: true;
};

export type ArticleRevisionRow = WithOptional<ArticleRevision, 'bodySource' | 'bodyFormat'>;

/** The types that type files refer to by name. */
export interface RowTypes {
  Article: ArticleRow;
  ArticleRevision: ArticleRevisionRow;
  Author: AuthorRow;
  Topic: TopicRow;
  Comment: CommentRow;
}
