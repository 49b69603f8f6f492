import { type ReceiptHolder, receiptAccess, receiptHolder } from '../content/comment/comment-by-receipt.ts';
import { heldBody } from '../content/comment/held-edit.ts';
import { reasonsOf } from '../content/comment/own-comments.ts';
import { canEdit, canRemove, editableUntil } from '../content/comment/viewer-rights.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';
import { RichText } from './rich-text.ts';

export const GuestAccess = builder.objectRef<ReceiptHolder>('GuestAccess').implement({
  description:
    "What the receipt of a comment permits, and shows besides the comment. It is beside the comment and no field of it, because events and other queries have the comment's fields without the receipt.",
  fields: (t) => ({
    canEdit: t.boolean({
      description: '`editComment` takes the receipt now.',
      resolve: (holder, _, context) => canEdit(context, holder.comment, receiptAccess(context, holder)),
    }),
    canRemove: t.boolean({
      description: '`removeComment` takes the receipt.',
      resolve: (holder, _, context) => canRemove(context, holder.comment, receiptAccess(context, holder)),
    }),
    editableUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'End of the edit window. Null when the receipt permits no edit, and for moderators.',
      resolve: (holder, _, context) => editableUntil(context, holder.comment, receiptAccess(context, holder)),
    }),
    reasons: t.stringList({
      description:
        'Why the comment or an edit of it waits for a moderator, or the reason of the decision that rejected or removed it.',
      extensions: declare({ cost: 1 }),
      resolve: ({ comment }, _, context) => reasonsOf(context, comment),
    }),
    pendingBody: t.field({
      type: RichText,
      nullable: true,
      description: 'The text of an edit that a moderator must approve first; null when none waits.',
      extensions: declare({ cost: 1 }),
      resolve: ({ comment }, _, context) => heldBody(context, comment),
    }),
  }),
});

builder.queryFields((t) => ({
  guestAccess: t.field({
    type: GuestAccess,
    nullable: true,
    description: 'What a receipt permits now. Null where `commentByReceipt` is.',
    // The article may have to be read.
    extensions: declare({ dependsOnViewer: 'EVERYONE', cost: 2 }),
    args: { receipt: t.arg.string({ required: true, description: 'The value of `AddCommentSuccess.receipt`.' }) },
    resolve: (_, { receipt }, context) => receiptHolder(context, receipt),
  }),
}));
