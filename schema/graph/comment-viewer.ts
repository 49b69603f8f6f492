import { reasonsForViewer } from '../content/comment/own-comments.ts';
import { viewerReactions } from '../content/comment/reactions.ts';
import { canEdit, canRemove, canReply, editableUntil } from '../content/comment/viewer-rights.ts';
import type { CommentRow } from '../content/row-types.ts';
import { builder } from './builder.ts';
import { ReactionKind } from './enums.ts';

export const CommentViewer = builder.objectRef<CommentRow>('CommentViewer').implement({
  description:
    "The viewer's rights on a comment, and their reactions to it. A guest has those of every anonymous viewer here; what their receipt permits is `GuestAccess`.",
  fields: (t) => ({
    canEdit: t.boolean({
      description: 'The viewer may edit it now.',
      resolve: (comment, _, context) => canEdit(context, comment),
    }),
    canRemove: t.boolean({
      description: 'The viewer may remove it.',
      resolve: (comment, _, context) => canRemove(context, comment),
    }),
    canReply: t.boolean({
      description: 'The viewer may reply to it: it is visible, and its article takes comments.',
      resolve: (comment, _, context) => canReply(context, comment),
    }),
    editableUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        "End of the viewer's edit window. Null when they may not edit, and for moderators, who have no window.",
      resolve: (comment, _, context) => editableUntil(context, comment),
    }),
    reasons: t.stringList({
      description:
        'For its author: why it or an edit of it waits for a moderator, or the reason of the decision that rejected or removed it. Empty for everybody else, and where no reason was given.',
      resolve: (comment, _, context) => reasonsForViewer(context, comment),
    }),
    reactions: t.field({
      type: [ReactionKind],
      description: 'The reactions of the viewer.',
      resolve: ({ id }, _, context) => (context.viewer ? viewerReactions(context).load(id) : []),
    }),
  }),
});
