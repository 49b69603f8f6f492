import type { CommentStatus } from '../../../prisma/client/enums.ts';
import { commentRow } from '../comment/comment-columns.ts';
import { comments } from '../comment/comment-lists.ts';
import type { Context } from '../context.ts';
import { BadUserInputError, ForbiddenError } from '../errors.ts';
import { decodeIdOf } from '../ids.ts';
import { memoizedQuery } from '../list/list-query.ts';
import type { List } from '../list/list-reader.ts';
import type { Connection } from '../list/paging.ts';
import type { RowSql } from '../list/row-sql.ts';
import { isModerator } from '../roles.ts';
import type { CommentRow } from '../row-types.ts';
import type { Selection } from '../selection.ts';

export interface QueueArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  status?: CommentStatus | null | undefined;
  articleId?: string | null | undefined;
  /** Comments with open reports, whatever their status. */
  reported?: boolean | null | undefined;
}

const QUEUES = {
  waiting: { where: 'c.waiting', keys: {} },
  reported: { where: 'c.reported', keys: {} },
  status: { where: 'c.status = k.status', keys: { status: '"CommentStatus"' } },
};

const queueQuery = memoizedQuery((which: keyof typeof QUEUES, scope: 'all' | 'article', row: RowSql) => ({
  from: 'comment c',
  where: `${QUEUES[which].where}${scope === 'article' ? ' AND c.article_id = k.article' : ''}`,
  order: [
    { sql: 'c.created_at', type: 'timestamptz' as const },
    { sql: 'c.id', type: 'int' as const },
  ],
  descending: false,
  row,
  keys: { ...QUEUES[which].keys, ...(scope === 'article' && { article: 'int' }) },
}));

/**
 * Comments of one status, whether visible or not, oldest first. Those with an edit that waits are among the pending.
 * @param listed the status; or `reported`, for those with open reports in any status
 */
function queue(listed: CommentStatus | 'reported', articleId: number | null, selection: Selection): List<CommentRow> {
  const which = listed === 'PENDING' ? 'waiting' : listed === 'reported' ? listed : 'status';
  return {
    name: `moderationQueue ${listed} ${articleId ?? ''}`,
    query: queueQuery(which, articleId === null ? 'all' : 'article', commentRow(selection)),
    keys: [...(which === 'status' ? [listed] : []), ...(articleId === null ? [] : [articleId])],
    keyset: ({ id, createdAt }) => [createdAt.toISOString(), id],
  };
}

/** A page of the moderation queue. @throws ForbiddenError for everybody but moderators; BadUserInputError */
export function moderationQueuePage(
  context: Context,
  { status, articleId, reported, ...page }: QueueArguments,
  selection: Selection,
): Connection<CommentRow> | Promise<Connection<CommentRow>> {
  if (!isModerator(context.viewer)) throw new ForbiddenError('Only moderators see the moderation queue.');
  const article = articleId == null ? null : decodeIdOf('Article', articleId);
  if (article === null && articleId != null) throw new BadUserInputError('`articleId` is not the id of an article.');
  return comments.page(context, queue(reported ? 'reported' : (status ?? 'PENDING'), article, selection), page);
}
