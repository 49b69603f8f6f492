import { ForbiddenError, InvalidInputError, NotFoundError, RateLimitedError } from '../../content/errors.ts';
import { reportComment } from '../../content/moderation/report-comment.ts';
import { builder } from '../builder.ts';

const ReportCommentInput = builder.inputType('ReportCommentInput', {
  description: 'A comment that a moderator should look at.',
  fields: (t) => ({
    commentId: t.id({ required: true, description: 'The comment.' }),
    reason: t.string({ required: true, description: 'Why, for the moderators; 1 to 500 characters.' }),
  }),
});

builder.mutationField('reportComment', (t) =>
  t.field({
    type: 'Comment',
    description: 'Reports a comment to the moderators. Once per person: a second report changes nothing.',
    args: { input: t.arg({ type: ReportCommentInput, required: true, description: 'The comment, and why.' }) },
    errors: {
      types: [InvalidInputError, NotFoundError, ForbiddenError, RateLimitedError],
      result: { description: 'The report is stored for the moderators.' },
      dataField: { name: 'comment', description: 'The comment as it was when it was reported.' },
      union: { description: 'The reported comment, or the error that prevented the report.' },
    },
    resolve: (_, { input }, context) => reportComment(context, input),
  }),
);
