import { articleEditVerdict } from '../article/article-rules.ts';
import type { Context } from '../context.ts';
import type { CommentRow } from '../row-types.ts';
import type { LockedComment } from './comment-lock.ts';
import { type CommentAccess, isModerator } from './comment-rules.ts';

/** A comment as it stands to whoever asks, for the rules. A receipt of another comment is none. */
export function commentAccess(
  { viewer, receipts }: Context,
  comment: LockedComment,
  receipt: string | null | undefined,
): CommentAccess {
  const hasReceipt = receipt != null && receipts.read(receipt) === comment.id;
  // The answer shows the article too. Below one that they may not see, they have no comment, as if there were none.
  const seesArticle = comment.published || articleEditVerdict(viewer, comment.article) === 'ALLOWED';
  return {
    status: comment.status,
    isPublic: comment.visible && comment.published,
    isOwn: seesArticle && (viewer?.author.id === comment.authorId || hasReceipt),
    moderates: isModerator(viewer),
  };
}

/** The same for a row that was answered, which whoever asks can see. */
export function commentRowAccess({ viewer }: Context, row: CommentRow): CommentAccess {
  return {
    status: row.status,
    isPublic: true,
    isOwn: viewer?.author.id === row.authorId || row.byReceipt === true,
    moderates: isModerator(viewer),
  };
}
