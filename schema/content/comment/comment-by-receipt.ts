import type { Context } from '../context.ts';
import type { CommentRow } from '../row-types.ts';
import { NO_FIELDS, type Selection } from '../selection.ts';
import { commentRowAccess } from './comment-access.ts';
import { commentRow } from './comment-columns.ts';
import { commentOfAnyStatus } from './comment-lists.ts';
import type { CommentAccess } from './comment-rules.ts';

/** The comment of a receipt, for its author. Null for an invalid receipt, and when the article is not published. */
export async function commentByReceipt(
  context: Context,
  receipt: string,
  selection: Selection,
): Promise<CommentRow | null> {
  // The rights of a receipt end after the edit window, and no change is noted then.
  if (context.dependencies) context.dependencies.isReusable = false;
  const id = context.receipts.read(receipt);
  return id === null ? null : commentOfAnyStatus(context, id, commentRow(selection));
}

/**
 * A comment whose receipt was shown. What the receipt permits is no property of the comment's row: the fields of a comment
 * have the same values for the same viewer wherever they are read, so that a client can keep one object for each comment.
 */
export interface ReceiptHolder {
  comment: CommentRow;
}

/** The same as in `commentByReceipt`. */
export async function receiptHolder(context: Context, receipt: string): Promise<ReceiptHolder | null> {
  const comment = await commentByReceipt(context, receipt, NO_FIELDS);
  return comment && { comment };
}

/** The rights that a receipt gives to its comment. */
export function receiptAccess(context: Context, { comment }: ReceiptHolder): CommentAccess {
  return { ...commentRowAccess(context, comment), isOwn: true };
}
