import { type HitNode, type SearchHit as SearchHitRow, type SearchPage, search } from '../content/search/search.ts';
import { builder } from './builder.ts';
import { declare } from './field-declarations.ts';
import { PageInfo, SHOWN_ROW } from './relay/connection.ts';
import { selectionOf } from './selection.ts';

const SearchHit = builder.unionType('SearchHit', {
  description: 'An object that a search can find.',
  types: ['Article', 'Author', 'Topic', 'Comment'],
  resolveType: (row) => (row as HitNode).nodeType,
});

const SearchEdge = builder.objectRef<{ hit: SearchHitRow; page: SearchPage }>('SearchEdge').implement({
  description: 'One search result.',
  fields: (t) => ({
    node: t.field({
      type: SearchHit,
      description: 'The object that was found.',
      extensions: SHOWN_ROW,
      resolve: ({ hit }) => hit.node,
    }),
    cursor: t.string({
      description: 'The position of the result in the list, for `after`.',
      resolve: ({ hit, page }) => page.cursor(hit),
    }),
    headline: t.string({
      description: 'A passage with the matches, as safe HTML with the matched words in `<mark>`.',
      // Made of the whole text of the hit.
      extensions: declare({ cost: 2 }),
      resolve: ({ hit, page }) => page.headline(hit),
    }),
  }),
});

const SearchConnection = builder.objectRef<SearchPage>('SearchConnection').implement({
  description: 'A page of search results, best matches first.',
  fields: (t) => ({
    edges: t.field({
      type: [SearchEdge],
      description: 'The results with cursors and headlines.',
      resolve: (page) => page.nodes.map((hit) => ({ hit, page })),
    }),
    nodes: t.field({
      type: [SearchHit],
      description: 'The objects that were found, without cursors and headlines.',
      resolve: ({ nodes }) => nodes.map(({ node }) => node),
    }),
    pageInfo: t.field({
      type: PageInfo,
      description: 'The position of this page in the list.',
      resolve: (page) => page,
    }),
    totalCount: t.int({
      description: 'The number of all results.',
      extensions: declare({ cost: 100 }),
      resolve: (page) => page.totalCount(),
    }),
  }),
});

builder.queryField('search', (t) =>
  t.field({
    type: SearchConnection,
    description:
      'Searches articles, authors and topics, then visible comments, each best matches first. Staff find topics ' +
      'without published articles too. The query may have words, "whole phrases", -excluded words, prefixes* and OR. ' +
      'Case, accents and width do not matter. When nothing is found, similar words are searched for.',
    // All hits are ranked, however few are shown.
    extensions: declare({ dependsOnViewer: 'STAFF', cost: 250 }),
    args: {
      query: t.arg.string({ required: true, description: 'The query as a person typed it, at most 500 characters.' }),
      first: t.arg.int({ description: 'Number of rows; 20 by default, at most 100.' }),
      after: t.arg.string({ description: 'Only rows after this cursor.' }),
    },
    resolve: (_, args, context, info) => search(context, args, selectionOf(info)),
  }),
);
