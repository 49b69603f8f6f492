import type { Change, Context, Emit, Job, Queryable } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import { queryRow } from '../query.ts';
import type { AuthorRow } from '../row-types.ts';
import { authorLoader } from './author-lists.ts';

// A name or picture is shown in every discussion that its owner takes part in, which can be thousands. The change itself
// writes one row; a job then gives each discussion its event, so a change costs the same for everybody, and a stopped
// gateway loses nothing.

/** Discussions that one step gives their event. */
const BATCH_SIZE = 100;
/** Time between two steps for one author: at most so many events a second, however often the author changes. */
const STEP_INTERVAL = `interval '1 second'`;

/** Milliseconds to wait for an article that somebody writes to, while the other articles of the step are locked. */
const WAIT_FOR_ARTICLE = 200;
/** PostgreSQL's code when that was too short. */
const LOCK_NOT_AVAILABLE = '55P03';

/** The key of the advisory lock: "name" in ASCII, as a number. */
export const AUTHOR_EVENTS_LOCK = 0x6e616d65;

/**
 * SQL after a WITH query `changed`, which has `id` and `comment_count` of an author: makes their events due, unless nothing
 * shows them. Discussions that have the event of a former change get another one.
 */
export const SCHEDULE_AUTHOR_EVENTS = `INSERT INTO author_notice (author_id, due)
  SELECT id, clock_timestamp() FROM changed
  WHERE comment_count > 0 OR EXISTS (SELECT FROM article WHERE author_id = changed.id)
  ON CONFLICT (author_id) DO UPDATE SET before_article = NULL`;

/** Makes events due in all discussions that show an author, whose row is locked. Wake `authorEvents` after the commit. */
export async function scheduleAuthorEvents(tx: Queryable, authorId: number): Promise<void> {
  await tx.query({
    name: 'author-events-schedule',
    text: `WITH changed AS (SELECT id, comment_count FROM author WHERE id = $1) ${SCHEDULE_AUTHOR_EVENTS}`,
    values: [authorId],
  });
}

/** Emits an event in each discussion that shows an author who changed, those of the newest articles first. */
export const authorEvents: Job = {
  name: 'author-events',
  due: { sql: 'SELECT min(due) FROM author_notice' },
  async step({ change, db }) {
    try {
      return await emitDueEvents(change);
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
      await postpone(db);
      return true;
    }
  },
};

/** Lets the other authors go first: an article of this one is locked for long. */
async function postpone(db: Queryable): Promise<void> {
  await db.query({
    name: 'author-notice-postpone',
    text: `UPDATE author_notice SET due = clock_timestamp() + ${STEP_INTERVAL} WHERE author_id = (
        SELECT author_id FROM author_notice WHERE due <= clock_timestamp() ORDER BY due LIMIT 1)`,
    values: [],
  });
}

interface Notice {
  authorId: number;
  /** Articles from this id on have their event; null before the first. */
  beforeArticle: number | null;
}

/**
 * The notice is locked last, after the articles: a change that writes it holds its author's row, for which writers of
 * those articles may wait. When such a change commits during this step, the events still follow it, and the walk starts
 * again unless it is at its first step. The advisory lock keeps two gateways from emitting the same events.
 * @returns false when nothing is due
 */
function emitDueEvents(change: Change): Promise<boolean> {
  return change(async (tx, emit) => {
    const notice = (await isFirst(tx)) ? await dueNotice(tx) : null;
    if (!notice) return false;
    const articles = await articlesShowing(tx, notice);
    await emitIn(tx, emit, { ...notice, articles });
    await tx.query(
      articles.length < BATCH_SIZE
        ? {
            name: 'author-notice-done',
            text: 'DELETE FROM author_notice WHERE author_id = $1 AND before_article IS NOT DISTINCT FROM $2',
            values: [notice.authorId, notice.beforeArticle],
          }
        : {
            name: 'author-notice-advance',
            text: `UPDATE author_notice SET before_article = $3, due = clock_timestamp() + ${STEP_INTERVAL}
              WHERE author_id = $1 AND before_article IS NOT DISTINCT FROM $2`,
            values: [notice.authorId, notice.beforeArticle, articles.at(-1)],
          },
    );
    return true;
  });
}

async function isFirst(tx: Queryable): Promise<boolean> {
  const [isLocked] = await queryRow<[isLocked: boolean]>(tx, {
    name: 'author-events-lock',
    text: 'SELECT pg_try_advisory_xact_lock($1)',
    values: [AUTHOR_EVENTS_LOCK],
  });
  return isLocked;
}

async function dueNotice(tx: Queryable): Promise<Notice | null> {
  const [notice] = await tx.query<[authorId: number, beforeArticle: number | null]>({
    name: 'author-notice-due',
    text: 'SELECT author_id, before_article FROM author_notice WHERE due <= clock_timestamp() ORDER BY due LIMIT 1',
    values: [],
  });
  return notice ? { authorId: notice[0], beforeArticle: notice[1] } : null;
}

/** The newest articles by the author or with a visible comment by them. A comment that appears later has its own event. */
async function articlesShowing(tx: Queryable, { authorId, beforeArticle }: Notice): Promise<number[]> {
  const rows = await tx.query<[id: number]>({
    name: 'author-notice-articles',
    text: `(SELECT article_id FROM comment WHERE author_id = $1 AND ($2::int IS NULL OR article_id < $2)
          AND visible AND status = 'VISIBLE' GROUP BY article_id ORDER BY article_id DESC LIMIT ${BATCH_SIZE})
      UNION
      (SELECT id FROM article WHERE author_id = $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT ${BATCH_SIZE})
      ORDER BY 1 DESC LIMIT ${BATCH_SIZE}`,
    values: [authorId, beforeArticle],
  });
  return rows.map(([id]) => id);
}

async function emitIn(
  tx: Queryable,
  emit: Emit,
  { authorId, articles }: { authorId: number; articles: readonly number[] },
): Promise<void> {
  await tx.query({ text: `SET LOCAL lock_timeout = ${WAIT_FOR_ARTICLE}`, values: [] });
  const locked = await tx.query<[id: number]>({
    name: 'author-events-articles',
    text: 'SELECT id FROM article WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE',
    values: [articles],
  });
  emit(...locked.map(([articleId]) => ({ articleId, kind: 'DISCUSSION' as const, authorId })));
}

interface Participation {
  articleId: number;
  authorId: number;
}

/** Whether each author is shown in the article's discussion. */
const participations = contextLoader(
  async (keys: readonly Participation[], { db }) => {
    const rows = await db.query<[isShown: boolean]>({
      name: 'author-participations',
      text: `SELECT EXISTS (SELECT FROM article a WHERE a.id = k.article AND a.author_id = k.author)
          OR EXISTS (SELECT FROM comment c WHERE c.author_id = k.author AND c.article_id = k.article
            AND c.visible AND c.status = 'VISIBLE')
        FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS k(article, author, n) ORDER BY n`,
      values: [keys.map(({ articleId }) => articleId), keys.map(({ authorId }) => authorId)],
    });
    return rows.map(([isShown]) => isShown);
  },
  { cached: false },
);

/** The author of an event about a person. Null where they are no longer shown in the discussion: who took part is private. */
export async function discussedAuthor(
  context: Context,
  { articleId, authorId }: Pick<Participation, 'articleId'> & { authorId: number | null },
): Promise<AuthorRow | null> {
  if (authorId === null || !(await participations(context).load({ articleId, authorId }))) return null;
  return authorLoader(context).load(authorId);
}
