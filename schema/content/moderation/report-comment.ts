import { type ChangedColumns, changedComments, changedCommentsStatement } from '../comment/changed-comments.ts';
import { checkCommentId } from '../comment/comment-input.ts';
import { lockComments, requireReadable } from '../comment/comment-lock.ts';
import { readAncestors, setCommentStatuses } from '../comment/comment-status.ts';
import { checkReason } from '../comment/comment-text.ts';
import type { Context, Statement } from '../context.ts';
import { ForbiddenError } from '../errors.ts';
import { queryRow } from '../query.ts';
import type { CommentRow } from '../row-types.ts';
import { recordHold } from './decisions.ts';

export interface ReportCommentInput {
  commentId: string;
  reason: string;
}

interface Report {
  commentId: number;
  authorId: number;
  reason: string;
}

/**
 * Reports a comment to the moderators, once per person: a second report changes nothing. At `reportLimit` open reports the
 * comment becomes pending.
 * @returns the comment before the report
 * @throws NotFoundError unless everybody can read the comment; ForbiddenError, InvalidInputError, RateLimitedError
 */
export async function reportComment(context: Context, input: ReportCommentInput): Promise<CommentRow> {
  const { viewer } = context;
  if (!viewer) throw new ForbiddenError('Sign in to report a comment.');
  await context.consumeRateLimit('report');
  return saveReport(context, {
    commentId: checkCommentId(input.commentId),
    authorId: viewer.author.id,
    reason: checkReason(input.reason),
  });
}

function saveReport({ change, settings }: Context, report: Report): Promise<CommentRow> {
  const { commentId } = report;
  return change(async (tx, emit) => {
    const locked = lockComments(tx, [commentId]);
    let before = changedComments([]);
    tx.enqueue<ChangedColumns>(changedCommentsStatement([commentId]), (rows) => {
      before = changedComments(rows);
    });
    const [isNew, openReports] = await queryRow<[isNew: boolean, openReports: number]>(tx, reportStatement(report));
    const { heldSource, holdReasons } = requireReadable(locked.get(commentId));
    if (isNew) emit({ moderation: 'REPORTED', commentId, openReports });
    if (isNew && openReports >= settings.reportLimit) {
      const reason = `Reported by ${openReports} readers.`;
      const thread = await readAncestors(tx, [commentId]);
      await setCommentStatuses(tx, emit, { thread, statuses: new Map([[commentId, 'PENDING']]) });
      tx.enqueue({
        name: 'comment-hold',
        text: 'UPDATE comment SET hold_reasons = $2 WHERE id = $1',
        // An edit that waits has reasons of its own. Reports before a decision are settled.
        values: [commentId, [...(heldSource === null ? [] : holdReasons.filter(isNoReport)), reason]],
      });
      recordHold(tx, emit, { id: commentId, reasons: [reason] });
    }
    return before.get(commentId)!;
  });
}

function isNoReport(reason: string): boolean {
  return !/^Reported by \d+ readers\.$/.test(reason);
}

/** Gives whether the report is new, and the number of open reports with it. */
function reportStatement({ commentId, authorId, reason }: Report): Statement {
  return {
    name: 'report-insert',
    // The number is that before the statement.
    text: `WITH inserted AS (
        INSERT INTO comment_report (comment_id, author_id, reason) SELECT id, $2, $3 FROM comment WHERE id = $1
        ON CONFLICT DO NOTHING RETURNING 1
      )
      SELECT EXISTS (SELECT FROM inserted), (SELECT count(*)::int FROM comment_report WHERE comment_id = $1 AND NOT settled) + 1`,
    values: [commentId, authorId, reason],
  };
}
