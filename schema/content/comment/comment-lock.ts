import type { ArticleStatus, CommentPolicy, CommentStatus, TextFormat } from '../../../prisma/client/enums.ts';
import type { Statement, Transaction } from '../context.ts';
import { NotFoundError } from '../errors.ts';

/** The earlier states of a comment that decide how moderators may change it. */
export interface CommentHistory {
  /** Its author removed it. */
  isWithdrawn: boolean;
  /** A rule held it for a moderator, at its present wording or a former one. */
  wasHeld: boolean;
  /** Its status before it was rejected, marked as spam or removed; null while it was neither pending nor visible here. */
  restoreStatus: 'VISIBLE' | 'PENDING' | null;
}

/** A comment as a change needs it. Under the lock of its article's row, nothing about it changes until the commit. */
export interface LockedComment {
  id: number;
  articleId: number;
  authorId: number;
  status: CommentStatus;
  /** It has a place in its article's discussion. */
  visible: boolean;
  /** Its article is published. */
  published: boolean;
  article: { authorId: number; status: ArticleStatus };
  /** The article's own policy; null follows the default. */
  policy: CommentPolicy | null;
  bodySource: string;
  bodyFormat: TextFormat;
  /** The source of its edit that waits for a moderator; null when none does. */
  heldSource: string | null;
  /** Why it was held for a moderator; empty if it was not. */
  holdReasons: string[];
  /** It has open reports. */
  reported: boolean;
  pinned: boolean;
  /** Counts its wordings. */
  version: number;
  history: CommentHistory;
  /** Seconds since it was written, by the database's clock. */
  ageSeconds: number;
}

type Columns = [
  ...[id: number, articleId: number, authorId: number, status: CommentStatus, visible: boolean],
  ...[articleAuthorId: number, articleStatus: ArticleStatus, policy: CommentPolicy | null],
  ...[bodySource: string, bodyFormat: TextFormat, heldSource: string | null, version: number, ageSeconds: number],
  ...[isWithdrawn: boolean, holdReasons: string[], restoreStatus: CommentHistory['restoreStatus']],
  ...[reported: boolean, pinned: boolean],
];

/** Locks a published article for a new comment. Returns its own policy. */
export function publishedArticleLock(articleId: number): Statement {
  return {
    name: 'article-lock',
    text: `SELECT comment_policy FROM article WHERE id = $1 AND status = 'PUBLISHED' FOR NO KEY UPDATE`,
    values: [articleId],
  };
}

/**
 * Locks the articles of comments, in order of id, and reads the comments, in the round trip of the next query.
 * @returns the comments that exist, once that query has returned
 */
export function lockComments(tx: Transaction, ids: readonly number[]): ReadonlyMap<number, LockedComment> {
  tx.enqueue(articlesLock(ids));
  const comments = new Map<number, LockedComment>();
  tx.enqueue<Columns>(
    {
      name: 'comments-locked',
      text: `SELECT c.id, c.article_id, c.author_id, c.status, c.visible, a.author_id, a.status, a.comment_policy,
          c.body_source, c.body_format, h.body_source, c.version, extract(epoch FROM clock_timestamp() - c.created_at)::float8,
          c.withdrawn, c.hold_reasons, c.restore_status, c.reported, c.pinned
        FROM comment c JOIN article a ON a.id = c.article_id LEFT JOIN comment_held_edit h ON h.comment_id = c.id
        WHERE c.id = ANY($1)`,
      values: [ids],
    },
    (rows) => {
      for (const columns of rows) comments.set(columns[0], lockedComment(columns));
    },
  );
  return comments;
}

/** Locks the articles of comments, in order of id. */
export function articlesLock(ids: readonly number[]): Statement {
  return {
    name: 'comments-lock',
    text: `SELECT FROM article WHERE id IN (SELECT article_id FROM comment WHERE id = ANY($1))
      ORDER BY id FOR NO KEY UPDATE`,
    values: [ids],
  };
}

function lockedComment(columns: Columns): LockedComment {
  const [id, articleId, authorId, status, visible, articleAuthorId, articleStatus, policy, ...others] = columns;
  const [bodySource, bodyFormat, heldSource, version, ageSeconds, isWithdrawn, holdReasons, ...rest] = others;
  const [restoreStatus, reported, pinned] = rest;
  return {
    id,
    articleId,
    authorId,
    status,
    visible,
    published: articleStatus === 'PUBLISHED',
    article: { authorId: articleAuthorId, status: articleStatus },
    policy,
    bodySource,
    bodyFormat,
    heldSource,
    holdReasons,
    reported,
    pinned,
    version,
    history: { isWithdrawn, wasHeld: holdReasons.length > 0, restoreStatus },
    ageSeconds,
  };
}

/** The comment, which everybody can read. @throws NotFoundError for any other */
export function requireReadable(comment: LockedComment | undefined): LockedComment {
  if (!comment?.published || !comment.visible || comment.status !== 'VISIBLE')
    throw new NotFoundError('There is no such comment.');
  return comment;
}
