import type { CommentPolicy, CommentStatus } from '../prisma/client/enums.ts';
import type { Queryable } from './context.ts';

/** A comment inside a change, its article's row locked: nothing about it changes until the end. */
export interface LockedComment {
  id: number;
  articleId: number;
  authorId: number;
  status: CommentStatus;
  /** It stands in its article's discussion. */
  visible: boolean;
  /** Its article is public. */
  published: boolean;
  /** That of its article; null follows the default. */
  policy: CommentPolicy | null;
  pinned: boolean;
  bodySource: string;
  /** Seconds since it was written, by the database's clock. */
  age: number;
}

type Columns = [number, number, number, CommentStatus, boolean, boolean, CommentPolicy | null, boolean, string, number];

/** Locks the articles of comments, in order of id, and reads the comments. What does not exist is left out. */
export async function lockComments(tx: Queryable, ids: readonly number[]): Promise<Map<number, LockedComment>> {
  await tx.query({
    name: 'comments-lock',
    text: `SELECT FROM article WHERE id IN (SELECT article_id FROM comment WHERE id = ANY($1))
      ORDER BY id FOR NO KEY UPDATE`,
    values: [ids],
  });
  const rows = await tx.query<Columns>({
    name: 'comments-locked',
    text: `SELECT c.id, c.article_id, c.author_id, c.status, c.visible, a.status = 'PUBLISHED', a.comment_policy, c.pinned,
        c.body_source, extract(epoch FROM clock_timestamp() - c.created_at)::float8
      FROM comment c JOIN article a ON a.id = c.article_id WHERE c.id = ANY($1)`,
    values: [ids],
  });
  return new Map(
    rows.map(([id, articleId, authorId, status, visible, published, policy, pinned, bodySource, age]) => [
      id,
      { id, articleId, authorId, status, visible, published, policy, pinned, bodySource, age },
    ]),
  );
}

/** One comment, its article's row locked. */
export async function lockComment(tx: Queryable, id: number): Promise<LockedComment | null> {
  return (await lockComments(tx, [id])).get(id) ?? null;
}
