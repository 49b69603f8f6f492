import type { Context, Queryable, SignedInViewer } from '../context.ts';
import { ConflictError } from '../errors.ts';
import { queryRow } from '../query.ts';
import type { ArticleRow } from '../row-types.ts';
import { checkArticleId } from './article-input.ts';
import { reloadArticle } from './article-reader.ts';
import { requireWriter } from './article-rights.ts';
import { lockArticleForEdit } from './editable-article.ts';
import { logPublication } from './publication-log.ts';
import { scheduledPublications } from './scheduled-publications.ts';

// The database's clock decides what is past, because all nodes share it.

export interface PublishArticleInput {
  id: string;
  /** Now by default. */
  at?: Date | null | undefined;
}

interface Publishing {
  id: number;
  at: Date | null;
  editor: SignedInViewer;
}

/**
 * Publishes an article now, or schedules it for a future time. A past time publishes it now under that date. A public
 * article stays public and is announced no second time.
 * @throws ForbiddenError, NotFoundError, RateLimitedError, ConflictError when a public article is given a future time
 */
export async function publishArticle(context: Context, { id, at }: PublishArticleInput): Promise<ArticleRow> {
  const editor = requireWriter(context.viewer);
  await context.consumeRateLimit('article');
  const publishing = { id: checkArticleId(id), at: at ?? null, editor };
  const isChanged = await context.change((tx) => publish(tx, publishing));
  if (isChanged) {
    context.wakePublicationReaders();
    context.wakeJob(scheduledPublications);
  }
  return reloadArticle(context, publishing.id);
}

/** @returns whether anything changed: a public article that is published again stays as it is */
async function publish(tx: Queryable, { id, at, editor }: Publishing): Promise<boolean> {
  const before = await lockArticleForEdit(tx, id, editor);
  if (before.status === 'PUBLISHED') {
    if (at !== null) await changePublicationDate(tx, id, at);
    return at !== null;
  }
  const [isPublic] = await queryRow<[isPublic: boolean]>(tx, {
    name: 'article-publish',
    text: `UPDATE article SET published_at = coalesce($2::timestamptz, moment.now),
        status = CASE WHEN $2 > moment.now THEN 'SCHEDULED' ELSE 'PUBLISHED' END::"ArticleStatus"
      FROM (SELECT date_trunc('milliseconds', clock_timestamp()) AS now) moment
      WHERE id = $1 RETURNING status = 'PUBLISHED'`,
    values: [id, at],
  });
  if (isPublic) await logPublication(tx, id);
  return true;
}

/** @throws ConflictError for a future time */
async function changePublicationDate(tx: Queryable, id: number, at: Date): Promise<void> {
  const changed = await tx.query({
    name: 'article-publication-date',
    text: 'UPDATE article SET published_at = $2 WHERE id = $1 AND $2 <= clock_timestamp() RETURNING 1',
    values: [id, at],
  });
  if (changed.length === 0)
    throw new ConflictError('The article is public. Unpublish it before giving it a future time.');
}
