import type { ArticleStatus, CommentPolicy, CommentStatus } from '../../../prisma/client/enums.ts';
import type { Queryable } from '../context.ts';

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
  article: { authorId: number; status: ArticleStatus };
  /** That of its article; null follows the default. */
  policy: CommentPolicy | null;
  pinned: boolean;
  bodySource: string;
  /** Seconds since it was written, by the database's clock. */
  age: number;
}

type Columns = [
  ...[id: number, articleId: number, authorId: number, status: CommentStatus, visible: boolean],
  ...[articleAuthorId: number, articleStatus: ArticleStatus, policy: CommentPolicy | null],
  ...[pinned: boolean, bodySource: string, age: number],
];

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
    text: `SELECT c.id, c.article_id, c.author_id, c.status, c.visible, a.author_id, a.status, a.comment_policy, c.pinned,
        c.body_source, extract(epoch FROM clock_timestamp() - c.created_at)::float8
      FROM comment c JOIN article a ON a.id = c.article_id WHERE c.id = ANY($1)`,
    values: [ids],
  });
  return new Map(
    rows.map(
      ([id, articleId, authorId, status, visible, articleAuthorId, articleStatus, policy, pinned, bodySource, age]) => {
        const article = { authorId: articleAuthorId, status: articleStatus };
        const published = articleStatus === 'PUBLISHED';
        return [
          id,
          { id, articleId, authorId, status, visible, published, article, policy, pinned, bodySource, age },
        ] as const;
      },
    ),
  );
}

/** One comment, its article's row locked. */
export async function lockComment(tx: Queryable, id: number): Promise<LockedComment | null> {
  return (await lockComments(tx, [id])).get(id) ?? null;
}
