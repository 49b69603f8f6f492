import type { Context, Queryable } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import { ForbiddenError } from '../errors.ts';
import type { CommentRow } from '../row-types.ts';
import { checkCommentId } from './comment-input.ts';
import { commentLoader } from './comment-lists.ts';
import { lockReadableComment } from './comment-lock.ts';
import { coalescedReactionEvents, MILLISECONDS_UNTIL_NEXT_EVENT, scheduleReactionEvent } from './reaction-event.ts';
import { REACTION_KINDS, type ReactionKind } from './reactions.ts';

export interface ReactInput {
  commentId: string;
  kind: ReactionKind;
  on: boolean;
}

interface Reaction {
  commentId: number;
  authorId: number;
  kind: ReactionKind;
  on: boolean;
}

/**
 * Adds a reaction or takes it back; a reaction that is already so changes nothing. The count is right at once. Its event
 * follows at once or, within a second of another about this comment, at the end of that second.
 * @throws NotFoundError unless everybody can read the comment; ForbiddenError, RateLimitedError
 */
export async function react(context: Context, { kind, on, ...input }: ReactInput): Promise<CommentRow> {
  const { viewer } = context;
  if (!viewer) throw new ForbiddenError('Sign in to react.');
  await context.consumeRateLimit('react');
  const commentId = checkCommentId(input.commentId);
  await switchReaction(context, { commentId, authorId: viewer.author.id, kind, on });
  clearLoaders(context);
  return commentLoader(context).load(commentId);
}

async function switchReaction({ change, wakeJob }: Context, reaction: Reaction): Promise<void> {
  const { commentId } = reaction;
  const wait = await change(async (tx, emit) => {
    const { articleId } = await lockReadableComment(tx, commentId);
    const untilNextEvent = await saveReaction(tx, reaction);
    if (untilNextEvent === null) return 0;
    const isDue = untilNextEvent <= 0;
    // The event comes first: the second before the next one counts from the time that `countReaction` stores.
    if (isDue) await emit({ articleId, kind: 'CHANGED', commentId });
    await countReaction(tx, reaction, isDue);
    if (!isDue) await scheduleReactionEvent(tx, commentId);
    return untilNextEvent;
  });
  if (wait > 0) wakeJob(coalescedReactionEvents, wait);
}

/** @returns milliseconds until the next event about this comment, 0 or less for now; null when nothing changed */
async function saveReaction(tx: Queryable, { commentId, authorId, kind, on }: Reaction): Promise<number | null> {
  const untilNextEvent = `(SELECT ${MILLISECONDS_UNTIL_NEXT_EVENT} FROM comment c WHERE c.id = $1)`;
  const [changed] = await tx.query<[milliseconds: number]>({
    name: on ? 'reaction-on' : 'reaction-off',
    text: on
      ? `INSERT INTO reaction (comment_id, author_id, kind) VALUES ($1, $2, $3::"ReactionKind")
          ON CONFLICT DO NOTHING RETURNING ${untilNextEvent}`
      : `DELETE FROM reaction WHERE comment_id = $1 AND author_id = $2 AND kind = $3::"ReactionKind"
          RETURNING ${untilNextEvent}`,
    values: [commentId, authorId, kind],
  });
  return changed ? changed[0] : null;
}

async function countReaction(tx: Queryable, { commentId, kind, on }: Reaction, hasEvent: boolean): Promise<void> {
  await tx.query({
    name: 'reaction-count',
    text: `UPDATE comment SET reaction_counts[$2] = reaction_counts[$2] + $3::int, score = score + $3,
        reactions_told_at = CASE WHEN $4 THEN clock_timestamp() ELSE reactions_told_at END WHERE id = $1`,
    // Arrays of PostgreSQL begin at 1.
    values: [commentId, REACTION_KINDS.indexOf(kind) + 1, on ? 1 : -1, hasEvent],
  });
}
