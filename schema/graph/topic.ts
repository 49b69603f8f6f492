import { articles } from '../content/article/article-reader.ts';
import { articlesAbout } from '../content/article/articles-about-topic.ts';
import { encodeId } from '../content/ids.ts';
import { topicBySlug, topicList, topicLoader, topics } from '../content/topic/topic-lists.ts';
import { builder } from './builder.ts';
import { ArticleConnection, pageArguments, TopicConnection } from './relay/connection.ts';
import { Node } from './relay/node.ts';
import { selectionOf } from './selection.ts';

builder.prismaObject('Topic', {
  description: 'What articles are about.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, and unique across all types.', resolve: ({ id }) => encodeId('Topic', id) }),
    slug: t.exposeString('slug', { description: 'Name in addresses, for `Query.topic`.' }),
    name: t.exposeString('name', { description: 'The name shown to readers.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'What belongs here, in a sentence or two.',
    }),
    parent: t.field({
      type: 'Topic',
      nullable: true,
      description: 'The wider topic that this one is part of.',
      resolve: ({ parentId }, _, context) => (parentId === null ? null : topicLoader(context).load(parentId)),
    }),
    articles: t.field({
      type: ArticleConnection,
      description: 'What was published about it, newest first.',
      args: pageArguments,
      resolve: (topic, args, context, info) =>
        articles.page(context, articlesAbout(topic, selectionOf(info).node), args),
    }),
    articleCount: t.exposeInt('articleCount', { description: 'Published articles about it.' }),
  }),
});

builder.queryFields((t) => ({
  topic: t.field({
    type: 'Topic',
    nullable: true,
    description: 'One topic by slug.',
    args: { slug: t.arg.string({ required: true, description: 'As `Topic.slug` gave it.' }) },
    resolve: (_, { slug }, context) => topicBySlug(context, slug),
  }),
  topics: t.field({
    type: TopicConnection,
    description: 'Every topic, by name.',
    args: pageArguments,
    resolve: (_, args, context) => topics.page(context, topicList, args),
  }),
}));
