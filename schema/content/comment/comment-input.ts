import { checkArticleId } from '../article/article-input.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { decodeIdOf } from '../ids.ts';
import { checkText } from '../text/input-text.ts';
import { checkBody } from './comment-text.ts';
import { checkGuest, type Guest, type GuestInput } from './guest.ts';

/** Longest idempotency key, in UTF-16 code units: a UUID with room for a prefix. Its index does not take any length. */
const MAX_KEY = 200;

/** A comment as a client sends it, with public ids. */
export interface CommentInput {
  articleId: string;
  parentId?: string | null | undefined;
  body: string;
  guest?: GuestInput | null | undefined;
  idempotencyKey?: string | null | undefined;
}

/** A comment whose fields have passed their rules. */
export interface CheckedComment {
  articleId: number;
  parentId: number | null;
  body: string;
  guest: Guest | null;
  idempotencyKey: string | null;
}

/** @throws InvalidInputError, or NotFoundError for ids that name no article or comment */
export function checkComment(input: CommentInput): CheckedComment {
  const articleId = checkArticleId(input.articleId);
  const parentId = input.parentId == null ? null : decodeIdOf('Comment', input.parentId);
  if (parentId === null && input.parentId != null) throw new NotFoundError('There is no such comment to reply to.');
  return {
    articleId,
    parentId,
    body: checkBody(input.body),
    guest: input.guest ? checkGuest(input.guest) : null,
    idempotencyKey: input.idempotencyKey == null ? null : checkKey(input.idempotencyKey),
  };
}

/** @throws InvalidInputError */
function checkKey(value: string): string {
  const path = ['input', 'idempotencyKey'];
  const key = checkText(value, path, MAX_KEY);
  if (key.length > MAX_KEY)
    throw new InvalidInputError(
      `\`idempotencyKey\` may have ${MAX_KEY} UTF-16 code units; this has ${key.length}.`,
      path,
    );
  return key;
}

/** @throws NotFoundError for what is no id of a comment */
export function checkCommentId(id: string): number {
  const commentId = decodeIdOf('Comment', id);
  if (commentId === null) throw new NotFoundError('There is no such comment.');
  return commentId;
}
