import type { Thread } from '../content/comment/thread.ts';
import { encodeEventCursor } from '../content/event-cursor.ts';
import type { ReadPage } from '../content/list/paging.ts';
import type { CommentRow } from '../content/row-types.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';
import { PageInfo, SHOWN_ROW } from './relay/connection.ts';

interface ThreadRow {
  comment: CommentRow;
  page: ReadPage<CommentRow>;
}

const CommentThreadRow = builder.objectRef<ThreadRow>('CommentThreadRow').implement({
  description: 'One row of a discussion in reading order.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'The comment.',
      extensions: SHOWN_ROW,
      resolve: ({ comment }) => comment,
    }),
    depth: t.int({
      description: 'Levels to indent the row: 0 for a top-level comment.',
      resolve: ({ comment }) => comment.depth,
    }),
    cursor: t.string({
      description: 'Position of the row in this thread, for `after`.',
      resolve: ({ comment, page }) => page.cursor(comment),
    }),
  }),
});

export const CommentThread = builder.objectRef<Thread>('CommentThread').implement({
  description: 'A page of a discussion in reading order: each comment is followed by its replies, oldest first.',
  fields: (t) => ({
    rows: t.field({
      type: [CommentThreadRow],
      description: 'The rows, from top to bottom.',
      resolve: ({ page }) => page.nodes.map((comment) => ({ comment, page })),
    }),
    pageInfo: t.field({
      type: PageInfo,
      description: 'Whether there are rows before and after this page.',
      resolve: ({ page }) => page,
    }),
    liveCursor: t.field({
      type: 'EventCursor',
      description:
        'Position of the log at the moment these rows were read: a subscription from here misses nothing in between.',
      extensions: declare({ needsSnapshot: true }),
      resolve: ({ position }) => encodeEventCursor(position!),
    }),
  }),
});
