import { articleLoader } from '../content/article/article-reader.ts';
import { authorLoader } from '../content/author/author-lists.ts';
import { commentById, commentLoader } from '../content/comment/comment-lists.ts';
import { repliesPage } from '../content/comment/first-replies.ts';
import { reactionTallies, type ReactionTally as Tally } from '../content/comment/reactions.ts';
import type { Context } from '../content/context.ts';
import { decodeIdOf, encodeId } from '../content/ids.ts';
import type { CommentRow } from '../content/row-types.ts';
import { builder } from './builder.ts';
import { CommentViewer } from './comment-viewer.ts';
import { CommentOrder, CommentStatus, ReactionKind } from './enums.ts';
import { declare } from './field-declarations.ts';
import { selectedCommentJson } from './first-replies.ts';
import { CommentConnection, pageArguments } from './relay/connection.ts';
import { Node } from './relay/node.ts';
import { RichText, type RichTextRow } from './rich-text.ts';
import { selectionOf } from './selection.ts';

const ReactionTally = builder.objectRef<Tally>('ReactionTally').implement({
  description: 'The number of reactions of one kind.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ReactionKind, description: 'The kind of reaction.' }),
    count: t.exposeInt('count', { description: 'Number of people, at least 1.' }),
  }),
});

function bodyOf(comment: CommentRow, context: Context): RichTextRow {
  return {
    source: comment.bodySource,
    format: comment.bodyFormat,
    html: comment.bodyHtml,
    text: comment.bodyText,
    everything: async () => bodyOf(await commentLoader(context).load(comment.id), context),
  };
}

builder.prismaObject('Comment', {
  description: 'A comment on an article, or a reply to another comment.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, and unique across all types.', resolve: ({ id }) => encodeId('Comment', id) }),
    article: t.field({
      type: 'Article',
      description: 'The article that it belongs to.',
      resolve: ({ articleId }, _, context) => articleLoader(context).load(articleId),
    }),
    parent: t.field({
      type: 'Comment',
      nullable: true,
      description: 'The comment it replies to; null at the top level.',
      async resolve({ parentId }, _, context) {
        const parent = parentId === null ? null : await commentLoader(context).load(parentId);
        // The parent of a removed comment in an event may itself be hidden.
        return parent?.visible ? parent : null;
      },
    }),
    depth: t.exposeInt('depth', { description: '0 for a top-level comment.' }),
    status: t.field({
      type: CommentStatus,
      description: 'Readers see VISIBLE and REMOVED comments only.',
      resolve: ({ status }) => status,
    }),
    body: t.field({
      type: RichText,
      nullable: true,
      description: 'Null for a removed comment, whose place in the thread stays.',
      resolve: (comment, _, context) => (comment.status === 'REMOVED' ? null : bodyOf(comment, context)),
    }),
    author: t.field({
      type: 'Author',
      nullable: true,
      description: 'The author. Null for a removed comment.',
      resolve: (comment: CommentRow, _, context) =>
        comment.status === 'REMOVED' ? null : (comment.author ?? authorLoader(context).load(comment.authorId)),
    }),
    isByArticleAuthor: t.boolean({
      description: 'The author of the comment is the author of the article.',
      async resolve(comment: CommentRow, _, context) {
        if (comment.status === 'REMOVED') return false;
        const writer = comment.articleAuthorId ?? (await articleLoader(context).load(comment.articleId)).authorId;
        return writer === comment.authorId;
      },
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was written.',
      resolve: ({ createdAt }) => createdAt,
    }),
    editedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its body was last changed; null when it never was.',
      resolve: ({ editedAt }) => editedAt,
    }),
    pinned: t.exposeBoolean('pinned', { description: 'A moderator pinned it.' }),
    replyCount: t.exposeInt('replyCount', { description: 'Number of visible direct replies.' }),
    descendantCount: t.exposeInt('descendantCount', {
      description: 'Number of visible comments below this one, at any depth.',
    }),
    replies: t.field({
      type: CommentConnection,
      description: 'The visible direct replies.',
      args: {
        ...pageArguments,
        orderBy: t.arg({ type: CommentOrder, defaultValue: 'OLDEST', description: 'Order of the replies.' }),
      },
      resolve: (comment, args, context, info) =>
        repliesPage(context, comment, { ...args, rowJson: () => selectedCommentJson(info) }),
    }),
    reactions: t.field({
      type: [ReactionTally],
      description: 'The reactions, one entry for each kind that somebody chose.',
      async resolve(comment: CommentRow, _, context) {
        const counts = comment.reactionCounts ?? (await commentLoader(context).load(comment.id)).reactionCounts ?? [];
        return reactionTallies(counts);
      },
    }),
    viewer: t.field({
      type: CommentViewer,
      description: "The viewer's rights on the comment, and their reactions to it.",
      extensions: declare({ dependsOnViewer: 'EVERYONE' }),
      resolve: (comment) => comment,
    }),
  }),
});

builder.queryFields((t) => ({
  comment: t.field({
    type: 'Comment',
    nullable: true,
    description: 'A comment by its id. Null unless it is visible below a published article.',
    args: { id: t.arg.id({ required: true, description: 'A `Comment.id`.' }) },
    resolve(_, { id }, context, info) {
      const named = decodeIdOf('Comment', id);
      return named === null ? null : commentById(context, named, selectionOf(info));
    },
  }),
}));
