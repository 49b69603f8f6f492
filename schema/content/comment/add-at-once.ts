import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import { nameSkeletons } from '../author/name-skeletons.ts';
import type { Context } from '../context.ts';
import { holdConditions } from '../moderation/hold.ts';
import { isStaff } from '../roles.ts';
import type { CheckedComment } from './comment-input.ts';
import { publishedArticleLock } from './comment-lock.ts';
import { requireOpenDiscussion } from './comment-policy.ts';
import { type IdempotentRequest, isRequestStored } from './idempotency.ts';
import {
  type Conditions,
  type NewComment,
  visibleCommentsStatement,
  type WrittenColumns,
  type WrittenComment,
  writtenComment,
} from './visible-comment.ts';

/** Rows of the lock of the article, and of the comment. */
type Results = [[policy: CommentPolicy | null][], WrittenColumns[]];

/**
 * Adds an ordinary comment, which no rule holds, in one round trip: the database checks what it alone knows, and writes the comment if
 * that lets it pass.
 * @returns null for any other comment; nothing was written then
 * @throws NotFoundError, CommentsClosedError
 */
export async function addAtOnce(
  context: Context,
  comment: CheckedComment & NewComment,
  request: IdempotentRequest | null,
): Promise<WrittenComment | null> {
  const conditions = conditionsOf(context, comment);
  if (!conditions) return null;
  const { articleId } = comment;
  const writer = context.viewer?.author.id ?? comment.guest!;
  try {
    const [[article], [row]] = await context.changeAtOnce<Results>({
      lock: publishedArticleLock(articleId),
      work: { shared: { statement: visibleCommentsStatement, part: { comment, writer, request, conditions } } },
      writer: typeof writer === 'number' ? writer : writer.key,
      written: ([, [row]]) => (row ? { articleId, sequence: row[1] } : null),
    });
    if (row) return writtenComment(row);
    // Under a key there may be a comment of an equal request, also in a discussion that takes no more.
    if (!article || !request) requireOpenDiscussion(context, article);
    return null;
  } catch (error) {
    if (isRequestStored(error)) return null;
    throw error;
  }
}

function conditionsOf(context: Context, { body, html, text, guest }: CheckedComment & NewComment): Conditions | null {
  const { viewer, settings } = context;
  const hold = holdConditions(context, { source: body, html, text });
  return (
    hold && {
      ...hold,
      defaultPolicy: settings.commentPolicy,
      policies: isStaff(viewer) ? ['OPEN', 'MODERATED'] : ['OPEN'],
      skeletons: viewer ? null : nameSkeletons(guest!.name),
    }
  );
}
