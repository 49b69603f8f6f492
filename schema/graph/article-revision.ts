import type { Prisma } from '../../prisma/client/client.ts';
import { articleRevisions } from '../content/article/article-revisions.ts';
import type { ArticleRevisionRow } from '../content/row-types.ts';
import { markdownOfSource } from '../content/text/rich-text.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';
import { ArticleRevisionConnection } from './relay/connection.ts';
import { selectedRows } from './selected-rows.ts';

// Each field names what it needs of the revision, so that only what is selected is read.
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
      extensions: declare({ cost: 40 }),
      select: { bodySource: true, bodyFormat: true },
      resolve: ({ bodySource, bodyFormat }, _arguments, context) => markdownOfSource(bodySource, bodyFormat, context),
    }),
  }),
});

const revisions = selectedRows(
  { typeName: 'ArticleRevision', paths: [['nodes'], ['edges', 'node']] },
  (keys: readonly ArticleRevisionRow[], select: Prisma.ArticleRevisionSelect, { db }) => {
    const versions = new Map(keys.map(({ articleId }): [number, number[]] => [articleId, []]));
    for (const { articleId, version } of keys) versions.get(articleId)!.push(version);
    const OR = [...versions].map(([articleId, ofArticle]) => ({ articleId, version: { in: ofArticle } }));
    return db.prisma.articleRevision.findMany({ where: { OR }, select });
  },
);

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
    async resolve(article, page, context, info) {
      const keys = await articleRevisions(context, article, page);
      if (!keys) return null;
      const nodes = await Promise.all(keys.nodes.map((key) => revisions(context).load({ key, info })));
      return { ...keys, nodes };
    },
  }),
);
