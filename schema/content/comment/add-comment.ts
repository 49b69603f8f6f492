import { createHash } from 'node:crypto';
import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Context, Queryable } from '../context.ts';
import { CommentsClosedError, ConflictError, ForbiddenError, NotFoundError } from '../errors.ts';
import { findHoldReasons } from '../moderation/hold.ts';
import { type CheckedComment, type Guest, renderBody } from './comment-input.ts';
import { policyOf } from './comment-policy.ts';
import { MAX_PATH_LEVELS } from './path.ts';

/**
 * Writes a comment with its place in the thread, the counters above it and its event, all or nothing.
 * The article's row is locked first, so writers of one discussion follow each other, and ordinals, counters and the
 * log's sequence are exact.
 * @returns the comment's id, that of the earlier one when its idempotency key was used before
 * @throws InvalidInputError, NotFoundError, CommentsClosedError, ForbiddenError, ConflictError, RateLimitedError
 */
export async function insertComment(context: Context, comment: CheckedComment): Promise<number> {
  const { change, viewer } = context;
  if (!viewer && !comment.guest)
    throw new ForbiddenError('Sign in to comment, or give a name and an address in `guest`.');
  const { html, text } = renderBody(comment.body);

  return change(async (tx, emit) => {
    const policy = policyOf(await lockArticle(tx, comment.articleId), context.settings);
    const attempt = idempotentRequestOf(comment, viewer?.author.id);
    const earlier = attempt && (await findEarlierComment(tx, attempt));
    if (earlier) return earlier;
    // The same again is no new comment, and is answered however often it is sent.
    await context.consumeRateLimit('comment', comment.articleId);
    if (policy === 'CLOSED') throw new CommentsClosedError('This article takes no comments.');

    const { path, depth } = await allocatePath(tx, comment);
    const authorId = viewer?.author.id ?? (await findOrCreateGuest(tx, comment.guest!));
    const draft = { policy, source: comment.body, html, text, authorId, id: null };
    const reasons = await findHoldReasons(tx, context, draft);
    const visible = reasons.length === 0;
    const [[id] = [0]] = await tx.query<[number]>({
      name: 'comment-insert',
      // The clock is read under the lock: order of time is order of ordinals.
      text: `INSERT INTO comment (article_id, parent_id, author_id, path, depth, status, visible, body_source, body_format,
          body_html, body_text, hold_reasons, created_at)
        VALUES ($1, $2, $3, $4, $5, $6::"CommentStatus", $7, $8, 'MARKDOWN', $9, $10, $11, clock_timestamp()) RETURNING id`,
      values: [
        comment.articleId,
        comment.parentId,
        authorId,
        path,
        depth,
        visible ? 'VISIBLE' : 'PENDING',
        visible,
        comment.body,
        html,
        text,
        reasons,
      ],
    });
    if (attempt) await storeIdempotentRequest(tx, attempt, id);
    if (visible) {
      await countVisible(tx, id, comment.parentId);
      await emit({ articleId: comment.articleId, kind: 'ADDED', commentId: id });
    }
    return id;
  });
}

/** @returns its own policy, null when it follows the default. @throws NotFoundError */
async function lockArticle(tx: Queryable, articleId: number): Promise<CommentPolicy | null> {
  const [article] = await tx.query<[CommentPolicy | null]>({
    name: 'article-lock',
    text: `SELECT comment_policy FROM article WHERE id = $1 AND status = 'PUBLISHED' FOR NO KEY UPDATE`,
    values: [articleId],
  });
  if (!article) throw new NotFoundError('There is no such article.');
  return article[0];
}

interface IdempotentRequest {
  actor: string;
  key: string;
  request: string;
}

function idempotentRequestOf(
  { idempotencyKey, guest, ...asked }: CheckedComment,
  authorId: number | undefined,
): IdempotentRequest | null {
  if (idempotencyKey === null) return null;
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  return {
    actor: authorId === undefined ? `guest:${digest(guest!.email.toLowerCase())}` : `author:${authorId}`,
    key: idempotencyKey,
    request: digest(JSON.stringify([asked, authorId === undefined ? guest!.key : null])),
  };
}

async function findEarlierComment(tx: Queryable, { actor, key, request }: IdempotentRequest): Promise<number | null> {
  const [earlier] = await tx.query<[number, string]>({
    name: 'attempt-find',
    text: 'SELECT comment_id, request FROM idempotency_key WHERE actor = $1 AND key = $2',
    values: [actor, key],
  });
  if (!earlier) return null;
  if (earlier[1] !== request)
    throw new ConflictError('This `idempotencyKey` was used for another comment; choose a new one for each.');
  return earlier[0];
}

async function storeIdempotentRequest(
  tx: Queryable,
  { actor, key, request }: IdempotentRequest,
  commentId: number,
): Promise<void> {
  // Two articles at once under one key: only one of them holds a lock that the other waits for, so the key decides.
  const written = await tx.query({
    name: 'attempt-insert',
    text: `INSERT INTO idempotency_key (actor, key, request, comment_id) VALUES ($1, $2, $3, $4)
      ON CONFLICT DO NOTHING RETURNING 1`,
    values: [actor, key, request, commentId],
  });
  if (written.length === 0)
    throw new ConflictError('This `idempotencyKey` was used for another comment; choose a new one for each.');
}

/** Takes the next ordinal under the parent, or on the article. Where paths end, replies share the deepest level. */
async function allocatePath(
  tx: Queryable,
  { articleId, parentId }: CheckedComment,
): Promise<{ path: number[]; depth: number }> {
  if (parentId === null) {
    const [[ordinal] = [1]] = await tx.query<[number]>({
      name: 'ordinal-article',
      text: 'UPDATE article SET next_ordinal = next_ordinal + 1 WHERE id = $1 RETURNING next_ordinal - 1',
      values: [articleId],
    });
    return { path: [ordinal], depth: 0 };
  }
  const [place] = await tx.query<[number[], number, number]>({
    name: 'ordinal-parent',
    text: `WITH parent AS (
        SELECT path, depth FROM comment WHERE id = $1 AND article_id = $2 AND visible AND status = 'VISIBLE'
      ), counter AS (
        UPDATE comment SET next_ordinal = next_ordinal + 1 FROM parent
        WHERE comment.article_id = $2 AND comment.path = parent.path[:${MAX_PATH_LEVELS - 1}]
        RETURNING comment.path, comment.next_ordinal - 1 AS ordinal
      )
      SELECT counter.path, counter.ordinal, parent.depth FROM parent, counter`,
    values: [parentId, articleId],
  });
  if (!place) throw new NotFoundError('There is no such comment to reply to.');
  const [path, ordinal, depth] = place;
  return { path: [...path, ordinal], depth: depth + 1 };
}

/** The author that stands for a guest, made when they are first seen. */
async function findOrCreateGuest(tx: Queryable, { name, email, url, key }: Guest): Promise<number> {
  const [[id] = [0]] = await tx.query<[number]>({
    name: 'guest-author',
    text: `INSERT INTO author (slug, name, kind, email, url, guest_key) VALUES ($1, $2, 'GUEST', $3, $4, $5)
      ON CONFLICT (guest_key) DO UPDATE SET guest_key = EXCLUDED.guest_key RETURNING id`,
    values: [`guest-${key.slice(0, 12)}`, name, email, url, key],
  });
  return id;
}

/** Counts a comment that became visible, on everything above it. */
async function countVisible(tx: Queryable, id: number, parentId: number | null): Promise<void> {
  if (parentId !== null)
    await tx.query({
      name: 'count-above',
      text: `WITH RECURSIVE above AS (
          SELECT $1::int AS id UNION ALL
          SELECT c.parent_id FROM above JOIN comment c ON c.id = above.id WHERE c.parent_id IS NOT NULL
        )
        UPDATE comment c SET descendant_count = descendant_count + 1,
          reply_count = reply_count + (c.id = $1)::int, score = score + (c.id = $1)::int
        FROM above WHERE c.id = above.id`,
      values: [parentId],
    });
  await tx.query({
    name: 'count-article',
    text: `WITH added AS (SELECT article_id, author_id, created_at FROM comment WHERE id = $1),
      counted AS (
        UPDATE author SET comment_count = comment_count + 1 FROM added WHERE author.id = added.author_id
      )
      UPDATE article SET comment_count = comment_count + 1, discussed_at = greatest(discussed_at, added.created_at)
      FROM added WHERE article.id = added.article_id`,
    values: [id],
  });
}
