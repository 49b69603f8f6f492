import type { Context, Queryable } from '../context.ts';
import { ConflictError } from '../errors.ts';
import { queryRow } from '../query.ts';
import type { ScheduledTask } from '../scheduled-task.ts';
import { lockArticleForEdit, requireWriter } from './article-lock.ts';

// What decides is the database's clock, which all nodes share.

/**
 * Publishes an article: now, or when its time has come. A time that is past publishes now, under that date.
 * What is public already stays public, and is announced no second time.
 * @throws NotFoundError, ForbiddenError, RateLimitedError, ConflictError when it is public and is given a time to come
 */
export async function publishArticle(
  { change, viewer, consumeRateLimit: limit }: Pick<Context, 'change' | 'viewer' | 'consumeRateLimit'>,
  { id, at }: { id: number; at: Date | null },
): Promise<void> {
  const editor = requireWriter(viewer);
  await change(async (tx) => {
    const before = await lockArticleForEdit(tx, id, editor);
    const stays = before.status === 'PUBLISHED';
    // What changes nothing is not counted, and is answered however often it is sent.
    if (stays && at === null) return;
    await limit('article');
    if (stays) return changePublicationDate(tx, id, at!);
    const [isPublic] = await queryRow<[isPublic: boolean]>(tx, {
      name: 'article-publish',
      text: `UPDATE article SET published_at = coalesce($2::timestamptz, moment.now),
          status = CASE WHEN $2 > moment.now THEN 'SCHEDULED' ELSE 'PUBLISHED' END::"ArticleStatus"
        FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS now) moment
        WHERE id = $1 RETURNING status = 'PUBLISHED'`,
      values: [id, at],
    });
    if (isPublic) await logPublication(tx, id);
  });
}

async function changePublicationDate(tx: Queryable, id: number, at: Date): Promise<void> {
  const moved = await tx.query({
    name: 'article-redate',
    text: 'UPDATE article SET published_at = $2 WHERE id = $1 AND $2 <= clock_timestamp() RETURNING 1',
    values: [id, at],
  });
  if (moved.length === 0)
    throw new ConflictError('The article is public. Unpublish it before giving it a time to come.');
}

/**
 * Takes an article away from readers: what is public is archived, what is scheduled becomes a draft, and what is
 * neither stays as it is. Its discussion stays with it and is there again when it is.
 * @throws NotFoundError, ForbiddenError, RateLimitedError
 */
export async function unpublishArticle(
  { change, viewer, consumeRateLimit: limit }: Pick<Context, 'change' | 'viewer' | 'consumeRateLimit'>,
  id: number,
): Promise<void> {
  const editor = requireWriter(viewer);
  await change(async (tx) => {
    const { status } = await lockArticleForEdit(tx, id, editor);
    if (status !== 'PUBLISHED' && status !== 'SCHEDULED') return;
    await limit('article');
    await tx.query({
      name: 'article-unpublish',
      text: `UPDATE article SET status = CASE status WHEN 'PUBLISHED' THEN 'ARCHIVED' ELSE 'DRAFT' END::"ArticleStatus",
          published_at = CASE status WHEN 'PUBLISHED' THEN published_at END
        WHERE id = $1`,
      values: [id],
    });
  });
}

/** Articles whose time has been set. */
export const scheduledPublications: ScheduledTask = {
  nextDueSql: `SELECT min(published_at) FROM article WHERE status = 'SCHEDULED'`,
  async run({ change, wakePublicationReaders: published }) {
    // One a transaction: a long list keeps no row locked for longer than its own change.
    const isPublished = await change(publishNextDue);
    if (isPublished) published();
    return isPublished;
  },
};

/**
 * Publishes one scheduled article whose time has come, the one due for longest.
 * A row that somebody works on is passed over, so nodes share the work; it is still due when they are done.
 * @returns false when there is none
 */
async function publishNextDue(tx: Queryable): Promise<boolean> {
  const [due] = await tx.query<[id: number]>({
    name: 'article-publish-due',
    text: `UPDATE article SET status = 'PUBLISHED' WHERE id = (
        SELECT id FROM article WHERE status = 'SCHEDULED' AND published_at <= now()
        ORDER BY published_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
      ) RETURNING id`,
    values: [],
  });
  if (due) await logPublication(tx, due[0]);
  return due !== undefined;
}

/**
 * Writes a publication into the log. The table's lock is held until the commit, so the order of sequences is the order
 * of commits: a reader that has seen one has seen all before it. It is the last lock that a transaction takes.
 */
async function logPublication(tx: Queryable, articleId: number): Promise<void> {
  await tx.query({ text: 'LOCK TABLE article_publication IN SHARE ROW EXCLUSIVE MODE', values: [] });
  await tx.query({
    name: 'article-announce',
    text: 'INSERT INTO article_publication (article_id, at) VALUES ($1, clock_timestamp())',
    values: [articleId],
  });
}
