import { authorLoader } from '../content/author/author-lists.ts';
import { commentByReceipt } from '../content/comment/comment-by-receipt.ts';
import type { Role as RoleName, SignedInViewer } from '../content/context.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';
import { selectionOf } from './selection.ts';

const Role = builder.enumType('Role', {
  description: 'What a signed-in person may do here.',
  values: {
    READER: { description: 'Read, comment and react.' },
    WRITER: { description: 'Besides, write articles.' },
    MODERATOR: { description: 'Besides, look after discussions and all articles.' },
    ADMIN: { description: 'Everything.' },
  } satisfies Record<RoleName, object>,
});

const Viewer = builder.objectRef<SignedInViewer>('Viewer').implement({
  description: 'Who asks.',
  fields: (t) => ({
    author: t.field({
      type: 'Author',
      description: 'What others see of them.',
      // Who signed in is remembered for a while; their counters move meanwhile.
      resolve: ({ author }, _, context) => authorLoader(context).load(author.id),
    }),
    role: t.expose('role', { type: Role, description: 'What they may do.' }),
  }),
});

builder.queryFields((t) => ({
  viewer: t.field({
    type: Viewer,
    nullable: true,
    description: 'Null when nobody is signed in.',
    extensions: declare({ dependsOnViewer: 'EVERYONE' }),
    resolve: (_, __, { viewer }) => viewer,
  }),
  commentByReceipt: t.field({
    type: 'Comment',
    nullable: true,
    description: "A guest's own comment, whatever its status, by the receipt that posting it returned.",
    args: { receipt: t.arg.string({ required: true, description: 'As `AddCommentSuccess.receipt` gave it.' }) },
    resolve: (_, { receipt }, context, info) => commentByReceipt(context, receipt, selectionOf(info)),
  }),
}));
