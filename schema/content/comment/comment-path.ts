import type { Queryable } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { queryRow } from '../query.ts';

/**
 * Levels of a comment's path. The path is part of a B-tree index, whose entries hold 2,704 bytes of an 8 kB page
 * (PostgreSQL, "B-Tree Implementation"); 512 ordinals of 4 bytes leave room for the array's header and the article's id.
 * Deeper replies keep their true parent and depth, and share this deepest level in order of time.
 */
export const MAX_PATH_LEVELS = 512;

/** Where a comment is in its thread. */
export interface ThreadPosition {
  path: number[];
  depth: number;
}

/**
 * Takes the next ordinal of the article or of the parent. Below the deepest level of paths, of its last ancestor there.
 * @throws NotFoundError unless the parent is visible in this article's discussion
 */
export function allocatePath(
  tx: Queryable,
  { articleId, parentId }: { articleId: number; parentId: number | null },
): Promise<ThreadPosition> {
  return parentId === null ? allocateTopLevel(tx, articleId) : allocateReply(tx, articleId, parentId);
}

async function allocateTopLevel(tx: Queryable, articleId: number): Promise<ThreadPosition> {
  const [ordinal] = await queryRow<[ordinal: number]>(tx, {
    name: 'ordinal-article',
    text: 'UPDATE article SET next_ordinal = next_ordinal + 1 WHERE id = $1 RETURNING next_ordinal - 1',
    values: [articleId],
  });
  return { path: [ordinal], depth: 0 };
}

async function allocateReply(tx: Queryable, articleId: number, parentId: number): Promise<ThreadPosition> {
  const [allocated] = await tx.query<[path: number[], ordinal: number, parentDepth: number]>({
    name: 'ordinal-parent',
    text: `WITH parent AS (
        SELECT path, depth FROM comment WHERE id = $1 AND article_id = $2 AND visible AND status = 'VISIBLE'
      ), counter AS (
        UPDATE comment SET next_ordinal = next_ordinal + 1 FROM parent
        WHERE comment.article_id = $2 AND comment.path = parent.path[:${MAX_PATH_LEVELS - 1}]
        RETURNING comment.path, comment.next_ordinal - 1 AS ordinal
      )
      SELECT counter.path, counter.ordinal, parent.depth FROM parent, counter`,
    values: [parentId, articleId],
  });
  if (!allocated) throw new NotFoundError('There is no such comment to reply to.');
  const [path, ordinal, parentDepth] = allocated;
  return { path: [...path, ordinal], depth: parentDepth + 1 };
}
