import type { CommentStatus } from '../../../prisma/client/enums.ts';
import type { Emit, Queryable } from '../context.ts';
import {
  type RecomputedComment,
  recomputeVisibility,
  type ThreadComment,
  type VisibilityChange,
} from './visibility.ts';

/**
 * Gives comments new statuses and updates all that follows from them: the visibility of the thread, the counters of every
 * ancestor, article and author, and the log. The only way in which the status of a comment changes after it was added.
 * The caller has locked the articles' rows (`lockComments`); authors' rows are locked here, in order of id.
 */
export async function setCommentStatuses(
  tx: Queryable,
  emit: Emit,
  statuses: ReadonlyMap<number, CommentStatus>,
): Promise<void> {
  const thread = await loadAffectedThread(tx, [...statuses.keys()]);
  const { comments, changes, events } = recomputeVisibility(thread, statuses);
  if (comments.length > 0) await updateComments(tx, comments);
  if (changes.length > 0) {
    await countOnArticles(tx, changes);
    await countOnAuthors(tx, changes);
  }
  for (const { comment, kind } of events) await emit({ articleId: comment.articleId, kind, commentId: comment.id });
}

const THREAD_COLUMNS = 'id, article_id, parent_id, author_id, status, visible, descendant_count, created_at';

type ThreadColumns = [
  ...[id: number, articleId: number, parentId: number | null, authorId: number, status: CommentStatus],
  ...[visible: boolean, descendantCount: number, createdAt: Date],
];

/** The comments with all their descendants and ancestors, parents before replies. */
async function loadAffectedThread(tx: Queryable, ids: readonly number[]): Promise<ThreadComment[]> {
  const rows = await tx.query<ThreadColumns>({
    name: 'comments-around',
    // Level by level through an index (LATERAL with OFFSET 0): the planner does not know how few rows there are.
    text: `WITH RECURSIVE above AS (
        SELECT ${THREAD_COLUMNS}, depth FROM comment WHERE id = ANY($1)
        UNION
        SELECT p.* FROM above CROSS JOIN LATERAL (
          SELECT ${THREAD_COLUMNS}, depth FROM comment WHERE id = above.parent_id OFFSET 0
        ) p
      ), below AS (
        SELECT ${THREAD_COLUMNS}, depth FROM comment WHERE id = ANY($1)
        UNION
        SELECT r.* FROM below CROSS JOIN LATERAL (
          SELECT ${THREAD_COLUMNS}, depth FROM comment WHERE parent_id = below.id OFFSET 0
        ) r
      )
      SELECT ${THREAD_COLUMNS} FROM (SELECT * FROM above UNION SELECT * FROM below) c ORDER BY depth, id`,
    values: [ids],
  });
  return rows.map(([id, articleId, parentId, authorId, status, visible, descendantCount, createdAt]) => ({
    id,
    articleId,
    parentId,
    authorId,
    status,
    visible,
    descendantCount,
    createdAt,
  }));
}

async function updateComments(tx: Queryable, comments: readonly RecomputedComment[]): Promise<void> {
  await tx.query({
    name: 'comments-visibility',
    text: `UPDATE comment c SET status = n.status::"CommentStatus", visible = n.visible,
        restore_status = CASE WHEN c.status IN ('VISIBLE', 'PENDING') THEN c.status ELSE c.restore_status END,
        -- A pinned comment that was removed and restored is not pinned any more.
        pinned = c.pinned AND n.status <> 'REMOVED',
        reply_count = c.reply_count + n.replies, score = c.score + n.replies,
        descendant_count = c.descendant_count + n.descendants
      FROM unnest($1::int[], $2::text[], $3::boolean[], $4::int[], $5::int[]) n(id, status, visible, replies, descendants)
      WHERE c.id = n.id`,
    values: [
      comments.map(({ comment }) => comment.id),
      comments.map(({ status }) => status),
      comments.map(({ visible }) => visible),
      comments.map(({ replies }) => replies),
      comments.map(({ descendants }) => descendants),
    ],
  });
}

async function countOnArticles(tx: Queryable, changes: readonly VisibilityChange[]): Promise<void> {
  await tx.query({
    name: 'articles-count',
    // The newest comment is searched again only when it may be the one that disappeared.
    text: `UPDATE article a SET comment_count = comment_count + n.difference,
        discussed_at = CASE WHEN n.newest_hidden >= a.discussed_at
          THEN coalesce((SELECT max(created_at) FROM comment c
            WHERE c.article_id = a.id AND c.visible AND c.status = 'VISIBLE'), 'epoch')
          ELSE greatest(a.discussed_at, n.newest_shown) END
      FROM (
        SELECT article, sum(count)::int AS difference, max(at) FILTER (WHERE count > 0) AS newest_shown,
          max(at) FILTER (WHERE count < 0) AS newest_hidden
        FROM unnest($1::int[], $2::int[], $3::timestamptz[]) t(article, count, at) GROUP BY article
      ) n WHERE a.id = n.article`,
    values: [
      changes.map(({ comment }) => comment.articleId),
      changes.map(({ count }) => count),
      changes.map(({ comment }) => comment.createdAt),
    ],
  });
}

async function countOnAuthors(tx: Queryable, changes: readonly VisibilityChange[]): Promise<void> {
  await tx.query({
    name: 'authors-count',
    text: `WITH n AS (
        SELECT author AS id, sum(count)::int AS difference FROM unnest($1::int[], $2::int[]) t(author, count) GROUP BY author
      ), locked AS (
        SELECT a.id, n.difference FROM author a JOIN n ON n.id = a.id ORDER BY a.id FOR NO KEY UPDATE OF a
      )
      UPDATE author a SET comment_count = comment_count + locked.difference FROM locked WHERE a.id = locked.id`,
    values: [changes.map(({ comment }) => comment.authorId), changes.map(({ count }) => count)],
  });
}
