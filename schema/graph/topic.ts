import { articles } from '../content/article/article-reader.ts';
import { articlesAbout } from '../content/article/articles-about-topic.ts';
import { encodeId } from '../content/ids.ts';
import { topicBySlug, topicChildrenLoader, topicList, topicLoader, topics } from '../content/topic/topic-lists.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';
import { ArticleConnection, pageArguments, TopicConnection } from './relay/connection.ts';
import { Node } from './relay/node.ts';
import { selectionOf } from './selection.ts';

builder.objectType('Topic', {
  description: 'A subject of articles.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, and unique across all types.', resolve: ({ id }) => encodeId('Topic', id) }),
    slug: t.exposeString('slug', { description: 'The name used in URLs and by `Query.topic`.' }),
    name: t.exposeString('name', { description: 'The name shown to readers.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What the topic covers, in a sentence or two.',
    }),
    // Not a relation of plugin-prisma: it would plan all levels that a document nests as one query, whose cost grows with the
    // square of the levels (20 take 60 ms, 50 take 260 ms, 100 fail).
    parent: t.field({
      type: 'Topic',
      nullable: true,
      description: 'The wider topic that this one is part of.',
      // No check of the viewer: a topic above a public one is public.
      resolve: ({ parentId }, _, context) => (parentId === null ? null : topicLoader(context).load(parentId)),
    }),
    children: t.field({
      type: ['Topic'],
      description:
        'The narrower topics right below this one, by name: those with a published article about them or below them; for ' +
        'staff all.',
      // No argument sets their number, and a page about a topic shows a few.
      extensions: declare({ dependsOnViewer: 'STAFF', entries: 20 }),
      resolve: ({ id }, _, context) => topicChildrenLoader(context).load(id),
    }),
    articles: t.field({
      type: ArticleConnection,
      description: 'Published articles about the topic, newest first.',
      args: pageArguments,
      resolve(topic, args, context, info) {
        const connection = selectionOf(info);
        return articles.page(context, articlesAbout(topic, connection.node), args, {
          connection,
          read: topic.articles,
        });
      },
    }),
    articleCount: t.exposeInt('articleCount', { description: 'The number of published articles about the topic.' }),
  }),
});

builder.queryFields((t) => ({
  topic: t.field({
    type: 'Topic',
    nullable: true,
    description:
      'Finds a topic by its slug, or by one it had before. Staff find topics without published articles too.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: { slug: t.arg.string({ required: true, description: 'The value of `Topic.slug`.' }) },
    resolve: (_, { slug }, context, info) => topicBySlug(context, slug, selectionOf(info)),
  }),
  topics: t.field({
    type: TopicConnection,
    description:
      'Topics with a published article about them or about a topic below them, by name. Staff get all topics.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: pageArguments,
    resolve(_, args, context, info) {
      const connection = selectionOf(info);
      return topics.page(context, topicList(context, connection.node), args, { connection });
    },
  }),
}));
