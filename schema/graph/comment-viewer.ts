import { articleLoader } from '../content/article/article-reader.ts';
import { commentRowAccess } from '../content/comment/comment-access.ts';
import { policyOf } from '../content/comment/comment-policy.ts';
import { commentEditVerdict, commentRemovalVerdict, isModerator } from '../content/comment/comment-rules.ts';
import type { Context } from '../content/context.ts';
import { contextLoader } from '../content/context-loader.ts';
import type { CommentRow } from '../content/row-types.ts';
import { builder } from './builder.ts';
import { ReactionKind } from './enums.ts';

const SECOND = 1_000;

function canEdit(comment: CommentRow, context: Context): boolean {
  const age = (context.now().getTime() - comment.createdAt.getTime()) / SECOND;
  return commentEditVerdict({ ...commentRowAccess(context, comment), age }, context.settings) === 'YES';
}

/** How the viewer reacted to comments: one statement for all that are asked about. */
const viewerReactions = contextLoader(async (ids: readonly number[], { db, viewer }) => {
  const rows = await db.query<[number, ReactionKind[]]>({
    name: 'viewer-reactions',
    text: `SELECT comment_id, array_agg(kind ORDER BY kind)::text[] FROM reaction
      WHERE comment_id = ANY($1) AND author_id = $2 GROUP BY comment_id`,
    values: [ids, viewer?.author.id],
  });
  const found = new Map(rows);
  return ids.map((id) => found.get(id) ?? []);
});

export const CommentViewer = builder.objectRef<CommentRow>('CommentViewer').implement({
  description: 'What the asking viewer may do with a comment, and has done.',
  fields: (t) => ({
    canEdit: t.boolean({
      description: 'They may change its words now.',
      resolve: (comment, _, context) => canEdit(comment, context),
    }),
    canRemove: t.boolean({
      description: 'They may take it away.',
      resolve: (comment, _, context) =>
        comment.status !== 'REMOVED' && commentRemovalVerdict(commentRowAccess(context, comment)) === 'YES',
    }),
    canReply: t.boolean({
      description: 'They may answer it: it stands in public, and its article takes comments.',
      async resolve({ articleId, status, visible }, _, context) {
        if (!visible || status !== 'VISIBLE') return false;
        const { commentPolicy } = await articleLoader(context).load(articleId);
        return policyOf(commentPolicy, context.settings) !== 'CLOSED';
      },
    }),
    editableUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When their time to edit it ends; null when they may not, and for moderators, whose time does not end.',
      resolve: (comment, _, context) =>
        canEdit(comment, context) && !isModerator(context.viewer)
          ? new Date(comment.createdAt.getTime() + context.settings.editWindow * SECOND)
          : null,
    }),
    reactions: t.field({
      type: [ReactionKind],
      description: 'How they reacted.',
      resolve: ({ id }, _, context) => (context.viewer ? viewerReactions(context).load(id) : []),
    }),
  }),
});
