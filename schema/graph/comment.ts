import { articleLoader } from '../content/article/article-reader.ts';
import { authorLoader } from '../content/author/author-lists.ts';
import { commentById, commentLoader } from '../content/comment/comment-lists.ts';
import type { Context } from '../content/context.ts';
import { decodeIdOf, encodeId } from '../content/ids.ts';
import type { CommentRow } from '../content/row-types.ts';
import { builder } from './builder.ts';
import { CommentViewer } from './comment-viewer.ts';
import { CommentOrder, CommentStatus, REACTION_KINDS, ReactionKind } from './enums.ts';
import { declare } from './field-declarations.ts';
import { CommentConnection, pageArguments } from './relay/connection.ts';
import { Node } from './relay/node.ts';
import { repliesPage } from './replies.ts';
import { RichText, type RichTextRow } from './rich-text.ts';
import { selectionOf } from './selection.ts';

const ReactionTally = builder.objectRef<{ kind: ReactionKind; count: number }>('ReactionTally').implement({
  description: 'How many people reacted in one way.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ReactionKind, description: 'The way.' }),
    count: t.exposeInt('count', { description: 'How many people; never 0.' }),
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
  description: 'Something said about an article, or in reply to another comment.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, and unique across all types.', resolve: ({ id }) => encodeId('Comment', id) }),
    article: t.field({
      type: 'Article',
      description: 'What it is about.',
      resolve: ({ articleId }, _, context) => articleLoader(context).load(articleId),
    }),
    parent: t.field({
      type: 'Comment',
      nullable: true,
      description: 'The comment it replies to; null at the top level.',
      async resolve({ parentId }, _, context) {
        const parent = parentId === null ? null : await commentLoader(context).load(parentId);
        // Above what an event says was removed, there may stand what was never public, or is no longer.
        return parent?.visible ? parent : null;
      },
    }),
    depth: t.exposeInt('depth', { description: '0 for a top-level comment.' }),
    status: t.field({ type: CommentStatus, description: 'Where it stands.', resolve: ({ status }) => status }),
    body: t.field({
      type: RichText,
      nullable: true,
      description: 'Null once removed: the place in the thread stays, the words do not.',
      resolve: (comment, _, context) => (comment.status === 'REMOVED' ? null : bodyOf(comment, context)),
    }),
    author: t.field({
      type: 'Author',
      nullable: true,
      description: 'Who wrote it. Null once removed.',
      resolve: (comment: CommentRow, _, context) =>
        comment.status === 'REMOVED' ? null : (comment.author ?? authorLoader(context).load(comment.authorId)),
    }),
    isByArticleAuthor: t.boolean({
      description: 'The writer of the article speaking.',
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
      description: 'When its words were last changed; null when they never were.',
      resolve: ({ editedAt }) => editedAt,
    }),
    pinned: t.exposeBoolean('pinned', { description: 'A moderator put it forward.' }),
    replyCount: t.exposeInt('replyCount', { description: 'Direct visible replies.' }),
    descendantCount: t.exposeInt('descendantCount', { description: 'All visible comments below this one.' }),
    replies: t.field({
      type: CommentConnection,
      description: 'Direct replies.',
      args: {
        ...pageArguments,
        orderBy: t.arg({ type: CommentOrder, defaultValue: 'OLDEST', description: 'Their order.' }),
      },
      resolve: (comment, args, context, info) => repliesPage(comment, args, { context, info }),
    }),
    reactions: t.field({
      type: [ReactionTally],
      description: 'What others said to it without words, each kind that somebody chose.',
      async resolve(comment: CommentRow, _, context) {
        const counts = comment.reactionCounts ?? (await commentLoader(context).load(comment.id)).reactionCounts ?? [];
        return REACTION_KINDS.map((kind, i) => ({ kind, count: counts[i] ?? 0 })).filter(({ count }) => count > 0);
      },
    }),
    viewer: t.field({
      type: CommentViewer,
      description: 'What the asking viewer may do, and has done.',
      extensions: declare({ dependsOnViewer: 'EVERYONE' }),
      resolve: (comment) => comment,
    }),
  }),
});

builder.queryFields((t) => ({
  comment: t.field({
    type: 'Comment',
    nullable: true,
    description: 'One comment by id. Null unless it stands in a public discussion.',
    args: { id: t.arg.id({ required: true, description: 'As `Comment.id` gave it.' }) },
    resolve(_, { id }, context, info) {
      const named = decodeIdOf('Comment', id);
      return named === null ? null : commentById(context, named, selectionOf(info));
    },
  }),
}));
