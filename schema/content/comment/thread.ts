import type { Context } from '../context.ts';
import { BadUserInputError } from '../errors.ts';
import type { LogPosition } from '../events.ts';
import { decodeIdOf } from '../ids.ts';
import { createCursorEncoder, decodeCursor } from '../list/cursor.ts';
import { pageSize, type ReadPage } from '../list/paging.ts';
import type { ArticleRow, CommentRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';
import { commentRow } from './comment-columns.ts';
import { DEFAULT_ROWS, type ThreadPage, threadPages } from './thread-pages.ts';

/** A page of a discussion in reading order. */
export interface Thread {
  page: ReadPage<CommentRow>;
  /** Of the log when the page was read; null when it was not asked for. */
  position: LogPosition | null;
}

export interface ThreadArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  under?: string | null | undefined;
  around?: string | null | undefined;
}

/**
 * @param thread fields selected of the page
 * @throws BadUserInputError for a size out of range, a foreign cursor, or a comment that is not in this discussion
 */
export function readThread(
  context: Context,
  article: ArticleRow,
  args: ThreadArguments & { thread: Selection },
): Thread | Promise<Thread> {
  return threadOfFirstRows(article, args) ?? loadThread(context, article, args);
}

/** The page that was read with the article, if that is the one that is asked for. */
function threadOfFirstRows(
  article: ArticleRow,
  { first, after, under, around, thread }: ThreadArguments & { thread: Selection },
): Thread | null {
  const read = article.thread;
  if (!read || read.size !== (first ?? DEFAULT_ROWS) || after != null || under != null || around != null) return null;
  const { id: articleId, eventEpoch, eventSequence, lastEventAt } = article;
  const page = {
    rows: read.rows.slice(0, read.size),
    hasNextPage: read.rows.length > read.size,
    hasPreviousPage: false,
  };
  const position = thread.has('liveCursor')
    ? { articleId, epoch: eventEpoch!, sequence: eventSequence!, at: lastEventAt! }
    : null;
  return { page: threadConnection(page, listName(articleId, null)), position };
}

async function loadThread(
  context: Context,
  { id: articleId }: ArticleRow,
  { first, after, under, around, thread }: ThreadArguments & { thread: Selection },
): Promise<Thread> {
  const size = pageSize('first', first, DEFAULT_ROWS);
  const underId = commentIdArgument('under', under);
  const aroundId = commentIdArgument('around', around);
  if (after != null && aroundId !== null)
    throw new BadUserInputError('Give `after` or `around`, not both: each says where the page begins.');
  const list = listName(articleId, underId);
  const afterId = after == null ? null : (decodeCursor(list, ['int'], after)[0] as number);
  const read = await threadPages(context).load({
    ...{ articleId, size, afterId, underId, aroundId },
    row: commentRow(thread.at('rows', 'comment')),
    wantsPosition: thread.has('liveCursor'),
    looksAround: thread.has('pageInfo'),
  });
  if (!read.found) throw new BadUserInputError('There is no such comment in this discussion to read from.');
  return { page: threadConnection(read, list), position: read.position };
}

/** Tells the list of a cursor. */
function listName(articleId: number, underId: number | null): string {
  return `Article:${articleId}.thread ${underId ?? ''}`;
}

function commentIdArgument(argument: string, id: string | null | undefined): number | null {
  if (id == null) return null;
  const commentId = decodeIdOf('Comment', id);
  if (commentId === null) throw new BadUserInputError(`\`${argument}\` must be the id of a comment.`);
  return commentId;
}

function threadConnection(
  { rows, hasNextPage, hasPreviousPage }: Pick<ThreadPage, 'rows' | 'hasNextPage' | 'hasPreviousPage'>,
  list: string,
): ReadPage<CommentRow> {
  const cursor = createCursorEncoder(list);
  return { nodes: rows, cursor: ({ id }) => cursor([id]), hasNextPage, hasPreviousPage };
}
