import type { ArticleStatus } from '../../../prisma/client/enums.ts';
import type { Context, Queryable } from '../context.ts';
import { ConflictError, ForbiddenError, NotFoundError } from '../errors.ts';
import { encodeId } from '../ids.ts';
import { RESTART_MODERATION_LOG } from '../moderation/moderation-log.ts';
import { checkArticleId } from './article-input.ts';

export interface DeleteArticleInput {
  id: string;
  /** The version that the client read. */
  expectedVersion: number;
}

/**
 * Deletes a draft or an archived article with its discussion, its history and its slugs.
 * @returns the id that it had
 * @throws ForbiddenError, NotFoundError, ConflictError for an article that is public, will be, or has another version
 */
export async function deleteArticle(context: Context, input: DeleteArticleInput): Promise<string> {
  if (context.viewer?.role !== 'ADMIN') throw new ForbiddenError('Only admins delete articles.');
  const id = checkArticleId(input.id);
  await context.change(async (tx) => {
    await lockDeletable(tx, id, input.expectedVersion);
    const isInQueue = await hasQueuedComments(tx, id);
    await uncountComments(tx, id);
    await forgetComments(tx, id);
    // Foreign keys delete all that belongs to it, a trigger its search document. It is not public, so no topic counts it.
    await tx.query({ name: 'article-delete', text: 'DELETE FROM article WHERE id = $1', values: [id] });
    // An event would show its comment, which is no longer there.
    if (isInQueue) for (const statement of RESTART_MODERATION_LOG) await tx.query(statement);
  });
  return encodeId('Article', id);
}

/** @throws NotFoundError, ConflictError */
async function lockDeletable(tx: Queryable, id: number, expectedVersion: number): Promise<void> {
  const [row] = await tx.query<[status: ArticleStatus, version: number]>({
    name: 'article-delete-lock',
    text: 'SELECT status, version FROM article WHERE id = $1 FOR UPDATE',
    values: [id],
  });
  if (!row) throw new NotFoundError('There is no such article.');
  const [status, version] = row;
  if (status === 'PUBLISHED' || status === 'SCHEDULED')
    throw new ConflictError(`The article is ${status}. Unpublish it before deleting it.`);
  if (version !== expectedVersion)
    throw new ConflictError(
      `The article is at version ${version}, not ${expectedVersion}: it was saved meanwhile. Read it before deleting it.`,
    );
}

/** Whether moderators have comments of the article before them. */
async function hasQueuedComments(tx: Queryable, id: number): Promise<boolean> {
  const found = await tx.query({
    name: 'article-delete-queued',
    text: 'SELECT 1 FROM comment WHERE article_id = $1 AND (waiting OR reported) LIMIT 1',
    values: [id],
  });
  return found.length > 0;
}

/** Comments of an archived article count for their authors until they are deleted. */
async function uncountComments(tx: Queryable, id: number): Promise<void> {
  await tx.query({
    name: 'article-delete-uncount',
    text: `WITH n AS (
        SELECT author_id AS id, count(*)::int AS comments FROM comment
        WHERE article_id = $1 AND visible AND status = 'VISIBLE' GROUP BY author_id
      ), locked AS (
        SELECT a.id, n.comments FROM author a JOIN n ON n.id = a.id ORDER BY a.id FOR NO KEY UPDATE OF a
      )
      UPDATE author a SET comment_count = comment_count - locked.comments FROM locked WHERE a.id = locked.id`,
    values: [id],
  });
}

/**
 * Deletes what refers to the article and its comments without a foreign key: a repeated request or import finds nothing. The comments of
 * people whose data was removed are known further, without a digest, so that an import does not bring them back.
 */
async function forgetComments(tx: Queryable, id: number): Promise<void> {
  await tx.query({
    name: 'article-delete-keys',
    text: 'DELETE FROM idempotency_key WHERE comment_id IN (SELECT id FROM comment WHERE article_id = $1)',
    values: [id],
  });
  await tx.query({
    name: 'article-delete-provenance',
    text: `DELETE FROM provenance WHERE (kind = 'article' AND entity_id = $1)
      OR (kind = 'comment' AND digest <> '' AND entity_id IN (SELECT id FROM comment WHERE article_id = $1))`,
    values: [id],
  });
}
