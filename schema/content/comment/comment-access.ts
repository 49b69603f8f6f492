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

/**
 * May the viewer of a comment see one above it? Above a visible comment all are visible. Above a hidden one, moderators
 * see every comment, and its author sees their own.
 */
export function seesAncestor({ viewer }: Context, comment: CommentRow, ancestor: CommentRow): boolean {
  if (ancestor.visible || isModerator(viewer)) return true;
  const isAuthor = !comment.isPlaceholder && viewer?.author.id === comment.authorId;
  return isAuthor && ancestor.authorId === comment.authorId;
}

/** The placeholder that readers get for a hidden comment, without body and author. */
export function placeholderOf(comment: CommentRow): CommentRow {
  return { ...comment, status: 'REMOVED', isPlaceholder: true };
}

/** The same for a row of a response, which the viewer can see. */
export function commentRowAccess({ viewer }: Context, row: CommentRow): CommentAccess {
  return {
    status: row.status,
    isPublic: true,
    isOwn: viewer?.author.id === row.authorId,
    isModerator: isModerator(viewer),
  };
}
