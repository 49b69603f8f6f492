import { articleRevisions } from '../content/article/article-revisions.ts';
import { toMarkdown } from '../content/text/markdown.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';
import { ArticleRevisionConnection } from './relay/connection.ts';

// Pages of revisions are pages of their keys, which the list reader cuts for any number of articles at once; Prisma reads
// what the query asks of each revision.
builder.prismaObject('ArticleRevision', {
  description: 'An article as one save left it.',
  select: { articleId: true, version: true },
  fields: (t) => ({
    version: t.int({ description: 'The version that this save created.', resolve: ({ version }) => version }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was saved.' }),
    editor: t.relation('editor', {
      nullable: true,
      description: 'The person who saved it; null where no editor is recorded, as for imported articles.',
    }),
    title: t.exposeString('title', { description: 'The title of this version.' }),
    slug: t.exposeString('slug', { description: 'The slug of this version.' }),
    excerpt: t.exposeString('excerpt', { description: 'The excerpt of this version.' }),
    markdown: t.string({
      description: 'The text of this version, as Markdown.',
      select: { bodySource: true, bodyFormat: true },
      resolve: ({ bodySource, bodyFormat }) => toMarkdown(bodySource, bodyFormat),
    }),
  }),
});

builder.objectField('Article', 'revisions', (t) =>
  t.field({
    type: ArticleRevisionConnection,
    nullable: true,
    description: 'The versions of the article, newest first, for viewers who may edit it. Null for everyone else.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: {
      first: t.arg.int({ description: 'Number of rows; 20 by default, at most 100.' }),
      after: t.arg.string({ description: 'Only rows after this cursor.' }),
    },
    resolve: (article, page, context) => articleRevisions(context, article, page),
  }),
);
