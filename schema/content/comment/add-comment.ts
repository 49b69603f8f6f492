import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Context, Emit, Queryable } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import type { LogPosition } from '../events.ts';
import { findHoldReasons } from '../moderation/hold.ts';
import type { CommentRow } from '../row-types.ts';
import { addAtOnce } from './add-at-once.ts';
import type { ReceiptHolder } from './comment-by-receipt.ts';
import { type CheckedComment, type CommentInput, checkComment } from './comment-input.ts';
import { commentLoader } from './comment-lists.ts';
import { publishedArticleLock } from './comment-lock.ts';
import { requireOpenDiscussion } from './comment-policy.ts';
import { renderBody } from './comment-text.ts';
import { findOrCreateGuest, requireFreeName } from './guest.ts';
import { type HeldComment, insertHeldComment } from './held-comment.ts';
import {
  afterEqualRequests,
  findEarlierComment,
  type IdempotentRequest,
  idempotentRequestOf,
  storeIdempotentRequest,
} from './idempotency.ts';
import {
  type NewComment,
  visibleCommentsStatement,
  type WrittenColumns,
  type WrittenComment,
  writtenComment,
} from './visible-comment.ts';

export interface AddedComment {
  comment: CommentRow;
  /** Of the event that made it visible; null when it is held, or was added before. */
  position: LogPosition | null;
  /** Null for a signed-in author. */
  receipt: string | null;
  /** Null for a signed-in author. */
  receiptHolder: ReceiptHolder | null;
}

/** A comment as the statement that wrote it returned it; of one that is held or was added before, the id. */
type SavedComment = { id: number } | WrittenComment;

/**
 * Adds a comment. It is visible at once, or pending when a rule holds it for a moderator.
 * Sent again under the same idempotency key, it returns the comment of the first time.
 * @throws InvalidInputError, NotFoundError, CommentsClosedError, ForbiddenError, ConflictError, RateLimitedError
 */
export async function addComment(context: Context, input: CommentInput): Promise<AddedComment> {
  const { viewer, receipts } = context;
  if (!viewer && !input.guest)
    throw new ForbiddenError('Sign in to comment, or give a name and an address in `guest`.');
  const saved = await (input.idempotencyKey == null ? addWithoutKey(context, input) : addOnce(context, input));
  clearLoaders(context);
  const comment = await payloadComment(context, saved);
  const position = 'position' in saved ? saved.position : null;
  return viewer
    ? { comment, position, receipt: null, receiptHolder: null }
    : { comment, position, receipt: receipts.issue(comment.id), receiptHolder: { comment } };
}

/** The comment as it was written, without reading it again, unless the payload is of one later moment. */
async function payloadComment(context: Context, saved: SavedComment): Promise<CommentRow> {
  if ('comment' in saved) return context.beginPayload ? commentLoader(context).load(saved.comment.id) : saved.comment;
  return commentLoader(context).load(saved.id);
}

async function addWithoutKey(context: Context, input: CommentInput): Promise<SavedComment> {
  await context.consumeRateLimit('comment');
  return saveComment(context, checkComment(input), null);
}

/** A repeated request adds nothing, so the search for its comment is all that is counted and done. */
async function addOnce(context: Context, input: CommentInput): Promise<SavedComment> {
  await context.consumeRateLimit('repeat');
  const comment = checkComment(input);
  const request = idempotentRequestOf(comment, comment.idempotencyKey!, context.viewer?.author.id);
  return afterEqualRequests(request, async () => {
    const earlier = await findEarlierComment(context.db, request);
    if (earlier !== null) {
      await requirePublishedArticle(context.db, comment.articleId);
      return { id: earlier };
    }
    await context.consumeRateLimit('comment');
    return saveComment(context, comment, request);
  });
}

/**
 * Writes the comment, the counters above it and its event in one transaction. The article's row is locked first, so
 * writers of one discussion follow each other, and ordinals, counters and the log's sequence are exact.
 */
async function saveComment(
  context: Context,
  input: CheckedComment,
  request: IdempotentRequest | null,
): Promise<SavedComment> {
  const comment = { ...input, ...(await renderBody(context, input.body)) };
  return (await addAtOnce(context, comment, request)) ?? addStepByStep(context, comment, request);
}

/** Adds a comment by statements that wait for each other: what is no ordinary comment is decided here, and refused or held. */
async function addStepByStep(
  context: Context,
  comment: CheckedComment & NewComment,
  request: IdempotentRequest | null,
): Promise<SavedComment> {
  const { change, viewer } = context;
  if (!viewer) await requireFreeName(context, comment.guest!);
  return change(async (tx, emit) => {
    const [article] = await tx.query<[policy: CommentPolicy | null]>(publishedArticleLock(comment.articleId));
    const earlier = request && article && (await findEarlierComment(tx, request));
    if (earlier) return { id: earlier };
    const policy = requireOpenDiscussion(context, article);
    const authorId = viewer?.author.id ?? (await findOrCreateGuest(tx, comment.guest!));
    const { articleId, body: source, html, text } = comment;
    const candidate = { articleId, policy, source, html, text, authorId };
    const holdReasons = await findHoldReasons(tx, context, candidate);
    const saved = await insertComment(tx, emit, { ...comment, authorId, holdReasons });
    if (request) await storeIdempotentRequest(tx, request, 'id' in saved ? saved.id : saved.comment.id);
    return saved;
  });
}

/** @throws NotFoundError unless the parent is visible in this article's discussion */
async function insertComment(tx: Queryable, emit: Emit, comment: HeldComment): Promise<SavedComment> {
  const { authorId, holdReasons } = comment;
  if (holdReasons.length > 0) {
    const id = await insertHeldComment(tx, comment);
    emit({ moderation: 'HELD', commentId: id, reasons: holdReasons });
    return { id };
  }
  const [row] = await tx.query<WrittenColumns>(
    visibleCommentsStatement([{ comment, writer: authorId, request: null, conditions: null }]),
  );
  if (!row) throw new NotFoundError('There is no such comment to reply to.');
  const written = writtenComment(row);
  emit(written.position);
  return written;
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
