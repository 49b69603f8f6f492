import type { Context } from '../context.ts';
import { type Connection, createConnection, DEFAULT_PAGE, type PageArguments } from '../list/paging.ts';
import type { CommentRow } from '../row-types.ts';
import { ALL_FIELDS, type Selection } from '../selection.ts';
import { commentJson, commentJsonWithReplies, replyJson } from './comment-columns.ts';
import { type CommentOrder, commentKeyset, comments, repliesName, repliesTo } from './comment-lists.ts';

// A page of comments is mostly read with the first replies to each. The statement that reads the comments then reads
// those replies, too: one statement less, and no promise for each comment, which together are a third of such a page.

/** Most replies to each comment that are read with it: with more, the comments would wait for what a batch reads as well. */
const MAX_FIRST_REPLIES = 20;

export interface FirstReplies {
  order: CommentOrder;
  size: number;
}

export type RepliesArguments = PageArguments & { orderBy?: CommentOrder | null | undefined };

/** The first replies that these arguments ask for, where they can be read with each comment; null where they cannot. */
export function firstRepliesOf({ orderBy, ...page }: RepliesArguments): FirstReplies | null {
  const size = firstPageSize(page);
  return size === null || size > MAX_FIRST_REPLIES ? null : { order: orderBy ?? 'OLDEST', size };
}

/** Rows of a first page; null for any other page, and for a size that is out of range. */
function firstPageSize({ first, after, last, before }: PageArguments): number | null {
  const size = first ?? DEFAULT_PAGE;
  return after == null && last == null && before == null && size >= 0 ? size : null;
}

const textsBySelection = new WeakMap<Selection, Map<string, string>>();

/** SQL for the JSON of a comment `c` with its selected fields, and its first replies where they are given. */
export function commentRowJson(selection: Selection, replies: FirstReplies | null): string {
  if (!replies) return commentJson(selection);
  let texts = textsBySelection.get(selection);
  if (!texts) {
    texts = new Map();
    textsBySelection.set(selection, texts);
  }
  const key = `${replies.order} ${replies.size}`;
  let text = texts.get(key);
  if (!text) {
    text = commentJsonWithReplies(selection, repliesJson(replies, selection.at('replies').node));
    texts.set(key, text);
  }
  return text;
}

const REPLY_ORDERS: Record<CommentOrder, string> = {
  NEWEST: 'r.created_at DESC, r.id DESC',
  OLDEST: 'r.created_at, r.id',
  TOP: 'r.score DESC, r.id DESC',
};

function repliesJson({ order, size }: FirstReplies, selection: Selection): string {
  return `(SELECT json_build_object('order', '${order}', 'size', ${size}, 'rows', coalesce(json_agg(p.row), '[]')) FROM (
    SELECT ${replyJson(selection)} AS row FROM comment r
    WHERE r.article_id = c.article_id AND r.parent_id = c.id AND r.visible ORDER BY ${REPLY_ORDERS[order]} LIMIT ${size + 1}
  ) p)`;
}

export interface RepliesRequest {
  args: RepliesArguments;
  /** Makes the SQL for the JSON of a reply, for replies that were not read with the comment. */
  rowJson(): string;
}

/** A page of the replies to a comment: those read with it, or read now. Called for each comment of a page. */
export function repliesPage(
  context: Context,
  comment: CommentRow,
  { args, rowJson }: RepliesRequest,
): Connection<CommentRow> | Promise<Connection<CommentRow>> {
  const order = args.orderBy ?? 'OLDEST';
  const read = comment.replies;
  if (!read || read.order !== order || read.size !== firstPageSize(args))
    return comments.page(context, repliesTo(comment, order, rowJson()), args);
  return createConnection({
    list: { name: repliesName(comment, order), types: [] },
    page: { size: read.size, backward: false, from: null, until: null },
    slice: { rows: read.rows, behind: false, ahead: false },
    keyset: commentKeyset(order),
    totalCount() {
      const { query, keys } = repliesTo(comment, order, commentJson(ALL_FIELDS));
      return comments.count(context, query, keys);
    },
  });
}
