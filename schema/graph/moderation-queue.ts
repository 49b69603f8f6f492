import type { CommentStatus as Status } from '../../prisma/client/enums.ts';
import { commentJson } from '../content/comment/comment-columns.ts';
import { comments } from '../content/comment/comment-lists.ts';
import { isModerator } from '../content/comment/comment-rules.ts';
import { BadUserInputError, ForbiddenError } from '../content/errors.ts';
import { decodeIdOf } from '../content/ids.ts';
import { memoizedQuery } from '../content/list/list-query.ts';
import type { List } from '../content/list/list-reader.ts';
import { DEFAULT_PAGE, MAX_PAGE } from '../content/list/paging.ts';
import type { CommentRow } from '../content/row-types.ts';
import type { Selection } from '../content/selection.ts';
import { builder } from './builder.ts';
import { CommentStatus } from './enums.ts';
import { declare } from './field-declarations.ts';
import { CommentConnection } from './relay/connection.ts';
import { selectionOf } from './selection.ts';

const queueQuery = memoizedQuery((where: 'everywhere' | 'article', row: string) => ({
  from: 'comment c',
  where: `c.status = k.status${where === 'article' ? ' AND c.article_id = k.article' : ''}`,
  order: [
    { sql: 'c.created_at', type: 'timestamptz' as const },
    { sql: 'c.id', type: 'int' as const },
  ],
  descending: false,
  row,
  keys: { status: '"CommentStatus"', ...(where === 'article' && { article: 'int' }) },
}));

/** Comments by where they stand, whoever may read them, the longest waiting first. */
function queue(status: Status, articleId: number | null, selection: Selection): List<CommentRow> {
  return {
    name: `moderationQueue ${status} ${articleId ?? ''}`,
    query: queueQuery(articleId === null ? 'everywhere' : 'article', commentJson(selection)),
    keys: articleId === null ? [status] : [status, articleId],
    keyset: ({ id, createdAt }) => [createdAt.toISOString(), id],
  };
}

builder.queryFields((t) => ({
  moderationQueue: t.field({
    type: CommentConnection,
    description: 'Comments by where they stand, oldest first. Moderators only.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: {
      first: t.arg.int({ description: `Rows of a page; ${DEFAULT_PAGE} unless said, at most ${MAX_PAGE}.` }),
      after: t.arg.string({ description: 'Rows that follow this cursor.' }),
      status: t.arg({ type: CommentStatus, defaultValue: 'PENDING', description: 'Where they stand.' }),
      articleId: t.arg.id({ description: 'Only those on this article.' }),
    },
    resolve(_, { first, after, status, articleId }, context, info) {
      if (!isModerator(context.viewer)) throw new ForbiddenError('Only moderators see the moderation queue.');
      const article = articleId == null ? null : decodeIdOf('Article', articleId);
      if (article === null && articleId != null) throw new BadUserInputError('`articleId` is no id of an article.');
      return comments.page(context, queue(status ?? 'PENDING', article, selectionOf(info).node), { first, after });
    },
  }),
}));
