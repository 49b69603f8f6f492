import type { CommentStatus, ModerationAction } from '../../../prisma/client/enums.ts';
import { type ChangedComments, payloadComments, readChangedComments } from '../comment/changed-comments.ts';
import { checkCommentId } from '../comment/comment-input.ts';
import { type LockedComment, lockComments } from '../comment/comment-lock.ts';
import { policyOf } from '../comment/comment-policy.ts';
import { readAncestors, setCommentStatuses } from '../comment/comment-status.ts';
import { checkReason } from '../comment/comment-text.ts';
import { countEditDecisions, discardHeldEdits, publishHeldEdits } from '../comment/held-edit.ts';
import type { Context, Emit, Transaction } from '../context.ts';
import { ConflictError, ForbiddenError, InvalidInputError, NotFoundError } from '../errors.ts';
import { encodeId } from '../ids.ts';
import { MAX_PAGE } from '../list/paging.ts';
import { isModerator } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import { recordDecision, settleReports } from './decisions.ts';
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

interface LockedModeration extends Moderation {
  comments: ReadonlyMap<number, LockedComment>;
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
  const { comments } = await applyModeration(context, {
    ...{ seen, ids, action: input.action, reason },
    moderatorId: viewer.author.id,
  });
  return payloadComments(context, ids, comments);
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

function applyModeration(context: Context, moderation: Moderation): Promise<{ comments: ChangedComments }> {
  const { seen, ids, action, reason, moderatorId } = moderation;
  return context.change(async (tx, emit) => {
    const comments = lockComments(tx, ids);
    const thread = await readAncestors(tx, ids);
    for (const one of seen) requireSeen(one, comments.get(one.id));
    for (const comment of comments.values()) requireApplicable(action, comment);
    const statuses = new Map<number, CommentStatus>();
    for (const comment of comments.values()) {
      const status = statusAfterAction(action, comment, policyOf(comment.policy, context.settings));
      if (status !== null) statuses.set(comment.id, status);
    }
    const locked = { ...moderation, comments };
    const changed = new Set(
      action === 'PIN' || action === 'UNPIN' ? setPinned(tx, emit, locked) : settleReportsOf(tx, locked, statuses),
    );
    for (const id of decideEdits(tx, emit, locked)) changed.add(id);
    const moved = new Map([...statuses].filter(([id, status]) => comments.get(id)!.status !== status));
    if (moved.size > 0) await setCommentStatuses(tx, emit, { thread, statuses: moved });
    for (const id of moved.keys()) changed.add(id);
    if (changed.size > 0) {
      recordDecision(tx, { ids: [...changed], by: moderatorId, action, reason });
      for (const commentId of changed) emit({ moderation: 'DECIDED', commentId, action, by: moderatorId });
    }
    return readChangedComments(context, tx, ids);
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

/** Publishes, discards, hides or shows the waiting edits of comments. @returns the comments whose edit was published or discarded */
function decideEdits(tx: Transaction, emit: Emit, { action, moderatorId, comments }: LockedModeration): number[] {
  const decided = (wanted: EditDecision): number[] =>
    [...comments.values()].filter((comment) => editDecision(action, comment) === wanted).map(({ id }) => id);
  const [published, discarded] = [decided('PUBLISH'), decided('DISCARD')];
  const turned = [...decided('HIDE'), ...decided('SHOW')];
  if (turned.length > 0) countEditDecisions(tx, turned);
  if (discarded.length > 0) discardHeldEdits(tx, discarded, { by: moderatorId });
  if (published.length > 0) publishHeldEdits(tx, published);
  emitChanges(emit, published, comments);
  return [...published, ...discarded];
}

/** Pins or unpins comments. @returns those that changed */
function setPinned(tx: Transaction, emit: Emit, { action, comments }: LockedModeration): number[] {
  const pinned = action === 'PIN';
  const ids = [...comments.values()].filter((comment) => comment.pinned !== pinned).map(({ id }) => id);
  if (ids.length > 0)
    tx.enqueue({
      name: 'comments-pin',
      text: 'UPDATE comment SET pinned = $2 WHERE id = ANY($1)',
      values: [ids, pinned],
    });
  emitChanges(emit, ids, comments);
  return ids;
}

/** Emits that visible comments have changed. */
function emitChanges(emit: Emit, ids: readonly number[], comments: LockedModeration['comments']): void {
  const visible = ids.map((id) => comments.get(id)!).filter((comment) => comment.visible);
  emit(...visible.map(({ id, articleId }) => ({ articleId, kind: 'CHANGED' as const, commentId: id })));
}

/** Closes the open reports of comments, but of those that wait for a decision. @returns the comments that had some */
function settleReportsOf(
  tx: Transaction,
  { comments }: LockedModeration,
  statuses: ReadonlyMap<number, CommentStatus>,
): number[] {
  const ids = [...statuses]
    .filter(([id, status]) => status !== 'PENDING' && comments.get(id)!.reported)
    .map(([id]) => id);
  if (ids.length > 0) settleReports(tx, ids);
  return ids;
}
