import type { ModerationAction as Action } from '../../../prisma/client/enums.ts';
import { checkCommentId, checkReason } from '../../content/comment/comment-input.ts';
import { commentLoader } from '../../content/comment/comment-lists.ts';
import { type LockedComment, lockComments } from '../../content/comment/comment-lock.ts';
import { isModerator, moderationObstacle, statusAfterAction } from '../../content/comment/comment-rules.ts';
import { setStatuses } from '../../content/comment/comment-status.ts';
import type { Change, Context, Queryable } from '../../content/context.ts';
import { clearLoaders } from '../../content/context-loader.ts';
import { ForbiddenError, InvalidInputError, NotFoundError } from '../../content/errors.ts';
import { encodeId } from '../../content/ids.ts';
import { MAX_PAGE } from '../../content/list/paging.ts';
import { recordDecision } from '../../content/moderation/decisions.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import { Forbidden, InvalidInput, NotFound, resolveResultType, returnActionableErrors } from '../error-types.ts';
import { ModerationAction } from '../moderation.ts';

const ModerateCommentsInput = builder.inputType('ModerateCommentsInput', {
  description: 'One decision about some comments.',
  fields: (t) => ({
    ids: t.idList({
      required: true,
      description: `The comments, 1 to ${MAX_PAGE}: as many as a page of the queue has.`,
    }),
    action: t.field({ type: ModerationAction, required: true, description: 'What to do with them.' }),
    reason: t.string({ description: 'Why, for their history; at most 500 characters.' }),
  }),
});

const ModerateCommentsSuccess = builder.objectRef<{ comments: CommentRow[] }>('ModerateCommentsSuccess').implement({
  description: 'It is done, with all of them.',
  fields: (t) => ({
    comments: t.field({
      type: ['Comment'],
      description: 'As they are now, in the order of the ids.',
      resolve: ({ comments }) => comments,
    }),
  }),
});

const ModerateCommentsResult = builder.unionType('ModerateCommentsResult', {
  description: 'The comments, or why all of them are as they were.',
  types: [ModerateCommentsSuccess, InvalidInput, NotFound, Forbidden],
  resolveType: resolveResultType('ModerateCommentsSuccess'),
});

interface Moderation {
  ids: readonly number[];
  action: Action;
  reason: string | null;
  moderatorId: number;
}

/**
 * Does one thing with several comments, all or none of them, and keeps it in the history of those that it changed.
 * @throws NotFoundError, InvalidInputError
 */
async function moderate({ change }: Context, moderation: Moderation): Promise<void> {
  const { ids, action, reason, moderatorId } = moderation;
  await change(async (tx, emit) => {
    const comments = await lockComments(tx, ids);
    for (const id of ids) refuseModeration(action, id, comments.get(id));
    const status = statusAfterAction(action);
    const affected = new Set(status === null ? await pin(tx, emit, moderation) : await settleReports(tx, ids));
    if (status !== null) {
      const moved = [...comments.values()].filter((comment) => comment.status !== status).map(({ id }) => id);
      if (moved.length > 0) await setStatuses(tx, emit, new Map(moved.map((id) => [id, status])));
      for (const id of moved) affected.add(id);
    }
    if (affected.size > 0) await recordDecision(tx, { ids: [...affected], by: moderatorId, action, reason });
  });
}

function refuseModeration(action: Action, id: number, comment: LockedComment | undefined): void {
  const name = encodeId('Comment', id);
  if (!comment) throw new NotFoundError(`There is no comment ${name}.`);
  const fault = moderationObstacle(action, comment.status);
  if (fault) throw new InvalidInputError(`The comment ${name} ${fault}.`, ['input', 'action']);
}

/** Puts comments forward or back, and gives those that were not so already. */
async function pin(
  tx: Queryable,
  emit: Parameters<Parameters<Change>[0]>[1],
  { ids, action }: Moderation,
): Promise<number[]> {
  const pinned = await tx.query<[number, number, boolean]>({
    name: 'comments-pin',
    text: 'UPDATE comment SET pinned = $2 WHERE id = ANY($1) AND pinned <> $2 RETURNING id, article_id, visible',
    values: [ids, action === 'PIN'],
  });
  for (const [commentId, articleId, visible] of pinned)
    if (visible) await emit({ articleId, kind: 'CHANGED', commentId });
  return pinned.map(([id]) => id);
}

/** What was reported is decided; gives the comments that had open reports. */
async function settleReports(tx: Queryable, ids: readonly number[]): Promise<number[]> {
  const settled = await tx.query<[number]>({
    name: 'reports-settle',
    text: 'UPDATE comment_report SET settled = true WHERE comment_id = ANY($1) AND NOT settled RETURNING comment_id',
    values: [ids],
  });
  return settled.map(([id]) => id);
}

/** @throws InvalidInputError, NotFoundError */
function checkIds(ids: readonly string[]): number[] {
  if (ids.length === 0 || ids.length > MAX_PAGE)
    throw new InvalidInputError(`\`ids\` must hold 1 to ${MAX_PAGE} ids, not ${ids.length}.`, ['input', 'ids']);
  return [...new Set(ids.map(checkCommentId))];
}

builder.mutationFields((t) => ({
  moderateComments: t.field({
    type: ModerateCommentsResult,
    description: 'Decides about some comments at once: all of them, or none. For moderators.',
    args: { input: t.arg({ type: ModerateCommentsInput, required: true, description: 'The decision.' }) },
    resolve: (_, { input }, context) =>
      returnActionableErrors(async () => {
        const { viewer } = context;
        if (!viewer || !isModerator(viewer)) throw new ForbiddenError('Only moderators decide about comments.');
        const ids = checkIds(input.ids);
        const reason = input.reason == null || input.reason.trim() === '' ? null : checkReason(input.reason);
        await moderate(context, { ids, action: input.action, reason, moderatorId: viewer.author.id });
        clearLoaders(context);
        return { comments: await Promise.all(ids.map((id) => commentLoader(context).load(id))) };
      }),
  }),
}));
