import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Context, Queryable } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { CommentsClosedError, ForbiddenError, NotFoundError } from '../errors.ts';
import { findHoldReasons } from '../moderation/hold.ts';
import type { CommentRow } from '../row-types.ts';
import type { ReceiptHolder } from './comment-by-receipt.ts';
import { type CheckedComment, type CommentInput, checkComment } from './comment-input.ts';
import { commentLoader } from './comment-lists.ts';
import { policyOf } from './comment-policy.ts';
import { renderBody } from './comment-text.ts';
import { findOrCreateGuest, requireFreeName } from './guest.ts';
import {
  afterEqualRequests,
  findEarlierComment,
  type IdempotentRequest,
  idempotentRequestOf,
  storeIdempotentRequest,
} from './idempotency.ts';
import { insertComment } from './insert-comment.ts';

export interface AddedComment {
  comment: CommentRow;
  /** Null for a signed-in author. */
  receipt: string | null;
  /** Null for a signed-in author. */
  receiptHolder: ReceiptHolder | null;
}

/**
 * Adds a comment. It is visible at once, or pending when a rule holds it for a moderator.
 * Sent again under the same idempotency key, it returns the comment of the first time.
 * @throws InvalidInputError, NotFoundError, CommentsClosedError, ForbiddenError, ConflictError, RateLimitedError
 */
export async function addComment(context: Context, input: CommentInput): Promise<AddedComment> {
  const { viewer, receipts } = context;
  if (!viewer && !input.guest)
    throw new ForbiddenError('Sign in to comment, or give a name and an address in `guest`.');
  const id = await (input.idempotencyKey == null ? addWithoutKey(context, input) : addOnce(context, input));
  clearLoaders(context);
  const comment = await commentLoader(context).load(id);
  return viewer
    ? { comment, receipt: null, receiptHolder: null }
    : { comment, receipt: receipts.issue(id), receiptHolder: { comment } };
}

async function addWithoutKey(context: Context, input: CommentInput): Promise<number> {
  await context.consumeRateLimit('comment');
  return saveComment(context, checkComment(input), null);
}

/** A repeated request adds nothing, so the search for its comment is all that is counted and done. */
async function addOnce(context: Context, input: CommentInput): Promise<number> {
  await context.consumeRateLimit('repeat');
  const comment = checkComment(input);
  const request = idempotentRequestOf(comment, comment.idempotencyKey!, context.viewer?.author.id);
  return afterEqualRequests(request, async () => {
    const earlier = await findEarlierComment(context.db, request);
    if (earlier !== null) {
      await requirePublishedArticle(context.db, comment.articleId);
      return earlier;
    }
    await context.consumeRateLimit('comment');
    return saveComment(context, comment, request);
  });
}

/**
 * Writes the comment, the counters above it and its event in one transaction. The article's row is locked first, so
 * writers of one discussion follow each other, and ordinals, counters and the log's sequence are exact.
 * @returns the comment's id
 */
async function saveComment(
  context: Context,
  comment: CheckedComment,
  request: IdempotentRequest | null,
): Promise<number> {
  const { change, settings, viewer } = context;
  if (!viewer) await requireFreeName(context, comment.guest!);
  const { html, text } = await renderBody(context, comment.body);
  return change(async (tx, emit) => {
    const policy = policyOf(await lockPublishedArticle(tx, comment.articleId), settings);
    const earlier = request && (await findEarlierComment(tx, request));
    if (earlier) return earlier;
    if (policy === 'CLOSED') throw new CommentsClosedError('This article takes no comments.');
    const authorId = viewer?.author.id ?? (await findOrCreateGuest(tx, comment.guest!));
    const candidate = { articleId: comment.articleId, policy, source: comment.body, html, text, authorId, id: null };
    const holdReasons = await findHoldReasons(tx, context, candidate);
    const id = await insertComment(tx, emit, { ...comment, authorId, html, text, holdReasons });
    if (request) await storeIdempotentRequest(tx, request, id);
    return id;
  });
}

/** @throws NotFoundError */
async function requirePublishedArticle(db: Queryable, articleId: number): Promise<void> {
  const found = await db.query({
    name: 'article-published',
    text: `SELECT FROM article WHERE id = $1 AND status = 'PUBLISHED'`,
    values: [articleId],
  });
  if (found.length === 0) throw new NotFoundError('There is no such article.');
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
