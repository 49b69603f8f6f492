import type { Context } from '../context.ts';
import { NotFoundError } from '../errors.ts';

/** Seconds after which a client may look again for a withdrawn article. */
const RETRY_AFTER = 5;

/**
 * The error of subscriptions to an article that is not public. `retryable` says whether the article was public and may be
 * published again. A draft that never was public gets the same error as an id without an article: otherwise anyone could
 * find out which ids are drafts.
 * @param id null for an id that is none of an article
 */
export async function articleNotFound({ db }: Pick<Context, 'db'>, id: number | null): Promise<NotFoundError> {
  return id !== null && (await wasPublic(db, id))
    ? new NotFoundError('The article has been withdrawn; it may be published again.', {
        retryable: true,
        retryAfterSeconds: RETRY_AFTER,
      })
    : new NotFoundError('There is no such article.', { retryable: false });
}

/** Imported articles have no entry in the log of publications. */
async function wasPublic(db: Context['db'], id: number): Promise<boolean> {
  const rows = await db.query<[number]>({
    name: 'article-was-public',
    text: `SELECT 1 FROM article a WHERE a.id = $1 AND (a.status IN ('PUBLISHED', 'ARCHIVED')
      OR EXISTS (SELECT FROM article_publication p WHERE p.article_id = a.id))`,
    values: [id],
  });
  return rows.length > 0;
}
