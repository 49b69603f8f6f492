import type { CommentPolicy } from '../../../prisma/client/enums.ts';
import type { Statement } from '../context.ts';
import type { LogPosition } from '../events.ts';
import { LAST_EVENT_AT } from '../log-head.ts';
import { type HoldConditions, holdsNothing } from '../moderation/hold.ts';
import type { CommentRow } from '../row-types.ts';
import { RENDERING_VERSION } from '../text/render.ts';
import { writtenCommentRow } from './comment-columns.ts';
import { MAX_PATH_LEVELS } from './comment-path.ts';
import { freeGuestSlug, type Guest, guestSlug } from './guest.ts';
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

/** What the statement returns: the event that made the comment visible, and the comment as it was written. */
export type WrittenColumns = [sequence: number, epoch: number, at: Date, comment: unknown[]];

export interface WrittenComment {
  comment: CommentRow;
  position: LogPosition;
}

const TOP_LEVEL_ROW = writtenCommentRow({ isReply: false });
const REPLY_ROW = writtenCommentRow({ isReply: true });

export function writtenComment([sequence, epoch, at, row]: WrittenColumns): WrittenComment {
  // Replies have the same columns.
  const comment = TOP_LEVEL_ROW.read(row);
  return { comment, position: { articleId: comment.articleId, epoch, sequence, at } };
}

/** Adds a value to those of a statement. @returns SQL of its parameter */
type Parameter = (value: unknown, type: string) => string;

/**
 * Writes a comment that is visible at once with all that follows from it: ordinals, the counters of its ancestors, article and
 * author, its event, and the key of its request. It is one statement with one update of each row, because the writers behind it
 * wait. Its article is locked by a statement before, so it sees what was committed before the lock, and times that the clock has
 * under the lock are in the order of ordinals.
 *
 * It writes nothing and returns no row when a condition does not hold, or the parent is not visible in this discussion.
 */
export function visibleCommentStatement({ comment, writer, request, conditions }: VisibleComment): Statement {
  const { articleId, parentId, body, html, text } = comment;
  const values: unknown[] = [];
  const $: Parameter = (value, type) => `$${values.push(value)}::${type}`;
  const isReply = parentId !== null;
  const article = $(articleId, 'int');
  const parent = $(parentId, 'int');
  const source = $(body, 'text');
  const parts = [
    `discussion AS (
      SELECT a.id, a.author_id, a.comment_policy, a.event_epoch, ${LAST_EVENT_AT} AS previous_at
      FROM article a WHERE a.id = ${article} AND a.status = 'PUBLISHED'
    ), known AS (${knownWriter(writer, $)})`,
    isReply && parentQuery(article, parent),
    `new AS (
      SELECT nextval('comment_id_seq')::int AS id, clock_timestamp() AS at, discussion.previous_at, known.id AS author_id
      FROM discussion, known${isReply ? ', parent' : ''}
      WHERE ${conditions ? conditionsQuery(conditions, $, { article, author: 'known.id', source }) : 'true'}
    )`,
    isReply && ANCESTOR_UPDATES,
    `counted AS (
      UPDATE article SET comment_count = comment_count + 1, discussed_at = greatest(discussed_at, new.at),
        event_sequence = event_sequence + 1, last_event_at = new.at${isReply ? '' : ', next_ordinal = next_ordinal + 1'}
      FROM new WHERE article.id = ${article} RETURNING event_sequence AS sequence, next_ordinal - 1 AS ordinal
    )`,
    writerUpdates(writer, $),
    // A row that is missing, as no lock permits, makes a column null that must not be, and so undoes everything.
    `c AS (
      INSERT INTO comment (id, article_id, parent_id, author_id, path, depth, status, visible, created_at,
        body_format, body_source, body_html, body_text, rendering)
      SELECT new.id, ${article}, ${parent}, w.id, ${isReply ? 'above.path || above.ordinal, above.depth + 1' : 'ARRAY[counted.ordinal], 0'},
        'VISIBLE', true, new.at, 'MARKDOWN', ${source}, ${$(html, 'text')}, ${$(text, 'text')}, ${RENDERING_VERSION}
      FROM new CROSS JOIN counted LEFT JOIN w ON true${isReply ? ' LEFT JOIN above ON true' : ''} RETURNING *
    ), logged AS (
      INSERT INTO comment_event (article_id, sequence, kind, comment_id, at, previous_at)
      SELECT ${article}, counted.sequence, 'ADDED', new.id, new.at, new.previous_at FROM new, counted RETURNING at
    )`,
    request && storeRequest(request, $),
  ].filter((part) => part !== false && part !== null);
  return {
    name: `comment-visible${isReply ? '-reply' : ''}${typeof writer === 'object' ? '-guest' : ''}${request ? '-key' : ''}${conditions ? '-if' : ''}`,
    text: `WITH RECURSIVE ${parts.join(', ')}
      SELECT counted.sequence, d.event_epoch, logged.at, ${(isReply ? REPLY_ROW : TOP_LEVEL_ROW).sql}
      FROM c, w u, counted, logged, discussion d`,
    values,
  };
}

/** The author, whose id is null for a guest who is new. */
function knownWriter(writer: number | Guest, $: Parameter): string {
  return typeof writer === 'number'
    ? `SELECT id FROM author WHERE id = ${$(writer, 'int')}`
    : `SELECT (SELECT id FROM author WHERE guest_key = ${$(writer.key, 'text')}) AS id`;
}

/** The parent, with the path whose comment has the ordinals of its replies: its own or, below the deepest level, that level's. */
function parentQuery(article: string, parent: string): string {
  return `parent AS (
    SELECT id, depth, path[:${MAX_PATH_LEVELS - 1}] AS counter_path FROM comment
    WHERE id = ${parent} AND article_id = ${article} AND visible AND status = 'VISIBLE'
  )`;
}

// Level by level through an index (LATERAL with OFFSET 0): the planner does not know how few rows there are. UNION ends at a
// circle of parents, which somebody may have written into the database.
const ANCESTOR_UPDATES = `ancestor AS (
    SELECT parent.id FROM parent, new
    UNION
    SELECT one.parent_id FROM ancestor CROSS JOIN LATERAL (
      SELECT parent_id FROM comment WHERE comment.id = ancestor.id AND parent_id IS NOT NULL OFFSET 0
    ) one
  ), updated AS (
    UPDATE comment SET descendant_count = descendant_count + 1,
      reply_count = reply_count + (comment.id = parent.id)::int, score = score + (comment.id = parent.id)::int,
      next_ordinal = next_ordinal + (comment.path = parent.counter_path)::int
    FROM ancestor, parent WHERE comment.id = ancestor.id
    RETURNING comment.path, comment.next_ordinal - 1 AS ordinal, parent.depth, comment.path = parent.counter_path AS is_counter
  ), above AS (SELECT path, ordinal, depth FROM updated WHERE is_counter)`;

/** Counts the comment on its author, who is returned as `w`. */
function writerUpdates(writer: number | Guest, $: Parameter): string {
  const update = `UPDATE author w SET comment_count = w.comment_count + 1 FROM new WHERE w.id = new.author_id RETURNING w.*`;
  if (typeof writer === 'number') return `w AS (${update})`;
  const { name, email, url, key } = writer;
  const guestKey = $(key, 'text');
  const slug = freeGuestSlug({ slug: $(guestSlug(key), 'text'), key: guestKey });
  const columns = [slug, $(name, 'text'), `'GUEST'`, $(email, 'text'), $(url, 'text'), guestKey, '1'];
  // In conflict with a comment that the same guest writes on another article.
  return `known_writer AS (${update}), new_writer AS (
      INSERT INTO author AS w (slug, name, kind, email, url, guest_key, comment_count)
      SELECT ${columns.join(', ')} FROM new WHERE new.author_id IS NULL
      ON CONFLICT (guest_key) DO UPDATE SET comment_count = w.comment_count + 1 RETURNING w.*
    ), w AS (SELECT * FROM known_writer UNION ALL SELECT * FROM new_writer)`;
}

function conditionsQuery(
  { defaultPolicy, policies, skeletons, ...hold }: Conditions,
  $: Parameter,
  comment: { article: string; author: string; source: string },
): string {
  const holdParameters = {
    fingerprint: $(hold.fingerprint, 'text'),
    isFirstHeld: $(hold.isFirstHeld, 'boolean'),
    repeatedWithin: $(hold.repeatedWithin, 'int'),
    frequent: $(hold.frequent, 'int'),
    busyArticle: $(hold.busyArticle, 'int'),
  };
  const nameIsFree = skeletons
    ? `AND NOT EXISTS (SELECT FROM name_skeleton WHERE skeleton = ANY (${$(skeletons, 'text[]')})) AND NOT EXISTS (SELECT FROM stale_name)`
    : '';
  return `coalesce(discussion.comment_policy, ${$(defaultPolicy, '"CommentPolicy"')}) = ANY (${$(policies, '"CommentPolicy"[]')})
    ${nameIsFree} AND ${holdsNothing(holdParameters, comment)}`;
}

function storeRequest({ actor, key, digest }: IdempotentRequest, $: Parameter): string {
  return `stored AS (
    INSERT INTO idempotency_key (actor, key, request, comment_id)
    SELECT ${$(actor, 'text')}, ${$(key, 'text')}, ${$(digest, 'text')}, new.id FROM new
  )`;
}
