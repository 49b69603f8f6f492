import type { CommentStatus } from '../../../prisma/client/enums.ts';
import type { Change, Queryable } from '../context.ts';
import {
  type RecomputedComment,
  recomputeVisibility,
  type ThreadComment,
  type VisibilityChange,
  type VisibilityUpdate,
} from './visibility.ts';

type Emit = Parameters<Parameters<Change>[0]>[1];

/**
 * Gives comments new statuses, and puts right all that follows from them: what stands in public below and above, the
 * counters of every ancestor, article and author, and the log. The only way a comment that is written changes its
 * status. The articles' rows are locked by the caller (`lockComments`); authors' rows are locked here, in order of id.
 */
export async function setStatuses(
  tx: Queryable,
  emit: Emit,
  statuses: ReadonlyMap<number, CommentStatus>,
): Promise<void> {
  const {
    comments: standings,
    changes: turns,
    events,
  } = recomputeVisibility(await loadAffectedThread(tx, [...statuses.keys()]), statuses);
  if (standings.length > 0) await updateComments(tx, standings);
  if (turns.length > 0) {
    await countOnArticles(tx, turns);
    await countOnAuthors(tx, turns);
  }
  await emitEvents(emit, events);
}

type Columns = [number, number, number | null, number, CommentStatus, boolean, number, Date];

/** The comments, with all below and all above them, parents before replies. */
async function loadAffectedThread(tx: Queryable, ids: readonly number[]): Promise<ThreadComment[]> {
  const rows = await tx.query<Columns>({
    name: 'comments-around',
    // Level by level through an index (LATERAL with OFFSET 0): the planner does not know how few there are.
    text: `WITH RECURSIVE above AS (
        SELECT ${PLACED}, depth FROM comment WHERE id = ANY($1)
        UNION
        SELECT p.* FROM above CROSS JOIN LATERAL (
          SELECT ${PLACED}, depth FROM comment WHERE id = above.parent_id OFFSET 0
        ) p
      ), below AS (
        SELECT ${PLACED}, depth FROM comment WHERE id = ANY($1)
        UNION
        SELECT r.* FROM below CROSS JOIN LATERAL (
          SELECT ${PLACED}, depth FROM comment WHERE parent_id = below.id OFFSET 0
        ) r
      )
      SELECT ${PLACED} FROM (SELECT * FROM above UNION SELECT * FROM below) c ORDER BY depth, id`,
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

const PLACED = 'id, article_id, parent_id, author_id, status, visible, descendant_count, created_at';

async function updateComments(tx: Queryable, standings: readonly RecomputedComment[]): Promise<void> {
  await tx.query({
    name: 'comments-standing',
    text: `UPDATE comment c SET status = n.status::"CommentStatus", visible = n.visible,
        -- What was put forward and taken away does not come back put forward.
        pinned = c.pinned AND n.status <> 'REMOVED',
        reply_count = c.reply_count + n.replies, score = c.score + n.replies,
        descendant_count = c.descendant_count + n.descendants
      FROM unnest($1::int[], $2::text[], $3::boolean[], $4::int[], $5::int[]) n(id, status, visible, replies, descendants)
      WHERE c.id = n.id`,
    values: [
      standings.map(({ comment }) => comment.id),
      standings.map(({ status }) => status),
      standings.map(({ visible }) => visible),
      standings.map(({ replies }) => replies),
      standings.map(({ descendants }) => descendants),
    ],
  });
}

async function countOnArticles(tx: Queryable, turns: readonly VisibilityChange[]): Promise<void> {
  await tx.query({
    name: 'articles-count',
    // The newest comment is sought anew only when it may be the one that went.
    text: `UPDATE article a SET comment_count = comment_count + n.turned,
        discussed_at = CASE WHEN n.gone >= a.discussed_at
          THEN coalesce((SELECT max(created_at) FROM comment c
            WHERE c.article_id = a.id AND c.visible AND c.status = 'VISIBLE'), 'epoch')
          ELSE greatest(a.discussed_at, n.come) END
      FROM (
        SELECT article, sum(count)::int AS turned, max(at) FILTER (WHERE count > 0) AS come,
          max(at) FILTER (WHERE count < 0) AS gone
        FROM unnest($1::int[], $2::int[], $3::timestamptz[]) t(article, count, at) GROUP BY article
      ) n WHERE a.id = n.article`,
    values: [
      turns.map(({ comment }) => comment.articleId),
      turns.map(({ count }) => count),
      turns.map(({ comment }) => comment.createdAt),
    ],
  });
}

async function countOnAuthors(tx: Queryable, turns: readonly VisibilityChange[]): Promise<void> {
  await tx.query({
    name: 'authors-count',
    text: `WITH n AS (
        SELECT author AS id, sum(count)::int AS turned FROM unnest($1::int[], $2::int[]) t(author, count) GROUP BY author
      ), locked AS (
        SELECT a.id, n.turned FROM author a JOIN n ON n.id = a.id ORDER BY a.id FOR NO KEY UPDATE OF a
      )
      UPDATE author a SET comment_count = comment_count + locked.turned FROM locked WHERE a.id = locked.id`,
    values: [turns.map(({ comment }) => comment.authorId), turns.map(({ count }) => count)],
  });
}

async function emitEvents(emit: Emit, events: VisibilityUpdate['events']): Promise<void> {
  for (const { comment, kind } of events) await emit({ articleId: comment.articleId, kind, commentId: comment.id });
}
