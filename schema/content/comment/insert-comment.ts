import type { Emit, Queryable } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { queryRow } from '../query.ts';
import { RENDERING_VERSION } from '../text/render.ts';
import { MAX_PATH_LEVELS } from './comment-path.ts';

/** A comment that has passed every check. */
export interface NewComment {
  articleId: number;
  parentId: number | null;
  authorId: number;
  body: string;
  html: string;
  text: string;
  /** Empty for a comment that is visible at once. */
  holdReasons: readonly string[];
}

/**
 * Inserts a comment at its position in the thread; a visible one also into the counters above it and the log, a held
 * one into the moderation log. The caller
 * has locked the article's row.
 * @returns the comment's id
 * @throws NotFoundError unless the parent is visible in this article's discussion
 */
export async function insertComment(tx: Queryable, emit: Emit, comment: NewComment): Promise<number> {
  const { articleId, parentId, authorId, body, html, text, holdReasons } = comment;
  const { path, depth } = await allocatePath(tx, comment);
  const isVisible = holdReasons.length === 0;
  const status = isVisible ? 'VISIBLE' : 'PENDING';
  const [id] = await queryRow<[id: number]>(tx, {
    name: 'comment-insert',
    // The clock is read under the lock: order of time is order of ordinals.
    text: `INSERT INTO comment (article_id, parent_id, author_id, path, depth, status, visible, body_source, body_format,
        body_html, body_text, rendering, hold_reasons, created_at)
      VALUES ($1, $2, $3, $4, $5, $6::"CommentStatus", $7, $8, 'MARKDOWN', $9, $10, ${RENDERING_VERSION}, $11, clock_timestamp()) RETURNING id`,
    values: [articleId, parentId, authorId, path, depth, status, isVisible, body, html, text, holdReasons],
  });
  if (isVisible) {
    await countAddedComment(tx, id, parentId);
    await emit({ articleId, kind: 'ADDED', commentId: id });
  } else await emit({ moderation: 'HELD', commentId: id, reasons: holdReasons });
  return id;
}

/** Where a comment is in its thread. */
interface ThreadPosition {
  path: number[];
  depth: number;
}

/**
 * Takes the next ordinal of the article or of the parent. Below the deepest level of paths, of its last ancestor there.
 * @throws NotFoundError unless the parent is visible in this article's discussion
 */
function allocatePath(
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

/** Counts a new visible comment on its ancestors, its article and its author. The article's row is locked. */
async function countAddedComment(tx: Queryable, id: number, parentId: number | null): Promise<void> {
  if (parentId !== null) await countOnAncestors(tx, parentId);
  await tx.query({
    name: 'count-article',
    text: `WITH added AS (SELECT article_id, author_id, created_at FROM comment WHERE id = $1),
      counted AS (
        UPDATE author SET comment_count = comment_count + 1 FROM added WHERE author.id = added.author_id
      )
      UPDATE article SET comment_count = comment_count + 1, discussed_at = greatest(discussed_at, added.created_at)
      FROM added WHERE article.id = added.article_id`,
    values: [id],
  });
}

async function countOnAncestors(tx: Queryable, parentId: number): Promise<void> {
  await tx.query({
    name: 'count-above',
    text: `WITH RECURSIVE above AS (
        SELECT $1::int AS id UNION ALL
        SELECT c.parent_id FROM above JOIN comment c ON c.id = above.id WHERE c.parent_id IS NOT NULL
      )
      UPDATE comment c SET descendant_count = descendant_count + 1,
        reply_count = reply_count + (c.id = $1)::int, score = score + (c.id = $1)::int
      FROM above WHERE c.id = above.id`,
    values: [parentId],
  });
}
