import type { CommentStatus, ModerationAction } from '../../../prisma/client/enums.ts';
import { checkCommentId } from '../comment/comment-input.ts';
import { commentLoader } from '../comment/comment-lists.ts';
import { type LockedComment, lockComments } from '../comment/comment-lock.ts';
import { policyOf } from '../comment/comment-policy.ts';
import { setCommentStatuses } from '../comment/comment-status.ts';
import { checkReason } from '../comment/comment-text.ts';
import { countEditDecisions, discardHeldEdits, publishHeldEdits } from '../comment/held-edit.ts';
import type { Context, Emit, Queryable } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '../errors.ts';
import { encodeId } from '../ids.ts';
import { MAX_PAGE } from '../list/paging.ts';
import { isModerator } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import { recordDecision } from './decisions.ts';
import { type EditDecision, editDecision, moderationObstacle, statusAfterAction } from './moderation-rules.ts';

/** A comment, and its version that the moderator has seen. */
interface ModeratedComment<Id> {
  id: Id;
  version: number;
}

export interface ModerateCommentsInput {
  comments: readonly ModeratedComment<string>[];
  action: ModerationAction;
  reason?: string | null | undefined;
}

interface Moderation {
  seen: readonly ModeratedComment<number>[];
  ids: readonly number[];
  action: ModerationAction;
  reason: string | null;
  moderatorId: number;
}

/**
 * Applies one action to several comments, all of them or none, and records it in the history of those that changed.
 * @returns the comments after it, in the order of the input
 * @throws ForbiddenError, NotFoundError, InvalidInputError, ConflictError when a comment has other words than the moderator saw
 */
export async function moderateComments(context: Context, input: ModerateCommentsInput): Promise<CommentRow[]> {
  const { viewer } = context;
  if (!viewer || !isModerator(viewer)) throw new ForbiddenError('Only moderators decide about comments.');
  const seen = checkComments(input.comments);
  const ids = [...new Set(seen.map(({ id }) => id))];
  const reason = input.reason == null || input.reason.trim() === '' ? null : checkReason(input.reason);
  await applyModeration(context, { seen, ids, action: input.action, reason, moderatorId: viewer.author.id });
  clearLoaders(context);
  return Promise.all(ids.map((id) => commentLoader(context).load(id)));
}

/** @throws InvalidInputError, NotFoundError */
function checkComments(comments: ModerateCommentsInput['comments']): ModeratedComment<number>[] {
  if (comments.length === 0 || comments.length > MAX_PAGE)
    throw new InvalidInputError(`\`comments\` must hold 1 to ${MAX_PAGE} comments, not ${comments.length}.`, [
      'input',
      'comments',
    ]);
  return comments.map(({ id, version }) => ({ id: checkCommentId(id), version }));
}

async function applyModeration({ change, settings }: Context, moderation: Moderation): Promise<void> {
  const { seen, ids, action, reason, moderatorId } = moderation;
  await change(async (tx, emit) => {
    const comments = await lockComments(tx, ids);
    for (const one of seen) requireSeen(one, comments.get(one.id));
    for (const comment of comments.values()) requireApplicable(action, comment);
    const statuses = new Map<number, CommentStatus>();
    for (const comment of comments.values()) {
      const status = statusAfterAction(action, comment, policyOf(comment.policy, settings));
      if (status !== null) statuses.set(comment.id, status);
    }
    const edited = await decideEdits(tx, emit, { ...moderation, comments });
    const changed = new Set(
      action === 'PIN' || action === 'UNPIN'
        ? await setPinned(tx, emit, moderation)
        : await settleReports(tx, statuses),
    );
    const moved = [...statuses].filter(([id, status]) => comments.get(id)!.status !== status);
    if (moved.length > 0) await setCommentStatuses(tx, emit, new Map(moved));
    for (const id of [...edited, ...moved.map(([id]) => id)]) changed.add(id);
    if (changed.size === 0) return;
    await recordDecision(tx, { ids: [...changed], by: moderatorId, action, reason });
    for (const commentId of changed) await emit({ moderation: 'DECIDED', commentId, action, by: moderatorId });
  });
}

/** @throws NotFoundError, ConflictError */
function requireSeen({ id, version }: ModeratedComment<number>, comment: LockedComment | undefined): void {
  const name = encodeId('Comment', id);
  if (!comment) throw new NotFoundError(`There is no comment ${name}.`);
  if (comment.version !== version)
    throw new ConflictError(
      `The comment ${name} is at version ${comment.version}, not ${version}: its words have changed. Read it again, then decide.`,
    );
}

/** @throws InvalidInputError */
function requireApplicable(action: ModerationAction, comment: LockedComment): void {
  const obstacle = moderationObstacle(action, comment);
  if (obstacle)
    throw new InvalidInputError(`The comment ${encodeId('Comment', comment.id)} ${obstacle}.`, ['input', 'action']);
}

/** Publishes, discards or hides the waiting edits of comments. @returns the comments whose edit was published or discarded */
async function decideEdits(
  tx: Queryable,
  emit: Emit,
  { action, moderatorId, comments }: Moderation & { comments: ReadonlyMap<number, LockedComment> },
): Promise<number[]> {
  const decided = (wanted: EditDecision): number[] =>
    [...comments.values()].filter((comment) => editDecision(action, comment) === wanted).map(({ id }) => id);
  const [published, discarded, hidden] = [decided('PUBLISH'), decided('DISCARD'), decided('HIDE')];
  if (hidden.length > 0) await countEditDecisions(tx, hidden);
  if (discarded.length > 0) await discardHeldEdits(tx, discarded, { by: moderatorId });
  if (published.length > 0) await publishHeldEdits(tx, published);
  for (const commentId of published) {
    const { articleId, visible } = comments.get(commentId)!;
    if (visible) await emit({ articleId, kind: 'CHANGED', commentId });
  }
  return [...published, ...discarded];
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

/** Closes the open reports of comments, but of those that wait for a decision. @returns the comments that had some */
async function settleReports(tx: Queryable, statuses: ReadonlyMap<number, CommentStatus>): Promise<number[]> {
  const ids = [...statuses].filter(([, status]) => status !== 'PENDING').map(([id]) => id);
  const settled = await tx.query<[commentId: number]>({
    name: 'reports-settle',
    text: 'UPDATE comment_report SET settled = true WHERE comment_id = ANY($1) AND NOT settled RETURNING comment_id',
    values: [ids],
  });
  return settled.map(([id]) => id);
}
