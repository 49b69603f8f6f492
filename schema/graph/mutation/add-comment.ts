import { insertComment } from '../../content/comment/add-comment.ts';
import { checkComment } from '../../content/comment/comment-input.ts';
import { commentLoader } from '../../content/comment/comment-lists.ts';
import { clearLoaders } from '../../content/context-loader.ts';
import type { CommentRow } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import {
  CommentsClosed,
  Conflict,
  Forbidden,
  InvalidInput,
  NotFound,
  RateLimited,
  resolveResultType,
  returnActionableErrors,
} from '../error-types.ts';

const GuestInput = builder.inputType('GuestInput', {
  description: 'Who comments without signing in.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Shown with the comment; 1 to 80 characters.' }),
    email: t.string({ required: true, description: 'Kept for the moderators, never shown.' }),
    url: t.string({ description: 'Their own page, http or https.' }),
  }),
});

const AddCommentInput = builder.inputType('AddCommentInput', {
  description: 'A comment on an article, or a reply to another comment there.',
  fields: (t) => ({
    articleId: t.id({ required: true, description: 'The article.' }),
    parentId: t.id({ description: 'The comment it replies to; none for a top-level comment.' }),
    body: t.string({ required: true, description: 'In Markdown, 1 to 10,000 characters. HTML is shown as text.' }),
    guest: t.field({ type: GuestInput, description: 'Needed when nobody is signed in.' }),
    idempotencyKey: t.string({
      description:
        'Chosen by the client, unique per attempt at one comment: the same key returns the same comment, however often it is sent within a week.',
    }),
  }),
});

interface AddCommentSuccess {
  comment: CommentRow;
  receipt: string | null;
}

const AddCommentSuccess = builder.objectRef<AddCommentSuccess>('AddCommentSuccess').implement({
  description:
    '`held` tells that a moderator must let it through first; `receipt` lets a guest see, edit and withdraw it meanwhile.',
  fields: (t) => ({
    comment: t.field({
      type: 'Comment',
      description: 'The comment as it was written down.',
      resolve: ({ comment }) => comment,
    }),
    held: t.boolean({
      description: 'A moderator must let it through first.',
      resolve: ({ comment }) => comment.status === 'PENDING',
    }),
    receipt: t.exposeString('receipt', { nullable: true, description: 'For guests: keep it, it is shown once.' }),
  }),
});

const AddCommentResult = builder.unionType('AddCommentResult', {
  description: 'The comment, or why there is none.',
  types: [AddCommentSuccess, InvalidInput, NotFound, Forbidden, CommentsClosed, RateLimited, Conflict],
  resolveType: resolveResultType('AddCommentSuccess'),
});

builder.mutationFields((t) => ({
  addComment: t.field({
    type: AddCommentResult,
    description: 'Writes a comment. It appears at once, or after a moderator has seen it (`held`).',
    args: { input: t.arg({ type: AddCommentInput, required: true, description: 'The comment.' }) },
    resolve: (_, { input }, context) =>
      returnActionableErrors(async () => {
        const id = await insertComment(context, checkComment(input));
        clearLoaders(context);
        const comment = await commentLoader(context).load(id);
        if (context.viewer) return { comment, receipt: null };
        return { comment: { ...comment, byReceipt: true as const }, receipt: context.receipts.issue(id) };
      }),
  }),
}));
