import { articleLoader } from '../content/article/article-reader.ts';
import { authorLoader } from '../content/author/author-lists.ts';
import { placeholderOf, seesAncestor } from '../content/comment/comment-access.ts';
import { commentRow } from '../content/comment/comment-columns.ts';
import { commentLoader, comments, repliesTo } from '../content/comment/comment-lists.ts';
import { sortKeyOf } from '../content/comment/comment-path.ts';
import { heldBodyForViewer } from '../content/comment/held-edit.ts';
import { commentForViewer } from '../content/comment/own-comments.ts';
import { REACTION_KINDS, reactionTallies, type ReactionTally as Tally } from '../content/comment/reactions.ts';
import type { Context } from '../content/context.ts';
import { decodeIdOf, encodeId } from '../content/ids.ts';
import { loadColumn } from '../content/load-column.ts';
import { isModerator } from '../content/roles.ts';
import type { ArticleRow, AuthorRow, CommentRow } from '../content/row-types.ts';
import { bodyOf } from '../content/text/rich-text.ts';
import { builder } from './builder.ts';
import { columnsOf } from './columns.ts';
import { CommentViewer } from './comment-viewer.ts';
import { CommentOrder, CommentStatus, ReactionKind } from './enums.ts';
import { declare } from './field-declarations.ts';
import { reference } from './reference.ts';
import { CommentConnection, pageArguments } from './relay/connection.ts';
import { Node } from './relay/node.ts';
import { RichText } from './rich-text.ts';
import { selectionOf } from './selection.ts';

const ReactionTally = builder.objectRef<Tally>('ReactionTally').implement({
  description: 'The number of reactions of one kind.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ReactionKind, description: 'The kind of reaction.' }),
    count: t.exposeInt('count', { description: 'Number of people, at least 1.' }),
  }),
});

const column = columnsOf(commentLoader);
const version = column('version');
const shownVersion = column('shownVersion');

/** The comment above another, as the viewer may see it; null where they may not. */
async function parentOf(comment: CommentRow, context: Context): Promise<CommentRow | null> {
  const id = comment.parentId ?? (await loadColumn(commentLoader(context), comment.id, 'parentId'));
  if (id === null) return null;
  const parent = await commentLoader(context).load(id);
  return seesAncestor(context, comment, parent) ? parent : null;
}

/** The top-level comment above another; a placeholder of it where the viewer may not see it. */
async function rootOf(comment: CommentRow, context: Context): Promise<CommentRow> {
  if (comment.depth === 0) return comment;
  const id = comment.rootId ?? (await loadColumn(commentLoader(context), comment.id, 'rootId'));
  const root = await commentLoader(context).load(id!);
  return seesAncestor(context, comment, root) ? root : placeholderOf(root);
}

builder.objectType('Comment', {
  description: 'A comment on an article, or a reply to another comment.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, and unique across all types.', resolve: ({ id }) => encodeId('Comment', id) }),
    article: t.field({
      type: 'Article',
      description: 'The article that it belongs to.',
      resolve: ({ articleId }, _, context, info) =>
        selectionOf(info).isIdOnly ? reference<ArticleRow>(articleId) : articleLoader(context).load(articleId),
    }),
    parent: t.field({
      type: 'Comment',
      nullable: true,
      description:
        'The comment it replies to; null at the top level. Null also where the viewer may not see that comment, which moderators may in any status.',
      extensions: declare({ dependsOnViewer: 'STAFF' }),
      resolve(comment, _, context, info) {
        const { parentId, visible } = comment;
        if (parentId === null) return null;
        // Above a visible comment, all are.
        const isKnown = parentId !== undefined && visible && selectionOf(info).isIdOnly;
        return isKnown ? reference<CommentRow>(parentId) : parentOf(comment, context);
      },
    }),
    root: t.field({
      type: 'Comment',
      description:
        'The top-level comment above it; itself at the top level. Where the viewer may not see that comment, its place without body and author.',
      extensions: declare({ dependsOnViewer: 'STAFF' }),
      resolve(comment, _, context, info) {
        const { rootId, visible } = comment;
        const isKnown = rootId !== undefined && visible && selectionOf(info).isIdOnly;
        return isKnown ? reference<CommentRow>(rootId) : rootOf(comment, context);
      },
    }),
    sortKey: t.string({
      description:
        'Comments of one article stand in reading order, that of `Article.thread`, when these are compared as strings, code unit by code unit. For comparing only: it can change when threads are repaired.',
      resolve: column('path', sortKeyOf),
    }),
    depth: t.exposeInt('depth', { description: '0 for a top-level comment.' }),
    status: t.expose('status', {
      type: CommentStatus,
      description: 'Readers see VISIBLE and REMOVED comments only.',
    }),
    body: t.field({
      type: RichText,
      nullable: true,
      description: 'Null for a removed comment, whose place in the thread stays.',
      resolve: (comment, _, context) =>
        comment.status === 'REMOVED' ? null : bodyOf(comment, () => commentLoader(context).load(comment.id)),
    }),
    author: t.field({
      type: 'Author',
      nullable: true,
      description: 'The author. Null for a removed comment.',
      resolve(comment, _, context, info) {
        if (comment.status === 'REMOVED') return null;
        if (comment.author) return comment.author;
        return selectionOf(info).isIdOnly
          ? reference<AuthorRow>(comment.authorId)
          : authorLoader(context).load(comment.authorId);
      },
    }),
    isByArticleAuthor: t.boolean({
      description: 'The author of the comment is the author of the article.',
      // The article may have to be read.
      extensions: declare({ cost: 1 }),
      resolve({ status, authorId, articleId, articleAuthorId }, _, context) {
        if (status === 'REMOVED') return false;
        if (articleAuthorId !== undefined) return articleAuthorId === authorId;
        return articleLoader(context)
          .load(articleId)
          .then((article) => article.authorId === authorId);
      },
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was written.' }),
    editedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When its present body was written, if it was changed; null when it never was.',
      resolve: column('editedAt'),
    }),
    pendingBody: t.field({
      type: RichText,
      nullable: true,
      description:
        'The text of an edit that a moderator must approve first, for its author and for moderators; `body` is the approved text. Null for everyone else, and when no edit waits. Guests find theirs in `GuestAccess`.',
      extensions: declare({ dependsOnViewer: 'EVERYONE', cost: 1 }),
      resolve: (comment, _, context) => heldBodyForViewer(context, comment),
    }),
    version: t.int({
      description:
        'Counts its wordings, from 1: send it back when deciding about it. For moderators it counts an edit that waits, and that one was decided about; for everyone else it is that of `body`.',
      extensions: declare({ dependsOnViewer: 'STAFF' }),
      resolve: (comment, args, context) =>
        (isModerator(context.viewer) ? version : shownVersion)(comment, args, context),
    }),
    pinned: t.boolean({ description: 'A moderator pinned it.', resolve: column('pinned') }),
    replyCount: t.int({ description: 'Number of visible direct replies.', resolve: column('replyCount') }),
    descendantCount: t.int({
      description: 'Number of visible comments below this one, at any depth.',
      resolve: column('descendantCount'),
    }),
    replies: t.field({
      type: CommentConnection,
      description: 'The visible direct replies.',
      args: {
        ...pageArguments,
        orderBy: t.arg({ type: CommentOrder, defaultValue: 'OLDEST', description: 'Order of the replies.' }),
      },
      resolve(comment, args, context, info) {
        const connection = selectionOf(info);
        const list = repliesTo(comment, args.orderBy ?? 'OLDEST', commentRow(connection.node));
        return comments.page(context, list, args, { connection, read: comment.replies });
      },
    }),
    reactions: t.field({
      type: [ReactionTally],
      description: 'The reactions, one entry for each kind that somebody chose.',
      extensions: declare({ cost: 0.1, entries: REACTION_KINDS.length, entryCost: 0.1 }),
      resolve: column('reactionCounts', reactionTallies),
    }),
    viewer: t.field({
      type: CommentViewer,
      description: "The viewer's rights on the comment, and their reactions to it.",
      // The article may have to be read, and the reactions of the viewer.
      extensions: declare({ dependsOnViewer: 'EVERYONE', cost: 2 }),
      resolve: (comment) => comment,
    }),
  }),
});

builder.queryFields((t) => ({
  comment: t.field({
    type: 'Comment',
    nullable: true,
    description:
      "A comment by its id, below a published article. Null unless it is visible or the viewer's own, whatever its status.",
    extensions: declare({ dependsOnViewer: 'EVERYONE' }),
    args: { id: t.arg.id({ required: true, description: 'A `Comment.id`.' }) },
    resolve(_, { id }, context, info) {
      const named = decodeIdOf('Comment', id);
      return named === null ? null : commentForViewer(context, named, selectionOf(info));
    },
  }),
}));
