import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Context, Queryable } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { CommentsClosedError, ForbiddenError, NotFoundError } from '../errors.ts';
import { findHoldReasons } from '../moderation/hold.ts';
import { queryRow } from '../query.ts';
import type { CommentRow } from '../row-types.ts';
import { countAddedComment } from './comment-counters.ts';
import { type CheckedComment, type CommentInput, checkComment } from './comment-input.ts';
import { commentLoader } from './comment-lists.ts';
import { allocatePath, type ThreadPosition } from './comment-path.ts';
import { policyOf } from './comment-policy.ts';
import { renderBody } from './comment-text.ts';
import { findOrCreateGuest } from './guest.ts';
import { afterEqualRequests, findEarlierComment, idempotentRequestOf, storeIdempotentRequest } from './idempotency.ts';

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
    return insertComment(context, comment, request);
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
async function insertComment(
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
    const position = await allocatePath(tx, comment);
    const authorId = viewer?.author.id ?? (await findOrCreateGuest(tx, comment.guest!));
    const candidate = { policy, source: comment.body, html, text, authorId, id: null };
    const holdReasons = await findHoldReasons(tx, context, candidate);
    const id = await insertRow(tx, { ...comment, ...position, authorId, html, text, holdReasons });
    if (request) await storeIdempotentRequest(tx, request, id);
    if (holdReasons.length === 0) {
      await countAddedComment(tx, id, comment.parentId);
      await emit({ articleId: comment.articleId, kind: 'ADDED', commentId: id });
    }
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

interface NewComment extends Pick<CheckedComment, 'articleId' | 'parentId' | 'body'>, ThreadPosition {
  authorId: number;
  html: string;
  text: string;
  /** Empty for a comment that is visible at once. */
  holdReasons: string[];
}

async function insertRow(tx: Queryable, comment: NewComment): Promise<number> {
  const { articleId, parentId, authorId, path, depth, body, html, text, holdReasons } = comment;
  const isVisible = holdReasons.length === 0;
  const status = isVisible ? 'VISIBLE' : 'PENDING';
  const [id] = await queryRow<[id: number]>(tx, {
    name: 'comment-insert',
    // The clock is read under the lock: order of time is order of ordinals.
    text: `INSERT INTO comment (article_id, parent_id, author_id, path, depth, status, visible, body_source, body_format,
        body_html, body_text, hold_reasons, created_at)
      VALUES ($1, $2, $3, $4, $5, $6::"CommentStatus", $7, $8, 'MARKDOWN', $9, $10, $11, clock_timestamp()) RETURNING id`,
    values: [articleId, parentId, authorId, path, depth, status, isVisible, body, html, text, holdReasons],
  });
  return id;
}
