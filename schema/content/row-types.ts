import type { Article, ArticleRevision, Author, Comment, Topic } from '../../prisma/client/client.ts';
import type { FirstRows } from './list/first-rows.ts';
import type { Time } from './stored-time.ts';

// Rows of lists. A list reads a column when the query needs it, so most columns are optional, and whatever needs a column
// that is missing loads it. Some rows bring their neighbours, where the list's statement reads them, too.

/** A row whose times are as far as rows need them. */
type Timed<Row> = { [Key in keyof Row]: Date extends Row[Key] ? Time | Exclude<Row[Key], Date> : Row[Key] };

/** A row that always has the columns `Always`, and may have the others. */
type PartialRow<Row, Always extends keyof Row> = Pick<Row, Always> & Partial<Omit<Row, Always>>;

export type AuthorRow = PartialRow<Author, 'id' | 'name'> & { articles?: FirstRows<ArticleRow> };

export type TopicRow = Topic & { articles?: FirstRows<ArticleRow> };

export type ArticleRow = PartialRow<
  Timed<Omit<Article, 'lastEventAt'>> & Pick<Article, 'lastEventAt'>,
  'id' | 'status' | 'authorId' | 'publishedAt' | 'commentCount' | 'discussedAt'
> & {
  author?: AuthorRow;
  topics?: TopicRow[];
  comments?: FirstRows<CommentRow>;
  /** In reading order. */
  thread?: FirstRows<CommentRow>;
};

export type CommentRow = PartialRow<
  Timed<Comment>,
  'id' | 'articleId' | 'authorId' | 'depth' | 'status' | 'visible' | 'createdAt' | 'score'
> & {
  author?: AuthorRow;
  /** The author of the article that the comment is on. */
  articleAuthorId?: number;
  /** The top-level comment above it; its own id at the top. */
  rootId?: number;
  replies?: FirstRows<CommentRow>;
  /** It stands in an event for a comment that was hidden, so it is the same for every reader, its author too. */
  isPlaceholder?: true;
};

/** A revision's key. Its columns are read by Prisma. */
export type ArticleRevisionRow = Pick<ArticleRevision, 'articleId' | 'version'>;

/** The row of each type that is named by a string where a field has it as its type. */
export interface RowTypes {
  Article: ArticleRow;
  ArticleRevision: ArticleRevisionRow;
  Author: AuthorRow;
  Topic: TopicRow;
  Comment: CommentRow;
}
