import { commentJson } from '../content/comment/comment-columns.ts';
import { type ThreadPage, threadPages } from '../content/comment/thread-pages.ts';
import type { Context } from '../content/context.ts';
import { BadUserInputError } from '../content/errors.ts';
import { encodeEventCursor } from '../content/event-cursor.ts';
import type { LogPosition } from '../content/events.ts';
import { decodeIdOf } from '../content/ids.ts';
import { createCursorEncoder, decodeCursor } from '../content/list/cursor.ts';
import type { Connection } from '../content/list/paging.ts';
import { pageSize } from '../content/list/paging.ts';
import type { CommentRow } from '../content/row-types.ts';
import type { Selection } from '../content/selection.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';
import { PageInfo } from './relay/connection.ts';

interface Thread {
  page: Connection<CommentRow>;
  position: LogPosition;
}

const CommentThreadRow = builder
  .objectRef<{ comment: CommentRow; page: Connection<CommentRow> }>('CommentThreadRow')
  .implement({
    description: 'One line of a discussion in reading order.',
    fields: (t) => ({
      comment: t.field({ type: 'Comment', description: 'What stands there.', resolve: ({ comment }) => comment }),
      depth: t.int({
        description: 'How far to indent it: 0 for a top-level comment.',
        resolve: ({ comment }) => comment.depth,
      }),
      cursor: t.string({
        description: 'Its place in this thread, for `after`.',
        resolve: ({ comment, page }) => page.cursor(comment),
      }),
    }),
  });

export const CommentThread = builder.objectRef<Thread>('CommentThread').implement({
  description: 'A page of a discussion in reading order: each comment is followed by its replies, oldest first.',
  fields: (t) => ({
    rows: t.field({
      type: [CommentThreadRow],
      description: 'The lines, from top to bottom.',
      resolve: ({ page }) => page.nodes.map((comment) => ({ comment, page })),
    }),
    pageInfo: t.field({ type: PageInfo, description: 'Where this page stands.', resolve: ({ page }) => page }),
    liveCursor: t.field({
      type: 'EventCursor',
      description:
        'Position of the log at the moment these rows were read: subscribe from here and nothing is missed between.',
      extensions: declare({ needsSnapshot: true }),
      resolve: ({ position }) => encodeEventCursor(position),
    }),
  }),
});

export interface ThreadArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  under?: string | null | undefined;
  around?: string | null | undefined;
}

/** Rows of a thread's page when the query does not say. */
const DEFAULT_ROWS = 50;

/** @throws BAD_USER_INPUT for a size out of range, a foreign cursor, or a comment that does not stand in this discussion */
export async function readThread(
  context: Context,
  articleId: number,
  { first, after, under, around }: ThreadArguments,
  selection: Selection,
): Promise<Thread> {
  const size = pageSize('first', first, DEFAULT_ROWS);
  const underId = commentId('under', under);
  const aroundId = commentId('around', around);
  if (after != null && aroundId !== null)
    throw new BadUserInputError('Give `after` or `around`, not both: each says where the page begins.');
  const list = `Article:${articleId}.thread ${underId ?? ''}`;
  const afterId = after == null ? null : (decodeCursor(list, ['int'], after)[0] as number);
  const row = commentJson(selection.at('rows', 'comment'));

  const read = await threadPages(context).load({ articleId, size, afterId, underId, aroundId, row });
  if (!read.found) throw new BadUserInputError('There is no such comment in this discussion to read from.');
  return { page: threadConnection(read, list), position: read.position };
}

function commentId(argument: string, id: string | null | undefined): number | null {
  if (id == null) return null;
  const named = decodeIdOf('Comment', id);
  if (named === null) throw new BadUserInputError(`\`${argument}\` must be the id of a comment.`);
  return named;
}

function threadConnection(read: ThreadPage, list: string): Connection<CommentRow> {
  const cursor = createCursorEncoder(list);
  return {
    nodes: read.rows,
    cursor: ({ id }) => cursor([id]),
    hasNextPage: read.hasNextPage,
    hasPreviousPage: read.hasPreviousPage,
    totalCount: () => read.rows.length,
  };
}
