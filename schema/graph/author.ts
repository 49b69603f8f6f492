import { articles } from '../content/article/article-reader.ts';
import { articlesBy } from '../content/article/articles-by-author.ts';
import { authorBySlug, authorLoader, authors, writers } from '../content/author/author-lists.ts';
import type { Context } from '../content/context.ts';
import { encodeId } from '../content/ids.ts';
import type { AuthorRow } from '../content/row-types.ts';
import { builder } from './builder.ts';
import { AuthorKind } from './enums.ts';
import { ArticleConnection, AuthorConnection, pageArguments } from './relay/connection.ts';
import { Node } from './relay/node.ts';
import { RichText, type RichTextRow } from './rich-text.ts';
import { selectionOf } from './selection.ts';

function bioOf(author: AuthorRow, context: Context): RichTextRow {
  return {
    source: author.bioSource,
    format: author.bioFormat,
    html: author.bioHtml,
    text: author.bioText,
    everything: async () => bioOf(await authorLoader(context).load(author.id), context),
  };
}

builder.prismaObject('Author', {
  description: 'Anyone who wrote an article or a comment.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.id({ description: 'Opaque, and unique across all types.', resolve: ({ id }) => encodeId('Author', id) }),
    slug: t.exposeString('slug', { description: 'Name in addresses, for `Query.author`.' }),
    name: t.exposeString('name', { description: 'The name shown to readers.' }),
    kind: t.field({ type: AuthorKind, description: 'Staff, member or guest.', resolve: ({ kind }) => kind }),
    bio: t.field({
      type: RichText,
      nullable: true,
      description: 'Some lines about themselves.',
      async resolve(author: AuthorRow, _, context) {
        // Null is an answer, that there are none; undefined is a column that was left out.
        const isKnown = [author.bioHtml, author.bioText, author.bioSource].some((text) => text !== undefined);
        const row = isKnown ? author : await authorLoader(context).load(author.id);
        return (row.bioHtml ?? row.bioText ?? row.bioSource) == null ? null : bioOf(row, context);
      },
    }),
    avatarUrl: t.exposeString('avatarUrl', { nullable: true, description: 'A square picture of them.' }),
    url: t.exposeString('url', { nullable: true, description: 'Their own page elsewhere.' }),
    articles: t.field({
      type: ArticleConnection,
      description: 'What they have published, newest first.',
      args: pageArguments,
      resolve: (author, args, context, info) =>
        articles.page(context, articlesBy(author, selectionOf(info).node), args),
    }),
    articleCount: t.exposeInt('articleCount', { description: 'Articles they have published.' }),
  }),
});

builder.queryFields((t) => ({
  author: t.field({
    type: 'Author',
    nullable: true,
    description: 'One author by slug.',
    args: { slug: t.arg.string({ required: true, description: 'As `Author.slug` gave it.' }) },
    resolve: (_, { slug }, context, info) => authorBySlug(context, slug, selectionOf(info)),
  }),
  authors: t.field({
    type: AuthorConnection,
    description: 'Those with a published article, by name.',
    args: pageArguments,
    resolve: (_, args, context, info) => authors.page(context, writers(selectionOf(info).node), args),
  }),
}));
