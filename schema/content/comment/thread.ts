import type { Context } from '../context.ts';
import { BadUserInputError } from '../errors.ts';
import type { LogPosition } from '../events.ts';
import { decodeIdOf } from '../ids.ts';
import { createCursorEncoder, decodeCursor } from '../list/cursor.ts';
import { pageSize, type ReadPage } from '../list/paging.ts';
import type { CommentRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { commentJson } from './comment-columns.ts';
import { type ThreadPage, threadPages } from './thread-pages.ts';

/** A page of a discussion in reading order, with the position of the log when it was read. */
export interface Thread {
  page: ReadPage<CommentRow>;
  position: LogPosition;
}

export interface ThreadArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  under?: string | null | undefined;
  around?: string | null | undefined;
}

/** Rows of a page when the query gives no number. */
const DEFAULT_ROWS = 50;

/**
 * @param comment fields selected of each row's comment
 * @throws BadUserInputError for a size out of range, a foreign cursor, or a comment that is not in this discussion
 */
export async function readThread(
  context: Context,
  articleId: number,
  { first, after, under, around, comment }: ThreadArguments & { comment: Selection },
): Promise<Thread> {
  const size = pageSize('first', first, DEFAULT_ROWS);
  const underId = commentIdArgument('under', under);
  const aroundId = commentIdArgument('around', around);
  if (after != null && aroundId !== null)
    throw new BadUserInputError('Give `after` or `around`, not both: each says where the page begins.');
  const list = `Article:${articleId}.thread ${underId ?? ''}`;
  const afterId = after == null ? null : (decodeCursor(list, ['int'], after)[0] as number);
  const row = commentJson(comment);
  const read = await threadPages(context).load({ articleId, size, afterId, underId, aroundId, row });
  if (!read.found) throw new BadUserInputError('There is no such comment in this discussion to read from.');
  return { page: threadConnection(read, list), position: read.position };
}

function commentIdArgument(argument: string, id: string | null | undefined): number | null {
  if (id == null) return null;
  const commentId = decodeIdOf('Comment', id);
  if (commentId === null) throw new BadUserInputError(`\`${argument}\` must be the id of a comment.`);
  return commentId;
}

function threadConnection({ rows, hasNextPage, hasPreviousPage }: ThreadPage, list: string): ReadPage<CommentRow> {
  const cursor = createCursorEncoder(list);
  return { nodes: rows, cursor: ({ id }) => cursor([id]), hasNextPage, hasPreviousPage };
}
