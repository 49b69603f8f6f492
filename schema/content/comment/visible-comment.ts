import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Statement } from '../context.ts';
import type { LogPosition } from '../events.ts';
import { LAST_EVENT_AT } from '../log-head.ts';
import { type HoldConditions, holdsNothing } from '../moderation/hold.ts';
import type { CommentRow } from '../row-types.ts';
import { RENDERING_VERSION } from '../text/render.ts';
import { writtenCommentRow } from './comment-columns.ts';
import { MAX_PATH_LEVELS } from './comment-path.ts';
import { type Guest, guestSlugs } from './guest.ts';
import type { IdempotentRequest } from './idempotency.ts';

/** A comment whose text has passed every check. */
export interface NewComment {
  articleId: number;
  parentId: number | null;
  body: string;
  html: string;
  text: string;
}

/** What must be so for the comment to be written. */
export interface Conditions extends HoldConditions {
  /** Of an article without a policy of its own. */
  defaultPolicy: CommentPolicy;
  /** With one of these, the article takes the comment and shows it at once. */
  policies: readonly CommentPolicy[];
  /** What the name of a guest looks like, and no member's does; null for a member. */
  skeletons: readonly string[] | null;
}

export interface VisibleComment {
  comment: NewComment;
  /** The author's id, or a guest, whose author may not exist yet. */
  writer: number | Guest;
  /** Stored with the comment. When the key is stored already, the statement fails. */
  request: IdempotentRequest | null;
  /** Null when they were checked before. */
  conditions: Conditions | null;
}

/** A row of the statement: the number of a comment that it wrote, the event that made the comment visible, and the comment itself. */
export type WrittenColumns = [number: number, sequence: number, epoch: number, at: Date, comment: unknown[]];

export interface WrittenComment {
  comment: CommentRow;
  position: LogPosition;
}

const ROW = writtenCommentRow();

export function writtenComment([, sequence, epoch, at, row]: WrittenColumns): WrittenComment {
  const comment = ROW.read(row);
  return { comment, position: { articleId: comment.articleId, epoch, sequence, at } };
}

/** The columns that the conditions read of a comment. `add_comments` names those that it reads itself. */
const CONDITION_COLUMNS = `number int, parent_id int, author_id int, guest_key text, source text, default_policy "CommentPolicy",
  policies "CommentPolicy"[], skeletons text[], fingerprint text, is_first_held boolean, repeated_within int, frequent int,
  busy_article int`;

/**
 * Writes comments on one article that are visible at once with all that follows from them; see `add_comments` in the migrations. Its
 * article is locked by a statement before, so it sees what was committed before the lock.
 *
 * It returns a row for each that it wrote, which begins with its number, from 1 on. It writes none of which a condition does not
 * hold, or the parent is not visible in this discussion. A condition that depends on the comments before it in the same statement
 * counts each of them as written: the caller can check a comment again alone that only this keeps out.
 */
export function visibleCommentsStatement(comments: readonly VisibleComment[]): Statement {
  const [{ comment, conditions }] = comments as [VisibleComment];
  const given = comments.map((one, i) => ({ number: i + 1, ...givenOf(one) }));
  return {
    name: `comments-visible${conditions ? '-if' : ''}`,
    text: `WITH discussion AS (
        SELECT a.id, a.author_id, a.comment_policy, a.event_epoch, ${LAST_EVENT_AT} AS previous_at
        FROM article a WHERE a.id = $1 AND a.status = 'PUBLISHED'
      )
      SELECT w.number, w.sequence, d.event_epoch, w.at, ${ROW.sql}
      FROM discussion d CROSS JOIN LATERAL add_comments(d.id, $2, ARRAY(
        SELECT g.number FROM json_to_recordset($2) AS g (${CONDITION_COLUMNS}) CROSS JOIN LATERAL (
          SELECT coalesce((SELECT id FROM author WHERE id = g.author_id), (SELECT id FROM author WHERE guest_key = g.guest_key)) AS id OFFSET 0
        ) known
        WHERE (g.author_id IS NULL OR known.id IS NOT NULL) AND (g.parent_id IS NULL OR ${PARENT_IS_VISIBLE})
          AND ${conditions ? CONDITIONS_HOLD : 'true'}
      ), d.previous_at, ${MAX_PATH_LEVELS}) w
      CROSS JOIN LATERAL (SELECT (w.written).*) c CROSS JOIN LATERAL (SELECT (w.writer).*) u`,
    values: [comment.articleId, JSON.stringify(given.filter((_, i) => !dependsOnEarlier(comments, i)))],
  };
}

/** Whether rules about what its writer wrote before have to know another comment of the same statement. */
function dependsOnEarlier(comments: readonly VisibleComment[], i: number): boolean {
  const { writer, conditions } = comments[i]!;
  if (!conditions || !(conditions.isFirstHeld || conditions.repeatedWithin > 0 || conditions.frequent > 0))
    return false;
  const key = keyOf(writer);
  return comments.slice(0, i).some((earlier) => keyOf(earlier.writer) === key);
}

const keyOf = (writer: VisibleComment['writer']): number | string => (typeof writer === 'number' ? writer : writer.key);

/** The columns of one of `comments`. */
function givenOf({ comment, writer, request, conditions }: VisibleComment): object {
  const { parentId, body, html, text } = comment;
  return {
    parent_id: parentId,
    source: body,
    html,
    text,
    rendering: RENDERING_VERSION,
    ...(typeof writer === 'number' ? { author_id: writer } : guestColumns(writer)),
    ...(request && { request_actor: request.actor, request_key: request.key, request_digest: request.digest }),
    ...(conditions && {
      default_policy: conditions.defaultPolicy,
      policies: conditions.policies,
      skeletons: conditions.skeletons,
      fingerprint: conditions.fingerprint,
      is_first_held: conditions.isFirstHeld,
      repeated_within: conditions.repeatedWithin,
      frequent: conditions.frequent,
      busy_article: conditions.busyArticle,
    }),
  };
}

function guestColumns({ key, name, email, url }: Guest): object {
  const [slug, slugIfTaken] = guestSlugs(key);
  return {
    guest_key: key,
    guest_slug: slug,
    guest_slug_if_taken: slugIfTaken,
    guest_name: name,
    guest_email: email,
    guest_url: url,
  };
}

const PARENT_IS_VISIBLE = `EXISTS (
  SELECT FROM comment p WHERE p.id = g.parent_id AND p.article_id = $1 AND p.visible AND p.status = 'VISIBLE')`;

// One look into the index for each name: for one look with all of them, PostgreSQL reads all of a table that has few rows.
const NAME_IS_FREE = `(g.skeletons IS NULL OR NOT EXISTS (
    SELECT FROM unnest(g.skeletons) AS own (skeleton)
    CROSS JOIN LATERAL (SELECT FROM name_skeleton n WHERE n.skeleton = own.skeleton LIMIT 1) taken
  ) AND NOT EXISTS (SELECT FROM stale_name))`;

const CONDITIONS_HOLD = `coalesce(d.comment_policy, g.default_policy) = ANY (g.policies) AND ${NAME_IS_FREE} AND ${holdsNothing(
  {
    fingerprint: 'g.fingerprint',
    isFirstHeld: 'g.is_first_held',
    repeatedWithin: 'g.repeated_within',
    frequent: 'g.frequent',
    busyArticle: 'g.busy_article',
  },
  { article: '$1', author: 'known.id', source: 'g.source', before: 'g.number - 1' },
)}`;
