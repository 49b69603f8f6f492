import { articleEditVerdict } from '../content/article/article-rules.ts';
import { authorLoader } from '../content/author/author-lists.ts';
import { memoizedQuery } from '../content/list/list-query.ts';
import { createListReader, type List } from '../content/list/list-reader.ts';
import type { ArticleRevisionRow } from '../content/row-types.ts';
import type { Selection } from '../content/selection.ts';
import { toMarkdown } from '../content/text/render.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';
import { ArticleRevisionConnection } from './relay/connection.ts';
import { selectionOf } from './selection.ts';

const revisions = createListReader<ArticleRevisionRow>((row) => {
  row.at = new Date(row.at);
  return row;
});

const revisionsQuery = memoizedQuery((text: 'text' | '') => ({
  from: 'article_revision r',
  where: 'r.article_id = k.article',
  order: [{ sql: 'r.version', type: 'int' }],
  descending: true,
  row: `json_build_object('articleId', r.article_id, 'version', r.version, 'editorId', r.editor_id, 'at', r.at,
    'title', r.title, 'slug', r.slug, 'excerpt', r.excerpt
    ${text && ", 'bodySource', r.body_source, 'bodyFormat', r.body_format"})`,
  keys: { article: 'int' },
}));

function revisionsOf(articleId: number, selection: Selection): List<ArticleRevisionRow> {
  return {
    name: `Article:${articleId}.revisions`,
    query: revisionsQuery(selection.has('markdown') ? 'text' : ''),
    keys: [articleId],
    keyset: ({ version }) => [version],
  };
}

builder.objectType('ArticleRevision', {
  description: 'What an article said after one save.',
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'The version that this save made.' }),
    at: t.field({ type: 'DateTime', description: 'When it was saved.', resolve: ({ at }) => at }),
    editor: t.field({
      type: 'Author',
      nullable: true,
      description: 'Who saved it; null where that is not known, as of what was imported.',
      resolve: ({ editorId }, _, context) => (editorId === null ? null : authorLoader(context).load(editorId)),
    }),
    title: t.exposeString('title', { description: 'The headline then.' }),
    slug: t.exposeString('slug', { description: 'The name in addresses then.' }),
    excerpt: t.exposeString('excerpt', { description: 'The sentences for lists and previews then.' }),
    markdown: t.string({
      description: 'The text then, as Markdown.',
      resolve: ({ bodySource, bodyFormat }) => toMarkdown(bodySource ?? '', bodyFormat ?? 'MARKDOWN'),
    }),
  }),
});

builder.prismaObjectField('Article', 'revisions', (t) =>
  t.field({
    type: ArticleRevisionConnection,
    nullable: true,
    description: 'What it said after each save, newest first. For who may edit it; null for everyone else.',
    extensions: declare({ dependsOnViewer: 'STAFF' }),
    args: {
      first: t.arg.int({ description: 'Rows of a page; 20 unless said, at most 100.' }),
      after: t.arg.string({ description: 'Rows that follow this cursor.' }),
    },
    resolve(article, page, context, info) {
      if (articleEditVerdict(context.viewer, article) !== 'ALLOWED') return null;
      return revisions.page(context, revisionsOf(article.id, selectionOf(info).node), page);
    },
  }),
);
