import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import { articleLoader } from '../article/article-reader.ts';
import type { Context } from '../context.ts';
import { loadColumn } from '../load-column.ts';
import { isModerator, isStaff } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import { commentRowAccess } from './comment-access.ts';
import { policyOf, takesEdits } from './comment-policy.ts';
import { commentEditVerdict, commentRemovalVerdict } from './comment-rules.ts';

const SECOND = 1_000;

// Each right is that of the viewer, or by other access: that of a receipt.

export async function canEdit(
  context: Context,
  comment: CommentRow,
  access = commentRowAccess(context, comment),
): Promise<boolean> {
  const ageSeconds = (context.now().getTime() - comment.createdAt.getTime()) / SECOND;
  if (commentEditVerdict({ ...access, ageSeconds }, context.settings) !== 'ALLOWED') return false;
  // Nothing is read for those who may not edit anyway, and for staff.
  return isStaff(context.viewer) || takesEdits(await policyOfArticle(context, comment.articleId), context.viewer);
}

/** When the viewer's edit window ends; null when they may not edit, and for moderators, who have no window. */
export async function editableUntil(
  context: Context,
  comment: CommentRow,
  access = commentRowAccess(context, comment),
): Promise<Date | null> {
  if (isModerator(context.viewer) || !(await canEdit(context, comment, access))) return null;
  return new Date(comment.createdAt.getTime() + context.settings.editWindow * SECOND);
}

export function canRemove(context: Context, comment: CommentRow, access = commentRowAccess(context, comment)): boolean {
  return comment.status !== 'REMOVED' && commentRemovalVerdict(access) === 'ALLOWED';
}

export async function canReply(context: Context, { articleId, status, visible }: CommentRow): Promise<boolean> {
  if (!visible || status !== 'VISIBLE') return false;
  return (await policyOfArticle(context, articleId)) !== 'CLOSED';
}

async function policyOfArticle(context: Context, articleId: number): Promise<CommentPolicy> {
  return policyOf(await loadColumn(articleLoader(context), articleId, 'commentPolicy'), context.settings);
}
