import type { Context } from '../context.ts';
import type { CommentRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { commentJson } from './comment-columns.ts';
import { commentOfAnyStatus } from './comment-lists.ts';

/** The comment of a receipt, for its author. Null for an invalid receipt, and when the article is not published. */
export async function commentByReceipt(
  context: Context,
  receipt: string,
  selection: Selection,
): Promise<CommentRow | null> {
  // What a receipt permits ends with time.
  if (context.dependencies) context.dependencies.isReusable = false;
  const id = context.receipts.read(receipt);
  if (id === null) return null;
  const comment = await commentOfAnyStatus(context, id, commentJson(selection));
  return comment && Object.assign(comment, { byReceipt: true as const });
}
