import { coverOf, type Image as ImageRow } from '../content/article/article-cover.ts';
import { MAX_TOPICS } from '../content/article/article-input.ts';
import { articleList } from '../content/article/article-list.ts';
import { articleLoader, articles } from '../content/article/article-reader.ts';
import { articleBySlug } from '../content/article/find-article.ts';
import { liveCursorOf } from '../content/article/log-position.ts';
import { DEFAULT_RELATED, relatedArticles } from '../content/article/related-articles.ts';
import { authorLoader } from '../content/author/author-lists.ts';
import { commentRow } from '../content/comment/comment-columns.ts';
import { comments, commentsOn } from '../content/comment/comment-lists.ts';
import { policyOf } from '../content/comment/comment-policy.ts';
import { eventPage } from '../content/comment/event-page.ts';
import { readThread } from '../content/comment/thread.ts';
import { encodeId } from '../content/ids.ts';
import { type ShownVariant, shownAddress, shownVariants } from '../content/picture/picture-address.ts';
import type { AuthorRow } from '../content/row-types.ts';
import { bodyOf } from '../content/text/rich-text.ts';
import { articleTopicsLoader } from '../content/topic/topic-lists.ts';
import { builder } from './builder.ts';
import { columnsOf } from './columns.ts';
import { CommentEventPage } from './comment-event.ts';
import { ArticleOrder, ArticleStatus, CommentOrder, CommentPolicy } from './enums.ts';
import { declare } from './field-declarations.ts';
import { reference } from './reference.ts';
import { ArticleConnection, CommentConnection, pageArguments } from './relay/connection.ts';
import { Node } from './relay/node.ts';
import { RichText } from './rich-text.ts';
import { selectionOf } from './selection.ts';
import { CommentThread } from './thread.ts';

const ArticleFilter = builder.inputType('ArticleFilter', {
  description: 'Conditions for articles. An article must meet all of them.',
  fields: (t) => ({
    author: t.string({ description: 'Slug of the author.' }),
    topic: t.string({ description: 'Slug of a topic of the article.' }),
    publishedAfter: t.field({ type: 'DateTime', description: 'Published after this time.' }),
    publishedBefore: t.field({ type: 'DateTime', description: 'Published before this time.' }),
    status: t.field({
      type: ArticleStatus,
      description:
        'Status of the article; PUBLISHED by default. With another status, writers find their own articles, moderators ' +
        'and admins all, others none. Articles without a date of publication are ordered by when they were created.',
    }),
  }),
});

const ImageVariant = builder.objectRef<ShownVariant>('ImageVariant').implement({
  description: 'An image in one width.',
  fields: (t) => ({
    url: t.exposeString('url', { description: "Absolute, or relative to the gateway's own address." }),
    width: t.exposeInt('width', { description: 'Width in pixels.' }),
    height: t.exposeInt('height', { description: 'Height in pixels.' }),
    type: t.exposeString('type', { description: 'The media type, such as image/webp.' }),
  }),
});

const Image = builder.objectRef<ImageRow>('Image').implement({
  description: 'An image with its alternative text and caption.',
  fields: (t) => ({
    url: t.string({
      description: "Absolute, or relative to the gateway's own address.",
      resolve: ({ url }, _, { settings: { mediaUrl } }) => shownAddress(url, mediaUrl),
    }),
    alt: t.exposeString('alt', { description: 'Alternative text: describes the image where it cannot be seen.' }),
    caption: t.exposeString('caption', { nullable: true, description: 'The line below the image.' }),
    width: t.exposeInt('width', { nullable: true, description: 'Width in pixels.' }),
    height: t.exposeInt('height', { nullable: true, description: 'Height in pixels.' }),
    variants: t.field({
      type: [ImageVariant],
      description:
        'The image in several widths, the narrowest first and itself last, for `srcset`. Empty for an image that the gateway does not keep.',
      extensions: declare({ entries: 7, entryCost: 0 }),
      resolve: ({ url }, _, { settings: { mediaUrl } }) => shownVariants(url, mediaUrl),
    }),
  }),
});

const column = columnsOf(articleLoader);

builder.objectType('Article', {
  description: 'An article with its discussion.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, and unique across all types.', resolve: ({ id }) => encodeId('Article', id) }),
    slug: t.string({ description: 'The name used in URLs and by `Query.article`.', resolve: column('slug') }),
    title: t.string({ description: 'The title.', resolve: column('title') }),
    excerpt: t.string({
      description: 'A plain text of a few sentences for lists and previews.',
      resolve: column('excerpt'),
    }),
    body: t.field({
      type: RichText,
      description: 'The text of the article.',
      // As long as many comments.
      extensions: declare({ entries: 20 }),
      resolve: (article, _, context) =>
        bodyOf(article, () => articleLoader(context).load(article.id), `article-${article.id}-`),
    }),
    cover: t.field({
      type: Image,
      nullable: true,
      description: 'The cover image.',
      resolve: (article, _, context) => coverOf(article, () => articleLoader(context).load(article.id)),
    }),
    status: t.expose('status', {
      type: ArticleStatus,
      description: 'The stage of publication. Readers see published articles only.',
    }),
    publishedAt: t.expose('publishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'The date of publication; in the future for a scheduled article, null for a draft.',
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When the content was last changed. Comments do not change it.',
      resolve: column('updatedAt'),
    }),
    version: t.int({
      description: 'Increases with each save. Send it as `expectedVersion` to `updateArticle`.',
      resolve: column('version'),
    }),
    readingMinutes: t.int({
      description: 'Estimated reading time in whole minutes, at least 1.',
      resolve: column('readingMinutes'),
    }),
    author: t.field({
      type: 'Author',
      description: 'The author.',
      resolve(article, _, context, info) {
        if (article.author) return article.author;
        return selectionOf(info).isIdOnly
          ? reference<AuthorRow>(article.authorId)
          : authorLoader(context).load(article.authorId);
      },
    }),
    topics: t.field({
      type: ['Topic'],
      description: "The article's topics, in the order that its author gave.",
      extensions: declare({ entries: MAX_TOPICS }),
      resolve: (article, _, context) => article.topics ?? articleTopicsLoader(context).load(article.id),
    }),
    commentPolicy: t.field({
      type: CommentPolicy,
      description: "Whether the article accepts comments: its own policy, or the publication's.",
      resolve: column('commentPolicy', (policy, { settings }) => policyOf(policy, settings)),
    }),
    language: t.string({
      nullable: true,
      description:
        'The language of the text as a BCP 47 tag: what its author has set, or the detected one. Null when it is not known.',
      resolve: column('language'),
    }),
    commentCount: t.exposeInt('commentCount', { description: 'The number of visible comments, including replies.' }),
    comments: t.field({
      type: CommentConnection,
      description: 'Visible top-level comments.',
      args: {
        ...pageArguments,
        orderBy: t.arg({ type: CommentOrder, defaultValue: 'NEWEST', description: 'Order of the comments.' }),
      },
      resolve(article, args, context, info) {
        const connection = selectionOf(info);
        const list = commentsOn(article.id, args.orderBy ?? 'NEWEST', commentRow(connection.node));
        return comments.page(context, list, args, { connection, read: article.comments });
      },
    }),
    thread: t.field({
      type: CommentThread,
      description:
        'The discussion, or the part below one comment, as rows in reading order: each comment is followed by its replies.',
      args: {
        first: t.arg.int({ defaultValue: 50, description: 'Number of rows, at most 100.' }),
        after: t.arg.string({ description: 'Only rows after this cursor.' }),
        under: t.arg.id({ description: 'Only comments below this comment.' }),
        around: t.arg.id({
          description: 'The page that has this comment and the rows around it. It cannot be combined with `after`.',
        }),
      },
      resolve: (article, args, context, info) => readThread(context, article, { ...args, thread: selectionOf(info) }),
    }),
    liveCursor: t.field({
      type: 'EventCursor',
      description:
        "Position in the article's event log. In a query it is of the same moment as the rest of the response, in a mutation as the rest of the payload, in an event as the rest of the event. A subscription that resumes here misses no event.",
      extensions: declare({ needsSnapshot: true }),
      resolve: (article, _, context) => liveCursorOf(context, article),
    }),
    events: t.field({
      type: CommentEventPage,
      description: 'Events after a cursor, as `Subscription.commentEvents` delivers them, for clients that poll.',
      extensions: declare({ needsPrimary: true }),
      args: {
        after: t.arg({
          type: 'EventCursor',
          required: true,
          description: 'The last known position, such as `liveCursor`.',
        }),
        first: t.arg.int({ defaultValue: 100, description: 'Number of events, at most 100.' }),
      },
      resolve: (article, { after, first }, context, info) =>
        eventPage(context, article, { after, first, comment: selectionOf(info).at('events', 'comment') }),
    }),
    related: t.field({
      type: ['Article'],
      description: 'Published articles that share the most topics with this one; the newest first among equals.',
      // All articles of its topics are compared.
      extensions: declare({ cost: 20 }),
      args: { first: t.arg.int({ defaultValue: DEFAULT_RELATED, description: 'Number of articles, at most 100.' }) },
      resolve: (article, { first }, context, info) =>
        relatedArticles(context, article, { first, selection: selectionOf(info) }),
    }),
  }),
});

builder.queryFields((t) => ({
  article: t.field({
    type: 'Article',
    nullable: true,
    description: 'Finds an article by its slug or a former slug.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: { slug: t.arg.string({ required: true, description: 'The present or a former value of `Article.slug`.' }) },
    resolve: (_, { slug }, context, info) => articleBySlug(context, slug, selectionOf(info)),
  }),
  articles: t.field({
    type: ArticleConnection,
    description: 'Published articles. Staff can list articles of another status with `where`.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: {
      ...pageArguments,
      where: t.arg({ type: ArticleFilter, description: 'Conditions for the articles.' }),
      orderBy: t.arg({ type: ArticleOrder, defaultValue: 'NEWEST', description: 'Order of the articles.' }),
    },
    resolve: (_, args, context, info) => {
      const connection = selectionOf(info);
      const filter = { filter: args.where ?? {}, order: args.orderBy ?? 'NEWEST', selection: connection.node } as const;
      return articles.page(context, articleList(context, filter), args, { connection });
    },
  }),
}));
