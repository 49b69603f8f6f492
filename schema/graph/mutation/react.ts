import { checkCommentId } from '../../content/comment/comment-input.ts';
import { commentLoader } from '../../content/comment/comment-lists.ts';
import { lockComment } from '../../content/comment/comment-lock.ts';
import { MILLISECONDS_UNTIL_NEXT_EVENT, scheduleReactionEvent } from '../../content/comment/reaction-event.ts';
import type { Context, Queryable } from '../../content/context.ts';
import { clearLoaders } from '../../content/context-loader.ts';
import { ForbiddenError, NotFoundError } from '../../content/errors.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import { REACTION_KINDS, ReactionKind } from '../enums.ts';
import { Forbidden, NotFound, RateLimited, resolveResultType, returnActionableErrors } from '../error-types.ts';

const ReactInput = builder.inputType('ReactInput', {
  description: 'A reaction to a comment, on or off.',
  fields: (t) => ({
    commentId: t.id({ required: true, description: 'The comment.' }),
    kind: t.field({ type: ReactionKind, required: true, description: 'Which; one of each kind per person.' }),
    on: t.boolean({ required: true, defaultValue: true, description: 'False takes it back.' }),
  }),
});

const ReactSuccess = builder.objectRef<{ comment: CommentRow }>('ReactSuccess').implement({
  description: 'The reaction is as it was asked to be.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'With its reactions as they are now.',
      resolve: ({ comment }) => comment,
    }),
  }),
});

const ReactResult = builder.unionType('ReactResult', {
  description: 'The comment with its reactions, or why they are as they were.',
  types: [ReactSuccess, NotFound, Forbidden, RateLimited],
  resolveType: resolveResultType('ReactSuccess'),
});

interface Reaction {
  commentId: number;
  authorId: number;
  kind: ReactionKind;
  on: boolean;
}

/**
 * Switches a reaction; as it is already, nothing happens. Its count is right at once; readers are told at once or, as
 * of one that comes soon after another, when the second is over.
 * @throws NotFoundError unless anyone can read the comment
 */
async function switchReaction({ change, schedule }: Context, reaction: Reaction): Promise<void> {
  const { commentId } = reaction;
  const wait = await change(async (tx, emit) => {
    const comment = await lockComment(tx, commentId);
    if (!comment?.published || !comment.visible || comment.status !== 'VISIBLE')
      throw new NotFoundError('There is no such comment.');
    const untilQuiet = await keepReaction(tx, reaction);
    if (untilQuiet === null) return 0;
    const isQuiet = untilQuiet <= 0;
    // Before the time is noted from which the second counts.
    if (isQuiet) await emit({ articleId: comment.articleId, kind: 'CHANGED', commentId });
    await countReaction(tx, reaction, isQuiet);
    if (!isQuiet) await scheduleReactionEvent(tx, commentId);
    return untilQuiet;
  });
  if (wait > 0) schedule.wake(wait);
}

/** @returns milliseconds until readers may be told of it, none or less for now; null when it was so already */
async function keepReaction(tx: Queryable, { commentId, authorId, kind, on }: Reaction): Promise<number | null> {
  const untilQuiet = `(SELECT ${MILLISECONDS_UNTIL_NEXT_EVENT} FROM comment c WHERE c.id = $1)`;
  const [[wait] = [null]] = await tx.query<[number]>({
    name: on ? 'reaction-on' : 'reaction-off',
    text: on
      ? `INSERT INTO reaction (comment_id, author_id, kind) VALUES ($1, $2, $3::"ReactionKind")
          ON CONFLICT DO NOTHING RETURNING ${untilQuiet}`
      : `DELETE FROM reaction WHERE comment_id = $1 AND author_id = $2 AND kind = $3::"ReactionKind"
          RETURNING ${untilQuiet}`,
    values: [commentId, authorId, kind],
  });
  return wait;
}

async function countReaction(tx: Queryable, { commentId, kind, on }: Reaction, isTold: boolean): Promise<void> {
  await tx.query({
    name: 'reaction-count',
    text: `UPDATE comment SET reaction_counts[$2] = reaction_counts[$2] + $3::int, score = score + $3,
        reactions_told_at = CASE WHEN $4 THEN clock_timestamp() ELSE reactions_told_at END WHERE id = $1`,
    // Arrays of PostgreSQL begin at 1.
    values: [commentId, REACTION_KINDS.indexOf(kind) + 1, on ? 1 : -1, isTold],
  });
}

builder.mutationFields((t) => ({
  react: t.field({
    type: ReactResult,
    description: 'Says something to a comment without words, or takes it back.',
    args: { input: t.arg({ type: ReactInput, required: true, description: 'The comment and the reaction.' }) },
    resolve: (_, { input }, context) =>
      returnActionableErrors(async () => {
        if (!context.viewer) throw new ForbiddenError('Sign in to react.');
        const commentId = checkCommentId(input.commentId);
        const { kind, on } = input;
        await context.consumeRateLimit('react');
        await switchReaction(context, { commentId, authorId: context.viewer.author.id, kind, on });
        clearLoaders(context);
        return { comment: await commentLoader(context).load(commentId) };
      }),
  }),
}));
