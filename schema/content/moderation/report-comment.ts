import { checkCommentId } from '../comment/comment-input.ts';
import { commentById } from '../comment/comment-lists.ts';
import { lockReadableComment } from '../comment/comment-lock.ts';
import { setCommentStatuses } from '../comment/comment-status.ts';
import { checkReason } from '../comment/comment-text.ts';
import type { Context, Queryable } from '../context.ts';
import { ForbiddenError, NotFoundError } from '../errors.ts';
import { queryRow } from '../query.ts';
import type { CommentRow } from '../row-types.ts';
import { ALL_FIELDS } from '../selection.ts';
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
  const report = {
    commentId: checkCommentId(input.commentId),
    authorId: viewer.author.id,
    reason: checkReason(input.reason),
  };
  const comment = await commentById(context, report.commentId, ALL_FIELDS);
  if (!comment) throw new NotFoundError('There is no such comment.');
  await saveReport(context, report);
  return comment;
}

async function saveReport({ change, settings }: Context, report: Report): Promise<void> {
  const { commentId } = report;
  await change(async (tx, emit) => {
    const { heldSource } = await lockReadableComment(tx, commentId);
    const openReports = await insertReport(tx, report);
    if (openReports > 0) await emit({ moderation: 'REPORTED', commentId, openReports });
    if (openReports < settings.reportLimit) return;
    const reason = `Reported by ${openReports} readers.`;
    await setCommentStatuses(tx, emit, new Map([[commentId, 'PENDING']]));
    await tx.query({
      name: 'comment-hold',
      // An edit that waits has reasons of its own.
      text: `UPDATE comment SET hold_reasons = CASE WHEN $3 THEN hold_reasons ELSE '{}' END || $2::text WHERE id = $1`,
      values: [commentId, reason, heldSource !== null],
    });
    await recordHold(tx, emit, { id: commentId, reasons: [reason] });
  });
}

/** @returns the number of open reports; 0 when this person had reported the comment before */
async function insertReport(tx: Queryable, { commentId, authorId, reason }: Report): Promise<number> {
  const inserted = await tx.query({
    name: 'report-insert',
    text: `INSERT INTO comment_report (comment_id, author_id, reason) VALUES ($1, $2, $3)
      ON CONFLICT DO NOTHING RETURNING 1`,
    values: [commentId, authorId, reason],
  });
  if (inserted.length === 0) return 0;
  const [openReports] = await queryRow<[openReports: number]>(tx, {
    name: 'reports-open',
    text: 'SELECT count(*)::int FROM comment_report WHERE comment_id = $1 AND NOT settled',
    values: [commentId],
  });
  return openReports;
}
