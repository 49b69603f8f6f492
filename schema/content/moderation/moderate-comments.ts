import type { ModerationAction } from '../../../prisma/client/enums.ts';
import { checkCommentId } from '../comment/comment-input.ts';
import { commentLoader } from '../comment/comment-lists.ts';
import { type LockedComment, lockComments } from '../comment/comment-lock.ts';
import { setCommentStatuses } from '../comment/comment-status.ts';
import { checkReason } from '../comment/comment-text.ts';
import type { Context, Emit, Queryable } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { ForbiddenError, InvalidInputError, NotFoundError } from '../errors.ts';
import { encodeId } from '../ids.ts';
import { MAX_PAGE } from '../list/paging.ts';
import { isModerator } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import { recordDecision } from './decisions.ts';
import { moderationObstacle, statusAfterAction } from './moderation-rules.ts';

export interface ModerateCommentsInput {
  ids: readonly string[];
  action: ModerationAction;
  reason?: string | null | undefined;
}

interface Moderation {
  ids: readonly number[];
  action: ModerationAction;
  reason: string | null;
  moderatorId: number;
}

/**
 * Applies one action to several comments, all of them or none, and records it in the history of those that changed.
 * @returns the comments after it, in the order of the ids
 * @throws ForbiddenError, NotFoundError, InvalidInputError
 */
export async function moderateComments(context: Context, input: ModerateCommentsInput): Promise<CommentRow[]> {
  const { viewer } = context;
  if (!viewer || !isModerator(viewer)) throw new ForbiddenError('Only moderators decide about comments.');
  const ids = checkIds(input.ids);
  const reason = input.reason == null || input.reason.trim() === '' ? null : checkReason(input.reason);
  await applyModeration(context, { ids, action: input.action, reason, moderatorId: viewer.author.id });
  clearLoaders(context);
  return Promise.all(ids.map((id) => commentLoader(context).load(id)));
}

/** @throws InvalidInputError, NotFoundError */
function checkIds(ids: readonly string[]): number[] {
  if (ids.length === 0 || ids.length > MAX_PAGE)
    throw new InvalidInputError(`\`ids\` must hold 1 to ${MAX_PAGE} ids, not ${ids.length}.`, ['input', 'ids']);
  return [...new Set(ids.map(checkCommentId))];
}

async function applyModeration({ change }: Context, moderation: Moderation): Promise<void> {
  const { ids, action, reason, moderatorId } = moderation;
  await change(async (tx, emit) => {
    const comments = await lockComments(tx, ids);
    for (const id of ids) requireApplicable(action, id, comments.get(id));
    const status = statusAfterAction(action);
    const changed = new Set(status === null ? await setPinned(tx, emit, moderation) : await settleReports(tx, ids));
    if (status !== null) {
      const moved = [...comments.values()].filter((comment) => comment.status !== status).map(({ id }) => id);
      if (moved.length > 0) await setCommentStatuses(tx, emit, new Map(moved.map((id) => [id, status])));
      for (const id of moved) changed.add(id);
    }
    if (changed.size > 0) await recordDecision(tx, { ids: [...changed], by: moderatorId, action, reason });
  });
}

/** @throws NotFoundError, InvalidInputError */
function requireApplicable(action: ModerationAction, id: number, comment: LockedComment | undefined): void {
  const name = encodeId('Comment', id);
  if (!comment) throw new NotFoundError(`There is no comment ${name}.`);
  const obstacle = moderationObstacle(action, comment.status);
  if (obstacle) throw new InvalidInputError(`The comment ${name} ${obstacle}.`, ['input', 'action']);
}

/** Pins or unpins comments. @returns those that changed */
async function setPinned(tx: Queryable, emit: Emit, { ids, action }: Moderation): Promise<number[]> {
  const changed = await tx.query<[id: number, articleId: number, visible: boolean]>({
    name: 'comments-pin',
    text: 'UPDATE comment SET pinned = $2 WHERE id = ANY($1) AND pinned <> $2 RETURNING id, article_id, visible',
    values: [ids, action === 'PIN'],
  });
  for (const [commentId, articleId, visible] of changed)
    if (visible) await emit({ articleId, kind: 'CHANGED', commentId });
  return changed.map(([id]) => id);
}

/** Closes the open reports of comments. @returns the comments that had some */
async function settleReports(tx: Queryable, ids: readonly number[]): Promise<number[]> {
  const settled = await tx.query<[commentId: number]>({
    name: 'reports-settle',
    text: 'UPDATE comment_report SET settled = true WHERE comment_id = ANY($1) AND NOT settled RETURNING comment_id',
    values: [ids],
  });
  return settled.map(([id]) => id);
}
