import { checkCommentId, checkReason } from '../../content/comment/comment-input.ts';
import { commentById } from '../../content/comment/comment-lists.ts';
import { lockComment } from '../../content/comment/comment-lock.ts';
import { setStatuses } from '../../content/comment/comment-status.ts';
import type { Context, Queryable } from '../../content/context.ts';
import { ForbiddenError, NotFoundError } from '../../content/errors.ts';
import { recordDecision } from '../../content/moderation/decisions.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { ALL_FIELDS } from '../../content/selection.ts';
import { builder } from '../builder.ts';
import {
  Forbidden,
  InvalidInput,
  NotFound,
  RateLimited,
  resolveResultType,
  returnActionableErrors,
} from '../error-types.ts';

const ReportCommentInput = builder.inputType('ReportCommentInput', {
  description: 'A comment that a moderator should see.',
  fields: (t) => ({
    commentId: t.id({ required: true, description: 'The comment.' }),
    reason: t.string({ required: true, description: 'Why, in words for the moderators; 1 to 500 characters.' }),
  }),
});

const ReportCommentSuccess = builder.objectRef<{ comment: CommentRow }>('ReportCommentSuccess').implement({
  description: 'The moderators are told.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'As it was when it was reported.',
      resolve: ({ comment }) => comment,
    }),
  }),
});

const ReportCommentResult = builder.unionType('ReportCommentResult', {
  description: 'The comment, or why nobody was told.',
  types: [ReportCommentSuccess, InvalidInput, NotFound, Forbidden, RateLimited],
  resolveType: resolveResultType('ReportCommentSuccess'),
});

interface Report {
  commentId: number;
  authorId: number;
  reason: string;
}

/**
 * Keeps a report, the first of each person. At a number of open ones the comment is withdrawn and waits for a moderator.
 * @throws NotFoundError unless anyone can read the comment
 */
async function keepReport({ change, settings }: Context, report: Report): Promise<void> {
  const { commentId } = report;
  await change(async (tx, emit) => {
    const comment = await lockComment(tx, commentId);
    if (!comment?.published || !comment.visible || comment.status !== 'VISIBLE')
      throw new NotFoundError('There is no such comment.');
    const open = await openReports(tx, report);
    if (open < settings.reportLimit) return;
    const reason = `Reported by ${open} readers.`;
    await setStatuses(tx, emit, new Map([[commentId, 'PENDING']]));
    await tx.query({
      name: 'comment-hold',
      text: 'UPDATE comment SET hold_reasons = ARRAY[$2] WHERE id = $1',
      values: [commentId, reason],
    });
    await recordDecision(tx, { ids: [commentId], by: null, action: null, reason });
  });
}

/** Writes the report down and gives the number of open ones; 0 when this person had reported it already. */
async function openReports(tx: Queryable, { commentId, authorId, reason }: Report): Promise<number> {
  const written = await tx.query({
    name: 'report-keep',
    text: `INSERT INTO comment_report (comment_id, author_id, reason) VALUES ($1, $2, $3)
      ON CONFLICT DO NOTHING RETURNING 1`,
    values: [commentId, authorId, reason],
  });
  if (written.length === 0) return 0;
  const [[open] = [0]] = await tx.query<[number]>({
    name: 'reports-open',
    text: 'SELECT count(*)::int FROM comment_report WHERE comment_id = $1 AND NOT settled',
    values: [commentId],
  });
  return open;
}

builder.mutationFields((t) => ({
  reportComment: t.field({
    type: ReportCommentResult,
    description: 'Tells the moderators about a comment. Once per person; again changes nothing.',
    args: { input: t.arg({ type: ReportCommentInput, required: true, description: 'The comment, and why.' }) },
    resolve: (_, { input }, context) =>
      returnActionableErrors(async () => {
        if (!context.viewer) throw new ForbiddenError('Sign in to report a comment.');
        const commentId = checkCommentId(input.commentId);
        const reason = checkReason(input.reason);
        await context.consumeRateLimit('report');
        const comment = await commentById(context, commentId, ALL_FIELDS);
        if (!comment) throw new NotFoundError('There is no such comment.');
        await keepReport(context, { commentId, authorId: context.viewer.author.id, reason });
        return { comment };
      }),
  }),
}));
