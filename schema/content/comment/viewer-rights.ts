import { articleLoader } from '../article/article-reader.ts';
import type { Context } from '../context.ts';
import { loadColumn } from '../load-column.ts';
import { isModerator } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import { commentRowAccess } from './comment-access.ts';
import { policyOf } from './comment-policy.ts';
import { commentEditVerdict, commentRemovalVerdict } from './comment-rules.ts';

const SECOND = 1_000;

export function canEdit(context: Context, comment: CommentRow): boolean {
  const ageSeconds = (context.now().getTime() - comment.createdAt.getTime()) / SECOND;
  return commentEditVerdict({ ...commentRowAccess(context, comment), ageSeconds }, context.settings) === 'ALLOWED';
}

/** When the viewer's edit window ends; null when they may not edit, and for moderators, who have no window. */
export function editableUntil(context: Context, comment: CommentRow): Date | null {
  if (!canEdit(context, comment) || isModerator(context.viewer)) return null;
  return new Date(comment.createdAt.getTime() + context.settings.editWindow * SECOND);
}

export function canRemove(context: Context, comment: CommentRow): boolean {
  return comment.status !== 'REMOVED' && commentRemovalVerdict(commentRowAccess(context, comment)) === 'ALLOWED';
}

export async function canReply(context: Context, { articleId, status, visible }: CommentRow): Promise<boolean> {
  if (!visible || status !== 'VISIBLE') return false;
  const commentPolicy = await loadColumn(articleLoader(context), articleId, 'commentPolicy');
  return policyOf(commentPolicy, context.settings) !== 'CLOSED';
}
