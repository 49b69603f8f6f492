import { mayEdit } from '../article/article-rules.ts';
import type { Context } from '../context.ts';
import type { CommentRow } from '../row-types.ts';
import type { LockedComment } from './comment-lock.ts';
import { type Approached, moderates } from './comment-rules.ts';

/** A comment as it stands to whoever asks, for the rules. A receipt of another comment is none. */
export function approached(
  { viewer, receipts }: Context,
  comment: LockedComment,
  receipt: string | null | undefined,
): Approached {
  const hasReceipt = receipt != null && receipts.read(receipt) === comment.id;
  // The answer shows the article too. Below one that they may not see, they have no comment, as if there were none.
  const seesArticle = comment.published || mayEdit(viewer, comment.article) === 'ALLOWED';
  return {
    status: comment.status,
    isPublic: comment.visible && comment.published,
    isOwn: seesArticle && (viewer?.author.id === comment.authorId || hasReceipt),
    moderates: moderates(viewer),
  };
}

/** The same for a row that was answered, which whoever asks can see. */
export function approachedRow({ viewer }: Context, row: CommentRow): Approached {
  return {
    status: row.status,
    isPublic: true,
    isOwn: viewer?.author.id === row.authorId || row.byReceipt === true,
    moderates: moderates(viewer),
  };
}
