import { reportComment } from '../../content/moderation/report-comment.ts';
import type { CommentRow } from '../../content/row-types.ts';
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
  description: 'A comment that a moderator should look at.',
  fields: (t) => ({
    commentId: t.id({ required: true, description: 'The comment.' }),
    reason: t.string({ required: true, description: 'Why, for the moderators; 1 to 500 characters.' }),
  }),
});

const ReportCommentSuccess = builder.objectRef<{ comment: CommentRow }>('ReportCommentSuccess').implement({
  description: 'The report is stored for the moderators.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'The comment as it was when it was reported.',
      resolve: ({ comment }) => comment,
    }),
  }),
});

const ReportCommentResult = builder.unionType('ReportCommentResult', {
  description: 'The reported comment, or the error that prevented the report.',
  types: [ReportCommentSuccess, InvalidInput, NotFound, Forbidden, RateLimited],
  resolveType: resolveResultType('ReportCommentSuccess'),
});

builder.mutationField('reportComment', (t) =>
  t.field({
    type: ReportCommentResult,
    description: 'Reports a comment to the moderators. Once per person: a second report changes nothing.',
    args: { input: t.arg({ type: ReportCommentInput, required: true, description: 'The comment, and why.' }) },
    resolve: (_, { input }, context) =>
      returnActionableErrors(async () => ({ comment: await reportComment(context, input) })),
  }),
);
