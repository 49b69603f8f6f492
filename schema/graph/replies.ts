import { type FieldNode, type GraphQLObjectType, type GraphQLResolveInfo, getArgumentValues } from 'graphql';
import { commentJson, commentJsonWithReplies, replyJson } from '../content/comment/comment-columns.ts';
import {
  type CommentOrder,
  commentKeyset,
  comments,
  repliesName,
  repliesTo,
} from '../content/comment/comment-lists.ts';
import type { Context } from '../content/context.ts';
import { type Connection, createConnection, DEFAULT_PAGE, type PageArguments } from '../content/list/paging.ts';
import type { CommentRow } from '../content/row-types.ts';
import { ALL_FIELDS, type Selection } from '../content/selection.ts';
import { type FieldSelection, selectionOf } from './selection.ts';

// A page of comments is mostly asked for with the first replies to each. The statement that reads the comments then
// brings those along: one statement less, and no promise for each comment, which together are a third of such a page.

/** Most replies to each comment that come along: with more, the comments would wait for what a batch reads as well. */
const MOST_ALONG = 20;

/** Texts that were made, for each selection: they vary with order and number of replies. */
const made = new WeakMap<Selection, Map<string, string>>();

/** JSON of a comment with what is asked for below it, its first replies included where they can come along. */
export function commentJsonFor(info: GraphQLResolveInfo): string {
  const selection = selectionOf(info).node;
  const asked = firstReplies(selection, info);
  if (!asked) return commentJson(selection);
  let texts = made.get(selection);
  if (!texts) {
    texts = new Map();
    made.set(selection, texts);
  }
  const key = `${asked.order} ${asked.size}`;
  let text = texts.get(key);
  if (!text) {
    text = commentJsonWithReplies(selection, repliesJson(asked, selection.at('replies').node));
    texts.set(key, text);
  }
  return text;
}

interface FirstReplies {
  order: CommentOrder;
  size: number;
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

/** The first replies that every comment of a page is asked for, or null when it is asked for none, others, or several. */
function firstReplies(selection: FieldSelection, info: GraphQLResolveInfo): FirstReplies | null {
  const [asking, ...others] = selection.fieldNodes('replies');
  // Fields of one name in the response have the same arguments, or the document would not be valid.
  if (!asking || others.some((other) => responseName(other) !== responseName(asking))) return null;
  const field = (info.schema.getType('Comment') as GraphQLObjectType).getFields().replies!;
  const { orderBy, ...page } = getArgumentValues(field, asking, info.variableValues) as PageArguments & {
    orderBy?: CommentOrder | null;
  };
  const size = firstSize(page);
  return size === null || size > MOST_ALONG ? null : { order: orderBy ?? 'OLDEST', size };
}

function responseName({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

/** Rows of a page that begins at the list's beginning and is in range; null for any other. */
function firstSize({ first, after, last, before }: PageArguments): number | null {
  const size = first ?? DEFAULT_PAGE;
  return after == null && last == null && before == null && size >= 0 ? size : null;
}

/** A page of the replies to a comment: from what came along with it, or read. */
export function repliesPage(
  comment: CommentRow,
  { orderBy, ...page }: PageArguments & { orderBy?: CommentOrder | null | undefined },
  { context, info }: { context: Context; info: GraphQLResolveInfo },
): Connection<CommentRow> | Promise<Connection<CommentRow>> {
  const order = orderBy ?? 'OLDEST';
  const along = comment.replies;
  if (!along || along.order !== order || along.size !== firstSize(page))
    return comments.page(context, repliesTo(comment, order, commentJsonFor(info)), page);
  return createConnection({
    list: { name: repliesName(comment, order), types: [] },
    page: { size: along.size, backward: false, from: null, until: null },
    slice: { rows: along.rows, behind: false, ahead: false },
    keyset: commentKeyset(order),
    totalCount() {
      const { query, keys } = repliesTo(comment, order, commentJson(ALL_FIELDS));
      return comments.count(context, query, keys);
    },
  });
}
