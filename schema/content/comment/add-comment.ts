import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Context, Queryable } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { CommentsClosedError, ForbiddenError, NotFoundError } from '../errors.ts';
import { findHoldReasons } from '../moderation/hold.ts';
import type { CommentRow } from '../row-types.ts';
import { type CheckedComment, type CommentInput, checkComment } from './comment-input.ts';
import { commentLoader } from './comment-lists.ts';
import { policyOf } from './comment-policy.ts';
import { renderBody } from './comment-text.ts';
import { findOrCreateGuest } from './guest.ts';
import { afterEqualRequests, findEarlierComment, idempotentRequestOf, storeIdempotentRequest } from './idempotency.ts';
import { insertComment } from './insert-comment.ts';

export interface AddedComment {
  comment: CommentRow;
  /** Null for a signed-in author. */
  receipt: string | null;
}

/**
 * Adds a comment. It is visible at once, or pending when a rule holds it for a moderator.
 * Sent again under the same idempotency key, it returns the comment of the first time.
 * @throws InvalidInputError, NotFoundError, CommentsClosedError, ForbiddenError, ConflictError, RateLimitedError
 */
export async function addComment(context: Context, input: CommentInput): Promise<AddedComment> {
  const { viewer, receipts } = context;
  const comment = checkComment(input);
  if (!viewer && !comment.guest)
    throw new ForbiddenError('Sign in to comment, or give a name and an address in `guest`.');
  const request = idempotentRequestOf(comment, viewer?.author.id);
  const id = await afterEqualRequests(request, async () => {
    // A repeated request adds nothing, so it is not counted.
    const isRepeated = request !== null && (await findEarlierComment(context.db, request)) !== null;
    if (!isRepeated) await context.consumeRateLimit('comment', comment.articleId);
    return saveComment(context, comment, request);
  });
  clearLoaders(context);
  const row = await commentLoader(context).load(id);
  return viewer
    ? { comment: row, receipt: null }
    : { comment: { ...row, byReceipt: true }, receipt: receipts.issue(id) };
}

/**
 * Writes the comment, the counters above it and its event in one transaction. The article's row is locked first, so
 * writers of one discussion follow each other, and ordinals, counters and the log's sequence are exact.
 * @returns the comment's id
 */
async function saveComment(
  context: Context,
  comment: CheckedComment,
  request: ReturnType<typeof idempotentRequestOf>,
): Promise<number> {
  const { change, settings, viewer } = context;
  const { html, text } = renderBody(comment.body);
  return change(async (tx, emit) => {
    const policy = policyOf(await lockPublishedArticle(tx, comment.articleId), settings);
    const earlier = request && (await findEarlierComment(tx, request));
    if (earlier) return earlier;
    if (policy === 'CLOSED') throw new CommentsClosedError('This article takes no comments.');
    const authorId = viewer?.author.id ?? (await findOrCreateGuest(tx, comment.guest!));
    const candidate = { policy, source: comment.body, html, text, authorId, id: null };
    const holdReasons = await findHoldReasons(tx, context, candidate);
    const id = await insertComment(tx, emit, { ...comment, authorId, html, text, holdReasons });
    if (request) await storeIdempotentRequest(tx, request, id);
    return id;
  });
}

/** @returns the article's own policy, null when it follows the default. @throws NotFoundError unless it is published */
async function lockPublishedArticle(tx: Queryable, articleId: number): Promise<CommentPolicy | null> {
  const [article] = await tx.query<[policy: CommentPolicy | null]>({
    name: 'article-lock',
    text: `SELECT comment_policy FROM article WHERE id = $1 AND status = 'PUBLISHED' FOR NO KEY UPDATE`,
    values: [articleId],
  });
  if (!article) throw new NotFoundError('There is no such article.');
  return article[0];
}
