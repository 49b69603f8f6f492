import { createHash } from 'node:crypto';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { decodeIdOf } from '../ids.ts';
import { closeBidiMarks } from '../text/bidi.ts';
import { isLonger } from '../text/graphemes.ts';
import { isBlank, renderText, storageFault } from '../text/render.ts';

/** Longest body of a comment, in characters as readers count them (graphemes). */
export const MAX_BODY = 10_000;
const MAX_NAME = 80;
/** RFC 5321, 4.5.3.1.3: the longest path, without its brackets. */
const MAX_EMAIL = 254;
const MAX_URL = 2_000;
const MAX_KEY = 200;
/** Longest reason for a report or a moderator's decision. */
const MAX_REASON = 500;

/** One @ with something before it and a domain of at least two labels after: what an address needs, not all of RFC 5322. */
const EMAIL = /^[^\s@<>()[\],;:\\"]+@[^\s@.<>()[\],;:\\"]+(\.[^\s@.<>()[\],;:\\"]+)+$/u;

/** A guest as given, with the digest that tells whether two comments are the same guest's. */
export interface Guest {
  name: string;
  email: string;
  url: string | null;
  key: string;
}

/** A comment whose fields have passed their rules. */
export interface CheckedComment {
  articleId: number;
  parentId: number | null;
  body: string;
  guest: Guest | null;
  idempotencyKey: string | null;
}

export interface CommentInput {
  articleId: string;
  parentId?: string | null | undefined;
  body: string;
  guest?: { name: string; email: string; url?: string | null | undefined } | null | undefined;
  idempotencyKey?: string | null | undefined;
}

/** @throws InvalidInputError naming the field, the rule and what came */
function checkText(value: string, path: string[], most: number): string {
  const name = path.at(-1);
  const fault = storageFault(value);
  if (fault) throw new InvalidInputError(`\`${name}\` ${fault}.`, path);
  const text = value.trim().normalize('NFC');
  const tooLong = isLonger(text, most);
  if (isBlank(text) || tooLong)
    throw new InvalidInputError(
      `\`${name}\` must have 1 to ${most} characters; this has ${tooLong ? 'more' : 'none'}.`,
      path,
    );
  return text;
}

function checkGuest(guest: NonNullable<CommentInput['guest']>): Guest {
  const path = ['input', 'guest'];
  // A name stands in one line with other words.
  const name = closeBidiMarks(checkText(guest.name, [...path, 'name'], MAX_NAME).replace(/\s+/gu, ' '));
  const email = checkText(guest.email, [...path, 'email'], MAX_EMAIL);
  if (!EMAIL.test(email))
    throw new InvalidInputError('`email` must be an address such as ann@example.com.', [...path, 'email']);
  const url = guest.url == null || guest.url.trim() === '' ? null : checkUrl(guest.url, [...path, 'url']);
  return { name, email, url, key: guestKey({ name, email, url }) };
}

function checkUrl(value: string, path: string[]): string {
  const text = checkText(value, path, MAX_URL);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new InvalidInputError('`url` must be an address that begins with https:// or http://.', path);
  return url.href;
}

/** The digest that makes two comments the same guest's: equal name, address and page. */
export function guestKey({ name, email, url }: Pick<Guest, 'name' | 'email' | 'url'>): string {
  return createHash('sha256')
    .update(`${email.toLowerCase()}\n${name}\n${url ?? ''}`)
    .digest('hex');
}

/** @throws InvalidInputError, or NotFoundError for ids that name no article or comment */
export function checkComment(input: CommentInput): CheckedComment {
  const articleId = decodeIdOf('Article', input.articleId);
  if (articleId === null) throw new NotFoundError('There is no such article.');
  const parentId = input.parentId == null ? null : decodeIdOf('Comment', input.parentId);
  if (parentId === null && input.parentId != null) throw new NotFoundError('There is no such comment to reply to.');
  return {
    articleId,
    parentId,
    body: checkBody(input.body),
    guest: input.guest ? checkGuest(input.guest) : null,
    idempotencyKey:
      input.idempotencyKey == null ? null : checkText(input.idempotencyKey, ['input', 'idempotencyKey'], MAX_KEY),
  };
}

/** Both renderings of a body. @throws InvalidInputError when nothing of it is to be seen, as of `&nbsp;` or `[](http://a.example)` */
export function renderBody(body: string): { html: string; text: string } {
  const rendered = renderText(body, 'MARKDOWN', 'comment');
  if (isBlank(rendered.text))
    throw new InvalidInputError('`body` must have words; of this, nothing would be seen.', ['input', 'body']);
  return rendered;
}

/** @throws InvalidInputError */
export function checkBody(body: string): string {
  return checkText(body, ['input', 'body'], MAX_BODY);
}

/** @throws InvalidInputError */
export function checkReason(reason: string): string {
  return closeBidiMarks(checkText(reason, ['input', 'reason'], MAX_REASON));
}

/** @throws NotFoundError for what is no id of a comment */
export function checkCommentId(id: string): number {
  const commentId = decodeIdOf('Comment', id);
  if (commentId === null) throw new NotFoundError('There is no such comment.');
  return commentId;
}
