import { authorLoader } from '../content/author/author-lists.ts';
import { commentByReceipt } from '../content/comment/comment-by-receipt.ts';
import { ownCommentsPage } from '../content/comment/own-comments.ts';
import type { Role as RoleName, SignedInViewer } from '../content/context.ts';
import { builder } from './builder.ts';
import { CommentStatus } from './enums.ts';
import { declare } from './field-declarations.ts';
import { CommentConnection, pageArguments } from './relay/connection.ts';
import { selectionOf } from './selection.ts';

const Role = builder.enumType('Role', {
  description: 'The rights of a signed-in person. Each role includes those before it.',
  values: {
    READER: { description: 'Reads, comments and reacts.' },
    WRITER: { description: 'Also writes articles and edits their own.' },
    MODERATOR: { description: 'Also moderates comments and edits all articles.' },
    ADMIN: { description: 'Has all rights.' },
  } satisfies Record<RoleName, object>,
});

const Viewer = builder.objectRef<SignedInViewer>('Viewer').implement({
  description: 'The signed-in person who sent the request.',
  fields: (t) => ({
    author: t.field({
      type: 'Author',
      description: 'Their public profile.',
      // Read again: the viewer's row is cached for a while, and its counters change.
      resolve: ({ author }, _, context) => authorLoader(context).load(author.id),
    }),
    role: t.expose('role', { type: Role, description: 'Their rights.' }),
    comments: t.field({
      type: CommentConnection,
      description: 'What they wrote below published articles, whatever its status, newest first.',
      args: {
        first: pageArguments.first,
        after: pageArguments.after,
        status: t.arg({ type: CommentStatus, description: 'Only comments of this status.' }),
      },
      resolve: (viewer, args, context, info) =>
        ownCommentsPage(context, viewer, { ...args, selection: selectionOf(info).node }),
    }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: Viewer,
    nullable: true,
    description: 'The signed-in person who sent the request; null for an anonymous request.',
    extensions: declare({ dependsOnViewer: 'EVERYONE' }),
    resolve: (_, __, { viewer }) => viewer,
  }),
  commentByReceipt: t.field({
    type: 'Comment',
    nullable: true,
    description:
      "A guest's own comment in any status, found by its receipt. Its fields have the values that they have for every anonymous viewer; what the receipt permits is `guestAccess`.",
    extensions: declare({ dependsOnViewer: 'EVERYONE', needsPrimary: true }),
    args: { receipt: t.arg.string({ required: true, description: 'The value of `AddCommentSuccess.receipt`.' }) },
    resolve: (_, { receipt }, context, info) => commentByReceipt(context, receipt, selectionOf(info)),
  }),
}));
