import type { Context } from '../context.ts';
import { memoizedQuery } from '../list/list-query.ts';
import type { CommentRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { commentJson } from './comment-columns.ts';
import { comments } from './comment-lists.ts';

const receiptQuery = memoizedQuery((row: string) => ({
  from: 'comment c',
  // Of any status, but only below a published article.
  where: "c.id = k.id AND EXISTS (SELECT FROM article WHERE id = c.article_id AND status = 'PUBLISHED')",
  order: [{ sql: 'c.id', type: 'int' }],
  descending: false,
  row,
  keys: { id: 'int' },
}));

/** The comment of a receipt, for its author. Null for an invalid receipt, and when the article is not published. */
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
