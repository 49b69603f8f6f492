import type { Context, Transaction } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import { isModerator } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import { RENDERING_VERSION } from '../text/render.ts';
import { bodyOf, type RichTextRow } from '../text/rich-text.ts';

// An edit of a visible comment that a moderator must approve first. Its text waits in a row of its own, so that all else,
// such as lists, the search and imports, reads the approved text. Changes are made under the lock of the article's row.

/** The text of an edit, rendered. */
export interface EditedText {
  body: string;
  html: string;
  text: string;
}

/** Keeps an edit until a moderator decides about it. */
export function holdEdit(
  tx: Transaction,
  commentId: number,
  { body, html, text, reasons }: EditedText & { reasons: readonly string[] },
): void {
  tx.enqueue({
    name: 'held-edit-insert',
    text: `INSERT INTO comment_held_edit (comment_id, body_source, body_html, body_text, rendering, written_at)
      VALUES ($1, $2, $3, $4, $5, clock_timestamp())`,
    values: [commentId, body, html, text, RENDERING_VERSION],
  });
  tx.enqueue({
    name: 'held-edit-count',
    text: 'UPDATE comment SET version = version + 1, hold_reasons = $2 WHERE id = $1',
    values: [commentId, reasons],
  });
}

/** Publishes the waiting edits of comments. The texts that they replace are kept as versions. */
export function publishHeldEdits(tx: Transaction, ids: readonly number[]): void {
  tx.enqueue({
    name: 'held-edits-publish',
    // Each part reads the comments as they were before the statement.
    text: `WITH edit AS (DELETE FROM comment_held_edit WHERE comment_id = ANY($1) RETURNING *), former AS (
        INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, rendering, written_at, replaced_by_id, replaced_at)
        SELECT c.id, c.body_source, c.body_format, c.body_html, c.body_text, c.rendering, coalesce(c.edited_at, c.created_at), c.author_id,
          clock_timestamp()
        FROM comment c JOIN edit ON edit.comment_id = c.id
      )
      UPDATE comment c SET body_source = edit.body_source, body_format = 'MARKDOWN', body_html = edit.body_html,
        body_text = edit.body_text, rendering = edit.rendering, edited_at = edit.written_at, version = c.version + 1, shown_version = c.version + 1
      FROM edit WHERE c.id = edit.comment_id`,
    values: [ids],
  });
}

/**
 * Discards the waiting edits of comments, and keeps their texts as versions. The version of a comment counts that, so that
 * nobody who has seen the edit decides about the comment without it; a text that replaces the edit counts by itself.
 * @param by the author who rejected, withdrew or replaced them
 */
export function discardHeldEdits(
  tx: Transaction,
  ids: readonly number[],
  { by, isReplaced = false }: { by: number; isReplaced?: boolean },
): void {
  tx.enqueue({
    name: 'held-edits-discard',
    text: `WITH edit AS (DELETE FROM comment_held_edit WHERE comment_id = ANY($1) RETURNING *), former AS (
        INSERT INTO comment_version (comment_id, body_source, body_format, body_html, body_text, rendering, written_at, replaced_by_id, replaced_at, discarded)
        SELECT comment_id, body_source, 'MARKDOWN', body_html, body_text, rendering, written_at, $2, clock_timestamp(), true FROM edit
      )
      UPDATE comment c SET version = c.version + $3 FROM edit WHERE c.id = edit.comment_id`,
    values: [ids, by, isReplaced ? 0 : 1],
  });
}

/**
 * Counts that the waiting edits of comments were hidden with them, or wait again, so that nobody publishes an edit who has seen the
 * comment without it.
 */
export function countEditDecisions(tx: Transaction, ids: readonly number[]): void {
  tx.enqueue({
    name: 'held-edits-count',
    text: 'UPDATE comment SET version = version + 1 WHERE id = ANY($1)',
    values: [ids],
  });
}

const heldEdits = contextLoader(async (ids: readonly number[], { db }) => {
  const rows = await db.query<[id: number, source: string, html: string, text: string]>({
    name: 'held-edits',
    text: 'SELECT comment_id, body_source, body_html, body_text FROM comment_held_edit WHERE comment_id = ANY($1)',
    values: [ids],
  });
  const found = new Map(rows.map(([id, source, html, text]) => [id, { source, html, text }]));
  return ids.map((id) => found.get(id) ?? null);
});

/** The text of an edit that waits. Only for the comment's author and for moderators. */
export async function heldBody(context: Context, { id, status }: CommentRow): Promise<RichTextRow | null> {
  if (status !== 'VISIBLE' && status !== 'PENDING') return null;
  const edit = await heldEdits(context).load(id);
  if (!edit) return null;
  const { source: bodySource, html: bodyHtml, text: bodyText } = edit;
  return bodyOf({ bodySource, bodyHtml, bodyText, bodyFormat: 'MARKDOWN' }, null);
}

/** The same for any viewer: null for all but the signed-in author and moderators, without a statement. */
export function heldBodyForViewer(context: Context, comment: CommentRow): Promise<RichTextRow | null> | null {
  const isOwn = context.viewer?.author.id === comment.authorId;
  return (isOwn && !comment.isPlaceholder) || isModerator(context.viewer) ? heldBody(context, comment) : null;
}
