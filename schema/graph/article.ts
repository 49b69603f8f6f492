import { articleList } from '../content/article/article-list.ts';
import { articleLoader, articles } from '../content/article/article-reader.ts';
import { articleBySlug } from '../content/article/find-article.ts';
import { logPositionOf } from '../content/article/log-position.ts';
import { relatedArticles } from '../content/article/related-articles.ts';
import { authorLoader } from '../content/author/author-lists.ts';
import { comments, commentsOn } from '../content/comment/comment-lists.ts';
import { policyOf } from '../content/comment/comment-policy.ts';
import { eventPage } from '../content/comment/event-page.ts';
import { readThread } from '../content/comment/thread.ts';
import { encodeEventCursor } from '../content/event-cursor.ts';
import { encodeId } from '../content/ids.ts';
import { pageSize } from '../content/list/paging.ts';
import type { ArticleRow } from '../content/row-types.ts';
import { articleTopicsLoader } from '../content/topic/topic-lists.ts';
import { builder } from './builder.ts';
import { columnsOf } from './columns.ts';
import { CommentEventPage } from './comment-event.ts';
import { ArticleOrder, ArticleStatus, CommentOrder, CommentPolicy } from './enums.ts';
import { declare } from './field-declarations.ts';
import { selectedCommentJson } from './first-replies.ts';
import { ArticleConnection, CommentConnection, pageArguments } from './relay/connection.ts';
import { Node } from './relay/node.ts';
import { bodyOf, RichText } from './rich-text.ts';
import { selectionOf } from './selection.ts';
import { CommentThread } from './thread.ts';

const ArticleFilter = builder.inputType('ArticleFilter', {
  description: 'Articles that pass everything given here.',
  fields: (t) => ({
    author: t.string({ description: 'By the author with this slug.' }),
    topic: t.string({ description: 'About the topic with this slug.' }),
    publishedAfter: t.field({ type: 'DateTime', description: 'Published later than this.' }),
    publishedBefore: t.field({ type: 'DateTime', description: 'Published earlier than this.' }),
    status: t.field({
      type: ArticleStatus,
      description:
        'Of this status; PUBLISHED unless said. Writers find their own of the others, moderators and admins all, ' +
        'ordered by when they were made where there is no date of publication. Readers find published articles only.',
    }),
  }),
});

interface ImageRow {
  url: string;
  alt: string;
  caption: string | null;
  width: number | null;
  height: number | null;
}

const Image = builder.objectRef<ImageRow>('Image').implement({
  description: 'A picture with the words that go with it.',
  fields: (t) => ({
    url: t.exposeString('url', { description: "Where it is, absolute or relative to the gateway's own address." }),
    alt: t.exposeString('alt', { description: 'What it shows, for those who do not see it.' }),
    caption: t.exposeString('caption', { nullable: true, description: 'The line below it.' }),
    width: t.exposeInt('width', { nullable: true, description: 'In pixels.' }),
    height: t.exposeInt('height', { nullable: true, description: 'In pixels.' }),
  }),
});

const column = columnsOf(articleLoader);

/** Null for an article without a cover. */
function coverOf({ coverUrl, coverAlt, coverCaption, coverWidth, coverHeight }: ArticleRow): ImageRow | null {
  if (coverUrl == null) return null;
  return {
    url: coverUrl,
    alt: coverAlt ?? '',
    caption: coverCaption ?? null,
    width: coverWidth ?? null,
    height: coverHeight ?? null,
  };
}

builder.objectType('Article', {
  description: 'Something published, with its discussion.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, and unique across all types.', resolve: ({ id }) => encodeId('Article', id) }),
    slug: t.string({ description: 'Name in addresses, for `Query.article`.', resolve: column('slug') }),
    title: t.string({ description: 'The headline.', resolve: column('title') }),
    excerpt: t.string({ description: 'A few plain sentences for lists and previews.', resolve: column('excerpt') }),
    body: t.field({
      type: RichText,
      description: 'The article itself.',
      resolve: (article, _, context) => bodyOf(article, () => articleLoader(context).load(article.id)),
    }),
    cover: t.field({
      type: Image,
      nullable: true,
      description: 'The picture on top.',
      resolve(article, _, context) {
        const isRead = article.coverUrl === null || article.coverAlt !== undefined;
        return isRead ? coverOf(article) : articleLoader(context).load(article.id).then(coverOf);
      },
    }),
    status: t.expose('status', { type: ArticleStatus, description: 'How far it is on its way to readers.' }),
    publishedAt: t.expose('publishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it became, or will become, public. Null for drafts.',
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When its content last changed; comments do not count.',
      resolve: column('updatedAt'),
    }),
    version: t.int({ description: 'Optimistic lock: send it back as `expectedVersion`.', resolve: column('version') }),
    readingMinutes: t.int({
      description: 'Time to read it, in whole minutes, at least 1.',
      resolve: column('readingMinutes'),
    }),
    author: t.field({
      type: 'Author',
      description: 'Who wrote it.',
      resolve: (article, _, context) => article.author ?? authorLoader(context).load(article.authorId),
    }),
    topics: t.field({
      type: ['Topic'],
      description: 'What it is about, in the order the writer gave.',
      resolve: (article, _, context) => article.topics ?? articleTopicsLoader(context).load(article.id),
    }),
    commentPolicy: t.field({
      type: CommentPolicy,
      description: 'Whether it takes comments, and how they appear: as decided for it, or by default here.',
      resolve: column('commentPolicy', (policy, { settings }) => policyOf(policy, settings)),
    }),
    commentCount: t.exposeInt('commentCount', { description: 'All visible comments, replies included.' }),
    comments: t.field({
      type: CommentConnection,
      description: 'Top-level comments. Replies hang below each.',
      args: {
        ...pageArguments,
        orderBy: t.arg({ type: CommentOrder, defaultValue: 'NEWEST', description: 'Their order.' }),
      },
      resolve: (article, { orderBy, ...page }, context, info) =>
        comments.page(context, commentsOn(article.id, orderBy ?? 'NEWEST', selectedCommentJson(info)), page),
    }),
    thread: t.field({
      type: CommentThread,
      description:
        'The whole discussion, or the part under one comment, as rows in reading order: a parent, then its replies.',
      args: {
        first: t.arg.int({ defaultValue: 50, description: 'Rows of the page, at most 100.' }),
        after: t.arg.string({ description: "Rows that follow this row's `cursor`." }),
        under: t.arg.id({ description: 'Only what stands below this comment.' }),
        around: t.arg.id({
          description:
            'The page with this comment on it, and what is read before and after. Not together with `after`.',
        }),
      },
      resolve: (article, args, context, info) =>
        readThread(context, article.id, { ...args, comment: selectionOf(info).at('rows', 'comment') }),
    }),
    liveCursor: t.field({
      type: 'EventCursor',
      description:
        'Position of the log at the moment this response was read: subscribe from here and nothing is missed between.',
      extensions: declare({ needsSnapshot: true }),
      resolve(article, _, context) {
        const position = logPositionOf(context, article);
        return position instanceof Promise ? position.then(encodeEventCursor) : encodeEventCursor(position);
      },
    }),
    events: t.field({
      type: CommentEventPage,
      description: "What happened since a cursor: the subscription's events, for clients that poll.",
      args: {
        after: t.arg({
          type: 'EventCursor',
          required: true,
          description: 'The last position seen, such as `liveCursor`.',
        }),
        first: t.arg.int({ defaultValue: 100, description: 'Most events of the page, at most 100.' }),
      },
      resolve: (article, { after, first }, context, info) =>
        eventPage(context, article, { after, first, comment: selectionOf(info).at('events', 'comment') }),
    }),
    related: t.field({
      type: ['Article'],
      description: 'Others that share the most topics with it, newest first among equals.',
      args: { first: t.arg.int({ defaultValue: 3, description: 'How many, at most 100.' }) },
      resolve: (article, { first }, context, info) =>
        relatedArticles(context, { article, size: pageSize('first', first, 3) }, selectionOf(info)),
    }),
  }),
});

builder.queryFields((t) => ({
  article: t.field({
    type: 'Article',
    nullable: true,
    description: 'Finds an article by its slug, or by one it had before.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: { slug: t.arg.string({ required: true, description: 'As `Article.slug` gives it, or gave it once.' }) },
    resolve: (_, { slug }, context, info) => articleBySlug(context, slug, selectionOf(info)),
  }),
  articles: t.field({
    type: ArticleConnection,
    description: 'Published articles, or for those who write them, articles of another status.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: {
      ...pageArguments,
      where: t.arg({ type: ArticleFilter, description: 'Only those that pass.' }),
      orderBy: t.arg({ type: ArticleOrder, defaultValue: 'NEWEST', description: 'Their order.' }),
    },
    resolve: (_, { where, orderBy, ...page }, context, info) => {
      const filter = { filter: where ?? {}, order: orderBy ?? 'NEWEST', selection: selectionOf(info).node } as const;
      return articles.page(context, articleList(context, filter), page);
    },
  }),
}));
