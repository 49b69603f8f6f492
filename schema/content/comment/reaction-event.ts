import type { Change, Job, Queryable } from '../context.ts';

// Many people react to one comment within moments. The first reaction emits an event at once; those of the next second are
// coalesced into one event at its end. That event is due in a row beside the comment, so it survives a stopped gateway.

/** Milliseconds between two events about the reactions to one comment. */
const EVENT_INTERVAL = 1_000;
const INTERVAL = `interval '${EVENT_INTERVAL} milliseconds'`;

/** Most events of one transaction: those of one article, whose row is locked until the commit. */
const BATCH_SIZE = 100;

/** Milliseconds to wait for a locked article when none is free: an article under constant writing never is. */
const WAIT_FOR_ARTICLE = 200;
/** PostgreSQL's code when that was too short. */
const LOCK_NOT_AVAILABLE = '55P03';

/** SQL: the earliest time of the next event about the reactions to comment `c`. */
export const NEXT_EVENT_AT = `coalesce(c.reactions_told_at + ${INTERVAL}, '-infinity')`;

/** SQL for a notice `n` of a comment that has one: it is obsolete when an event was emitted after its time. */
export const NOTICE_CONFLICT = 'ON CONFLICT (comment_id) DO UPDATE SET due = EXCLUDED.due WHERE n.due < EXCLUDED.due';

/** Emits coalesced events at the end of their second. */
export const coalescedReactionEvents: Job = {
  name: 'coalesced-reaction-events',
  due: { sql: 'SELECT min(due) FROM comment_reaction_notice' },
  async step({ change }) {
    try {
      return await emitDueEvents(change);
    } catch (error) {
      if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) return false;
      throw error;
    }
  },
};

/**
 * Emits the events that are due in one article. Its row is locked first, as in every change.
 * @returns false when none is due
 */
function emitDueEvents(change: Change): Promise<boolean> {
  return change(async (tx, emit) => {
    const articleId = (await freeArticle(tx)) ?? (await busyArticle(tx));
    if (articleId === undefined) return false;
    const due = await takeDueNotices(tx, articleId);
    const needed = due.filter(([, isNeeded]) => isNeeded);
    emit(...needed.map(([commentId]) => ({ articleId, kind: 'CHANGED' as const, commentId })));
    tx.enqueue({
      name: 'reaction-event-time',
      // After the events, so that they are a second apart.
      text: 'UPDATE comment SET reactions_told_at = clock_timestamp() WHERE id = ANY($1)',
      values: [due.map(([commentId]) => commentId)],
    });
    return true;
  });
}

/** Locks an article with due events that no other gateway has locked. */
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

/** Locks the article whose event is due for longest, waiting for other writers. */
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
 * Takes the due events of an article. An event is needed only for a comment that readers can see (a comment that returns
 * has an event of its own), and only when none was emitted after it was due. Equal counts are no reason to leave it out: a
 * reader may have read the counts at any time in between.
 */
function takeDueNotices(tx: Queryable, articleId: number): Promise<[commentId: number, isNeeded: boolean][]> {
  return tx.query({
    name: 'reaction-events-take',
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
