import type { Context, Statement, Transaction } from '../context.ts';
import { clearLoaders } from '../context-loader.ts';
import type { CommentRow } from '../row-types.ts';
import { ALL_FIELDS } from '../selection.ts';
import { commentRow } from './comment-columns.ts';
import { commentLoader } from './comment-lists.ts';

// A payload shows comments as its change leaves them: they are read in the round trip that commits it.

export type ChangedComments = ReadonlyMap<number, CommentRow>;

export type ChangedColumns = [comment: unknown[]];

const ROW = commentRow(ALL_FIELDS);

export function changedCommentsStatement(ids: readonly number[]): Statement {
  return {
    name: 'comments-changed',
    text: `SELECT ${ROW.sql} FROM comment c WHERE c.id = ANY($1)`,
    values: [ids],
  };
}

export function changedComments(rows: readonly ChangedColumns[]): ChangedComments {
  return new Map(rows.map(([columns]) => ROW.read(columns)).map((comment) => [comment.id, comment]));
}

/** Reads comments at the end of a change. @returns they are in it once the change has returned */
export function readChangedComments(
  context: Context,
  tx: Transaction,
  ids: readonly number[],
): { comments: ChangedComments } {
  const read: { comments: ChangedComments } = { comments: new Map() };
  // A payload of one later moment reads them there.
  if (!context.beginPayload)
    tx.enqueue<ChangedColumns>(changedCommentsStatement(ids), (rows) => {
      read.comments = changedComments(rows);
    });
  return read;
}

/** The comments of a payload, in the order of their ids: as they were changed, or as they are at its own moment. */
export async function payloadComments(
  context: Context,
  ids: readonly number[],
  changed: ChangedComments,
): Promise<CommentRow[]> {
  clearLoaders(context);
  const loader = commentLoader(context);
  return Promise.all(ids.map((id) => (context.beginPayload ? loader.load(id) : (changed.get(id) ?? loader.load(id)))));
}
