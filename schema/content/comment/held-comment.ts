import type { Queryable, Statement } from '../context.ts';
import { NotFoundError } from '../errors.ts';
import { RENDERING_VERSION } from '../text/render.ts';
import { MAX_PATH_LEVELS } from './comment-path.ts';
import type { NewComment } from './visible-comment.ts';

export interface HeldComment extends NewComment {
  authorId: number;
  holdReasons: readonly string[];
}

/**
 * Inserts a comment that waits for a moderator at its place in the thread. No counter and no event shows it. The caller has
 * locked the article's row.
 * @returns the comment's id
 * @throws NotFoundError unless the parent is visible in this article's discussion
 */
export async function insertHeldComment(tx: Queryable, comment: HeldComment): Promise<number> {
  const [inserted] = await tx.query<[id: number]>(heldCommentStatement(comment));
  if (!inserted) throw new NotFoundError('There is no such comment to reply to.');
  return inserted[0];
}

function heldCommentStatement({
  articleId,
  parentId,
  authorId,
  body,
  html,
  text,
  holdReasons,
}: HeldComment): Statement {
  const isReply = parentId !== null;
  return {
    name: isReply ? 'comment-held-reply' : 'comment-held',
    text: `WITH ${isReply ? NEXT_REPLY : NEXT_TOP_LEVEL}
      INSERT INTO comment (article_id, parent_id, author_id, path, depth, status, visible, body_source, body_format,
        body_html, body_text, rendering, hold_reasons, created_at)
      SELECT $1, $2::int, $3, path, depth, 'PENDING', false, $4, 'MARKDOWN', $5, $6, ${RENDERING_VERSION}, $7, clock_timestamp()
      FROM place RETURNING id`,
    values: [articleId, parentId, authorId, body, html, text, holdReasons],
  };
}

const NEXT_TOP_LEVEL = `place AS (
    UPDATE article SET next_ordinal = next_ordinal + 1 WHERE id = $1 RETURNING ARRAY[next_ordinal - 1] AS path, 0 AS depth
  )`;

/** The ordinal is the parent's next one or, below the deepest level of paths, that of its last ancestor there. */
const NEXT_REPLY = `parent AS (
    SELECT path, depth FROM comment WHERE id = $2 AND article_id = $1 AND visible AND status = 'VISIBLE'
  ), place AS (
    UPDATE comment SET next_ordinal = next_ordinal + 1 FROM parent
    WHERE comment.article_id = $1 AND comment.path = parent.path[:${MAX_PATH_LEVELS - 1}]
    RETURNING comment.path || (comment.next_ordinal - 1) AS path, parent.depth + 1 AS depth
  )`;
