import { articles } from '../content/article/article-reader.ts';
import { articlesBy } from '../content/article/articles-by-author.ts';
import { bioOf } from '../content/author/author-bio.ts';
import { authorBySlug, authorLoader, authors, writers } from '../content/author/author-lists.ts';
import { encodeId } from '../content/ids.ts';
import { shownAddress } from '../content/picture/picture-address.ts';
import { builder } from './builder.ts';
import { columnsOf } from './columns.ts';
import { AuthorKind } from './enums.ts';
import { ArticleConnection, AuthorConnection, pageArguments } from './relay/connection.ts';
import { Node } from './relay/node.ts';
import { RichText } from './rich-text.ts';
import { selectionOf } from './selection.ts';

const column = columnsOf(authorLoader);

builder.prismaObject('Author', {
  description: 'A person who has written an article or a comment.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, and unique across all types.', resolve: ({ id }) => encodeId('Author', id) }),
    slug: t.string({ description: 'The name used in URLs and by `Query.author`.', resolve: column('slug') }),
    name: t.exposeString('name', { description: 'The name shown to readers.' }),
    kind: t.field({ type: AuthorKind, description: 'Staff, member or guest.', resolve: column('kind') }),
    bio: t.field({
      type: RichText,
      nullable: true,
      description: 'A few lines that the author wrote about themselves.',
      resolve: (author, _, context) => bioOf(author, () => authorLoader(context).load(author.id)),
    }),
    avatarUrl: t.string({
      nullable: true,
      description: 'The URL of a square picture of the author.',
      resolve: column('avatarUrl', (url, { settings: { mediaUrl } }) => url && shownAddress(url, mediaUrl)),
    }),
    url: t.string({ nullable: true, description: "The URL of the author's own site.", resolve: column('url') }),
    articles: t.field({
      type: ArticleConnection,
      description: 'Published articles of the author, newest first.',
      args: pageArguments,
      resolve(author, args, context, info) {
        const connection = selectionOf(info);
        return articles.page(context, articlesBy(author, connection.node), args, { connection, read: author.articles });
      },
    }),
    articleCount: t.int({
      description: 'The number of published articles of the author.',
      resolve: column('articleCount'),
    }),
  }),
});

builder.queryFields((t) => ({
  author: t.field({
    type: 'Author',
    nullable: true,
    description: 'Finds an author by slug.',
    args: { slug: t.arg.string({ required: true, description: 'The value of `Author.slug`.' }) },
    resolve: (_, { slug }, context, info) => authorBySlug(context, slug, selectionOf(info)),
  }),
  authors: t.field({
    type: AuthorConnection,
    description: 'Authors who have published an article, by name.',
    args: pageArguments,
    resolve(_, args, context, info) {
      const connection = selectionOf(info);
      return authors.page(context, writers(connection.node), args, { connection });
    },
  }),
}));
