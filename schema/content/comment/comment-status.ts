import type { CommentStatus } from '../../../prisma/client/enums.ts';
import type { Emit, Queryable, Transaction } from '../context.ts';
import { enqueueEvents } from '../log-events.ts';
import {
  hidesReplies,
  type RecomputedComment,
  recomputeVisibility,
  type ThreadComment,
  type VisibilityChange,
} from './visibility.ts';

/** A comment of a thread as the visibility of others depends on it. */
export interface LocatedComment extends ThreadComment {
  depth: number;
  hasReplies: boolean;
}

export interface StatusChange {
  /** The comments with their ancestors, as `readAncestors` read them. */
  thread: readonly LocatedComment[];
  /** The new statuses by comment id. */
  statuses: ReadonlyMap<number, CommentStatus>;
  /** The comments' author removes them: nobody publishes them again. */
  isWithdrawn?: boolean;
}

/**
 * Gives comments new statuses and updates all that follows from them: the visibility of the thread, the counters of every
 * ancestor, article and author, and the log. The only way in which the status of a comment changes after it was added.
 * The caller has locked the articles' rows (`lockComments`); authors' rows are locked here, in order of id.
 */
export async function setCommentStatuses(
  tx: Transaction,
  emit: Emit,
  { thread, statuses, isWithdrawn = false }: StatusChange,
): Promise<void> {
  const around = await withDescendants(tx, thread, statuses);
  const { comments, changes, events } = recomputeVisibility(around, statuses);
  if (comments.length > 0) updateComments(tx, comments, isWithdrawn ? [...statuses.keys()] : []);
  if (events.length > 0)
    enqueueEvents(
      tx,
      {
        events: events.map(({ comment: { articleId, id }, kind }) => ({ articleId, kind, commentId: id })),
        counted: changes.map(({ comment: { articleId, createdAt }, count }) => ({ articleId, createdAt, count })),
      },
      emit,
    );
  if (changes.length > 0) countOnAuthors(tx, changes);
}

const COLUMNS = 'id, article_id, parent_id, author_id, status, visible, descendant_count, created_at, depth';

type ThreadColumns = [
  ...[id: number, articleId: number, parentId: number | null, authorId: number, status: CommentStatus],
  ...[visible: boolean, descendantCount: number, createdAt: Date, depth: number, hasReplies: boolean],
];

/** The comments and all above them. */
export async function readAncestors(tx: Queryable, ids: readonly number[]): Promise<LocatedComment[]> {
  const rows = await tx.query<ThreadColumns>({
    name: 'comments-above',
    // Level by level through an index (LATERAL with OFFSET 0): the planner does not know how few rows there are.
    text: `WITH RECURSIVE above AS (
        SELECT ${COLUMNS} FROM comment WHERE id = ANY($1)
        UNION
        SELECT p.* FROM above CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM comment WHERE id = above.parent_id OFFSET 0) p
      )
      SELECT ${COLUMNS}, EXISTS (SELECT FROM comment r WHERE r.parent_id = above.id) FROM above`,
    values: [ids],
  });
  return rows.map(locatedComment);
}

async function readDescendants(tx: Queryable, ids: readonly number[]): Promise<LocatedComment[]> {
  const rows = await tx.query<ThreadColumns>({
    name: 'comments-below',
    text: `WITH RECURSIVE below AS (
        SELECT ${COLUMNS} FROM comment WHERE parent_id = ANY($1)
        UNION
        SELECT r.* FROM below CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM comment WHERE parent_id = below.id OFFSET 0) r
      )
      SELECT ${COLUMNS}, true FROM below`,
    values: [ids],
  });
  return rows.map(locatedComment);
}

function locatedComment([id, articleId, parentId, authorId, status, ...others]: ThreadColumns): LocatedComment {
  const [visible, descendantCount, createdAt, depth, hasReplies] = others;
  return { id, articleId, parentId, authorId, status, visible, descendantCount, createdAt, depth, hasReplies };
}

/**
 * All comments that new statuses concern, parents before replies. The comments below one are read only when it begins to hide its
 * replies, or no longer hides them: the replies to a removed comment stay as they are.
 */
async function withDescendants(
  tx: Queryable,
  thread: readonly LocatedComment[],
  statuses: ReadonlyMap<number, CommentStatus>,
): Promise<LocatedComment[]> {
  const turning = thread.filter(({ id, status, hasReplies }) => {
    const next = statuses.get(id);
    return next && hasReplies && hidesReplies(next) !== hidesReplies(status);
  });
  const below =
    turning.length > 0
      ? await readDescendants(
          tx,
          turning.map(({ id }) => id),
        )
      : [];
  const all = new Map([...thread, ...below].map((comment) => [comment.id, comment]));
  return [...all.values()].sort((a, b) => a.depth - b.depth || a.id - b.id);
}

function updateComments(tx: Transaction, comments: readonly RecomputedComment[], withdrawn: readonly number[]): void {
  tx.enqueue({
    name: 'comments-visibility',
    text: `UPDATE comment c SET status = n.status::"CommentStatus", visible = n.visible,
        restore_status = CASE WHEN c.status IN ('VISIBLE', 'PENDING') THEN c.status ELSE c.restore_status END,
        -- A pinned comment that was removed and restored is not pinned any more.
        pinned = c.pinned AND n.status <> 'REMOVED', withdrawn = c.withdrawn OR c.id = ANY ($6),
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
      withdrawn,
    ],
  });
}

function countOnAuthors(tx: Transaction, changes: readonly VisibilityChange[]): void {
  tx.enqueue({
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
