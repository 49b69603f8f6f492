import type { Context } from '../context.ts';
import { memoizedQuery } from '../list/list-query.ts';
import type { CommentRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { commentJson } from './comment-columns.ts';
import { comments } from './comment-lists.ts';

const receiptQuery = memoizedQuery((row: string) => ({
  from: 'comment c',
  // Whatever its own status; but an article that is no longer public is not shown through it either.
  where: "c.id = k.id AND EXISTS (SELECT FROM article WHERE id = c.article_id AND status = 'PUBLISHED')",
  order: [{ sql: 'c.id', type: 'int' }],
  descending: false,
  row,
  keys: { id: 'int' },
}));

/** The comment that a receipt is of, for whoever holds it. Null for what is no receipt, and when it is no more. */
export async function commentByReceipt(
  context: Context,
  receipt: string,
  selection: Selection,
): Promise<CommentRow | null> {
  const id = context.receipts.read(receipt);
  if (id === null) return null;
  const comment = await comments.one(context, receiptQuery(commentJson(selection)), [id]);
  return comment && Object.assign(comment, { byReceipt: true as const });
}
