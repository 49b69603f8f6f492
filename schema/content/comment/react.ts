import type { Context, Statement } from '../context.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { LAST_EVENT_AT } from '../log-head.ts';
import type { CommentRow } from '../row-types.ts';
import { type ChangedColumns, changedComments, changedCommentsStatement, payloadComments } from './changed-comments.ts';
import { checkCommentId } from './comment-input.ts';
import { articlesLock } from './comment-lock.ts';
import { coalescedReactionEvents, NEXT_EVENT_AT, NOTICE_CONFLICT } from './reaction-event.ts';
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
  const [, [reacted], changed] = await context.changeAtOnce<[[], ReactedColumns[], ChangedColumns[]]>({
    lock: articlesLock([commentId]),
    work: {
      statements: [
        reactionStatement({ commentId, authorId: viewer.author.id, kind, on }),
        changedCommentsStatement([commentId]),
      ],
    },
    writer: null,
    written: ([, [row]]) => (row && row[1] !== null ? { articleId: row[0], sequence: row[1] } : null),
  });
  if (!reacted) throw new NotFoundError('There is no such comment.');
  const [, , wait] = reacted;
  if (wait !== null) context.wakeJob(coalescedReactionEvents, wait);
  const [comment] = await payloadComments(context, [commentId], changedComments(changed));
  return comment!;
}

/** The sequence of the event that was written, or milliseconds until one is due; null where there is none. */
type ReactedColumns = [articleId: number, sequence: number | null, wait: number | null];

/**
 * Switches a reaction with all that follows from it: counters, and the event or, within a second of another, the notice of it. It
 * is one statement with one update of each row, because writers behind it wait. The article is locked by a statement before. It
 * returns no row for a comment that not everybody can read, and writes nothing for a reaction that is already so.
 */
function reactionStatement({ commentId, authorId, kind, on }: Reaction): Statement {
  const change = on
    ? `INSERT INTO reaction (comment_id, author_id, kind) SELECT id, $2, $3::"ReactionKind" FROM c
        ON CONFLICT DO NOTHING RETURNING 1`
    : `DELETE FROM reaction USING c WHERE comment_id = c.id AND reaction.author_id = $2 AND kind = $3::"ReactionKind"
        RETURNING 1`;
  return {
    name: on ? 'reaction-on' : 'reaction-off',
    text: `WITH c AS (
        SELECT c.id, a.id AS article_id, ${NEXT_EVENT_AT} AS next_at, ${LAST_EVENT_AT} AS previous_at, clock_timestamp() AS at
        FROM comment c JOIN article a ON a.id = c.article_id
        WHERE c.id = $1 AND c.visible AND c.status = 'VISIBLE' AND a.status = 'PUBLISHED'
      ), changed AS (${change}
      ), told AS (SELECT c.* FROM c, changed WHERE next_at <= at
      ), counted AS (
        UPDATE comment SET reaction_counts[$4] = reaction_counts[$4] + $5::int, score = score + $5::int,
          reactions_told_at = coalesce((SELECT at FROM told), reactions_told_at)
        FROM changed WHERE comment.id = $1
      ), logging AS (
        UPDATE article SET event_sequence = event_sequence + 1, last_event_at = told.at
        FROM told WHERE article.id = told.article_id RETURNING event_sequence AS sequence
      ), logged AS (
        INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
        SELECT article_id, sequence, 'CHANGED', id, at, previous_at FROM told, logging
      ), noticed AS (
        INSERT INTO comment_reaction_notice AS n (comment_id, due) SELECT id, next_at FROM c, changed WHERE next_at > at
        ${NOTICE_CONFLICT}
      )
      SELECT c.article_id, logging.sequence,
        CASE WHEN changed IS NOT NULL AND next_at > at THEN extract(epoch FROM next_at - at)::float8 * 1000 END
      FROM c LEFT JOIN changed ON true LEFT JOIN logging ON true`,
    // Arrays of PostgreSQL begin at 1.
    values: [commentId, authorId, kind, REACTION_KINDS.indexOf(kind) + 1, on ? 1 : -1],
  };
}
