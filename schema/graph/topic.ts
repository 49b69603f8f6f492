import { articles } from '../content/article/article-reader.ts';
import { articlesAbout } from '../content/article/articles-about-topic.ts';
import { encodeId } from '../content/ids.ts';
import { topicBySlug, topicList, topics } from '../content/topic/topic-lists.ts';
import { builder } from './builder.ts';
import { ArticleConnection, pageArguments, TopicConnection } from './relay/connection.ts';
import { Node } from './relay/node.ts';
import { selectionOf } from './selection.ts';

builder.prismaObject('Topic', {
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
    parent: t.relation('parent', {
      nullable: true,
      description: 'The wider topic that this one is part of.',
      // For rows of lists, which have the parent's id: without this, Prisma would read the topic again to find it.
      resolve: (query, { parentId }, _, { db }) =>
        parentId === null ? null : db.prisma.topic.findUnique({ ...query, where: { id: parentId } }),
    }),
    articles: t.field({
      type: ArticleConnection,
      description: 'Published articles about the topic, newest first.',
      args: pageArguments,
      resolve: (topic, args, context, info) =>
        articles.page(context, articlesAbout(topic, selectionOf(info).node), args),
    }),
    articleCount: t.exposeInt('articleCount', { description: 'The number of published articles about the topic.' }),
  }),
});

builder.queryFields((t) => ({
  topic: t.field({
    type: 'Topic',
    nullable: true,
    description: 'Finds a topic by slug.',
    args: { slug: t.arg.string({ required: true, description: 'The value of `Topic.slug`.' }) },
    resolve: (_, { slug }, context) => topicBySlug(context, slug),
  }),
  topics: t.field({
    type: TopicConnection,
    description: 'All topics, by name.',
    args: pageArguments,
    resolve: (_, args, context) => topics.page(context, topicList, args),
  }),
}));
