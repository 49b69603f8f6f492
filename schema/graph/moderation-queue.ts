import { DEFAULT_PAGE, MAX_PAGE } from '../content/list/paging.ts';
import { moderationQueuePage } from '../content/moderation/moderation-queue.ts';
import { builder } from './builder.ts';
import { CommentStatus } from './enums.ts';
import { declare } from './field-declarations.ts';
import { CommentConnection } from './relay/connection.ts';
import { selectionOf } from './selection.ts';

builder.queryFields((t) => ({
  moderationQueue: t.field({
    type: CommentConnection,
    // Refused to others, who get the rest of their query all the same.
    nullable: true,
    description:
      'Comments of one status, oldest first; with PENDING also visible ones with an edit that waits (`Comment.pendingBody`). For moderators only: null beside its error for everyone else.',
    args: {
      first: t.arg.int({ description: `Rows of the page: ${DEFAULT_PAGE} by default, at most ${MAX_PAGE}.` }),
      after: t.arg.string({ description: 'Start after the row with this cursor.' }),
      status: t.arg({ type: CommentStatus, defaultValue: 'PENDING', description: 'Status of the comments.' }),
      reported: t.arg.boolean({
        description:
          'With true those with open reports, whatever their status: `status` is not read. `Comment.moderation` has the reports.',
      }),
      articleId: t.arg.id({ description: 'Only comments on this article.' }),
    },
    extensions: declare({ dependsOnViewer: 'STAFF', cost: 20 }),
    resolve: (_, args, context, info) => moderationQueuePage(context, args, selectionOf(info).node),
  }),
}));
