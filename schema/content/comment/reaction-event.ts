import type { Change, Queryable } from '../context.ts';
import type { ScheduledTask } from '../scheduled-task.ts';

// Many people react to one comment within moments. Its readers are told at once, and then at most once a second, of all
// that came meanwhile. What they are owed is a row beside the comment, so it outlives the gateway that took the reaction.

/** Milliseconds after an event about a comment's reactions in which there is no other. */
const EVENT_INTERVAL = 1_000;
const INTERVAL = `interval '${EVENT_INTERVAL} milliseconds'`;

/** Comments told of in one transaction: those of one article, whose row is locked until its end. */
const BATCH_SIZE = 100;

/** Milliseconds to stand in line for an article when none is free: one that is written to all the time never is. */
const WAIT_FOR_ARTICLE = 200;
/** What PostgreSQL says when that was too short. */
const LOCK_NOT_AVAILABLE = '55P03';

/** SQL: milliseconds until readers of a comment of `c` may be told of a reaction; none or less when they may be now. */
export const MILLISECONDS_UNTIL_NEXT_EVENT = `coalesce(extract(epoch FROM c.reactions_told_at + ${INTERVAL} - clock_timestamp()) * 1000, 0)::float8`;

/** Leaves word that readers of a comment are to be told of a reaction at the end of the second. */
export async function scheduleReactionEvent(tx: Queryable, commentId: number): Promise<void> {
  await tx.query({
    name: 'reaction-owe',
    // One that is there is over already when readers have been told since then.
    text: `INSERT INTO comment_reaction_notice AS n (comment_id, due)
      SELECT id, reactions_told_at + ${INTERVAL} FROM comment WHERE id = $1
      ON CONFLICT (comment_id) DO UPDATE SET due = EXCLUDED.due WHERE n.due < EXCLUDED.due`,
    values: [commentId],
  });
}

/** Comments whose readers have yet to be told of reactions. */
export const coalescedReactionEvents: ScheduledTask = {
  nextDueSql: 'SELECT min(due) FROM comment_reaction_notice',
  async run({ change }) {
    try {
      return await emitDueEvents(change);
    } catch (error) {
      if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) return false;
      throw error;
    }
  },
};

/**
 * Tells what is due of one article. Its row is locked first, as in every change.
 * @returns false when nothing is
 */
function emitDueEvents(change: Change): Promise<boolean> {
  return change(async (tx, emit) => {
    const articleId = (await freeArticle(tx)) ?? (await busyArticle(tx));
    if (articleId === undefined) return false;
    const due = await takeDueNotices(tx, articleId);
    for (const [commentId, isOwed] of due) if (isOwed) await emit({ articleId, kind: 'CHANGED', commentId });
    await tx.query({
      name: 'reaction-told',
      // After the events, so that these are a second apart.
      text: 'UPDATE comment SET reactions_told_at = clock_timestamp() WHERE id = ANY($1)',
      values: [due.map(([commentId]) => commentId)],
    });
    return true;
  });
}

/** Locks an article of which something is due and which nobody else has locked, as another node does that tells it. */
async function freeArticle(tx: Queryable): Promise<number | undefined> {
  const [article] = await tx.query<[number]>({
    name: 'reaction-article-free',
    text: `SELECT id FROM article WHERE id = ANY (ARRAY(
        SELECT c.article_id FROM comment_reaction_notice n JOIN comment c ON c.id = n.comment_id
        WHERE n.due <= now() ORDER BY n.due LIMIT ${BATCH_SIZE}
      )) LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED`,
    values: [],
  });
  return article?.[0];
}

/** Locks the article of which something is due for longest, when it is its turn. */
async function busyArticle(tx: Queryable): Promise<number | undefined> {
  await tx.query({ text: `SET LOCAL lock_timeout = ${WAIT_FOR_ARTICLE}`, values: [] });
  const [article] = await tx.query<[number]>({
    name: 'reaction-article-busy',
    text: `SELECT id FROM article WHERE id = (
        SELECT c.article_id FROM comment_reaction_notice n JOIN comment c ON c.id = n.comment_id
        WHERE n.due <= now() ORDER BY n.due LIMIT 1
      ) FOR NO KEY UPDATE`,
    values: [],
  });
  return article?.[0];
}

/**
 * Takes the notices of an article that are due. Nothing is owed of a comment that cannot be read: should it come back,
 * that is an event of its own. Nor where a reaction has been told of since the notice was due.
 * What the counts were when they were told is no reason to say nothing: a reader is told that they changed, not to what,
 * and may have read them at any time since then.
 */
function takeDueNotices(tx: Queryable, articleId: number): Promise<[commentId: number, isOwed: boolean][]> {
  return tx.query({
    name: 'reaction-due',
    text: `WITH due AS (
        DELETE FROM comment_reaction_notice WHERE comment_id IN (
          SELECT n.comment_id FROM comment_reaction_notice n JOIN comment c ON c.id = n.comment_id
          WHERE c.article_id = $1 AND n.due <= now() ORDER BY n.due LIMIT ${BATCH_SIZE}
        ) RETURNING comment_id, due
      )
      SELECT c.id, c.visible AND c.status = 'VISIBLE' AND (c.reactions_told_at >= due.due) IS NOT TRUE
      FROM due JOIN comment c ON c.id = due.comment_id ORDER BY c.id`,
    values: [articleId],
  });
}
