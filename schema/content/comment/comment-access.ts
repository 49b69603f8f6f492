import { articleEditVerdict } from '../article/article-rules.ts';
import type { Context } from '../context.ts';
import { isModerator } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import type { LockedComment } from './comment-lock.ts';
import type { CommentAccess } from './comment-rules.ts';

/** The viewer's rights to a comment, as `comment-rules.ts` reads them. A receipt of another comment gives no right. */
export function commentAccess(
  { viewer, receipts }: Context,
  comment: LockedComment,
  receipt: string | null | undefined,
): CommentAccess {
  const hasReceipt = receipt != null && receipts.read(receipt) === comment.id;
  // The response shows the article too, so below an article that the viewer may not see their comment is not found.
  const seesArticle = comment.published || articleEditVerdict(viewer, comment.article) === 'ALLOWED';
  return {
    status: comment.status,
    isPublic: comment.visible && comment.published,
    isOwn: seesArticle && (viewer?.author.id === comment.authorId || hasReceipt),
    isModerator: isModerator(viewer),
  };
}

/** The same for a row of a response, which the viewer can see. */
export function commentRowAccess({ viewer }: Context, row: CommentRow): CommentAccess {
  return {
    status: row.status,
    isPublic: true,
    isOwn: viewer?.author.id === row.authorId || row.byReceipt === true,
    isModerator: isModerator(viewer),
  };
}
