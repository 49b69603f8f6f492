import { createHash } from 'node:crypto';
import type { Queryable } from '../context.ts';
import { ConflictError } from '../errors.ts';
import type { CheckedComment } from './comment-input.ts';

const KEY_REUSED = 'This `idempotencyKey` was used for another comment; choose a new key for each comment.';

/** A comment sent under an idempotency key. Sent again by the same actor, it returns the comment of the first time. */
export interface IdempotentRequest {
  actor: string;
  key: string;
  /** Digest of the comment: another one under the same key is a conflict. */
  digest: string;
}

/** @param authorId of the signed-in author; undefined for a guest */
export function idempotentRequestOf(
  { idempotencyKey: _, guest, ...comment }: CheckedComment,
  key: string,
  authorId: number | undefined,
): IdempotentRequest {
  return {
    actor: authorId === undefined ? `guest:${sha256(guest!.email.toLowerCase())}` : `author:${authorId}`,
    key,
    digest: sha256(JSON.stringify([comment, authorId === undefined ? guest!.key : null])),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The id of the comment that this request wrote before, or null. @throws ConflictError when the key was used for another */
export async function findEarlierComment(
  db: Queryable,
  { actor, key, digest }: IdempotentRequest,
): Promise<number | null> {
  const [earlier] = await db.query<[commentId: number, digest: string]>({
    name: 'idempotency-key-find',
    text: 'SELECT comment_id, request FROM idempotency_key WHERE actor = $1 AND key = $2',
    values: [actor, key],
  });
  if (!earlier) return null;
  const [commentId, earlierDigest] = earlier;
  if (earlierDigest !== digest) throw new ConflictError(KEY_REUSED);
  return commentId;
}

/** @throws ConflictError when another article's comment took the key at the same time: they do not wait for one lock */
export async function storeIdempotentRequest(
  tx: Queryable,
  { actor, key, digest }: IdempotentRequest,
  commentId: number,
): Promise<void> {
  const stored = await tx.query({
    name: 'idempotency-key-insert',
    text: `INSERT INTO idempotency_key (actor, key, request, comment_id) VALUES ($1, $2, $3, $4)
      ON CONFLICT DO NOTHING RETURNING 1`,
    values: [actor, key, digest, commentId],
  });
  if (stored.length === 0) throw new ConflictError(KEY_REUSED);
}

/** Whether a statement failed because the key of its request is stored: another request under the same key was faster. */
export function isRequestStored(error: unknown): boolean {
  return (error as { constraint?: string }).constraint === 'idempotency_key_pkey';
}

/** Ends of the requests in progress in this process, by actor and key. */
const inProgress = new Map<string, Promise<void>>();

/**
 * Runs requests under one key one after another, so that a repeat which arrives meanwhile finds the comment of the first
 * and is not counted. Between gateways the transaction decides.
 */
export function afterEqualRequests<Result>(request: IdempotentRequest, work: () => Promise<Result>): Promise<Result> {
  const key = JSON.stringify([request.actor, request.key]);
  const result = (inProgress.get(key) ?? Promise.resolve()).then(work);
  const end = result.then(
    () => {},
    () => {},
  );
  inProgress.set(key, end);
  void end.then(() => inProgress.get(key) === end && inProgress.delete(key));
  return result;
}
