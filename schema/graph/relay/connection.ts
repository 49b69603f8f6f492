import { type Connection, DEFAULT_PAGE, MAX_PAGE, type ReadPage } from '../../content/list/paging.ts';
import type { RowTypes } from '../../content/row-types.ts';
import { builder } from '../builder.ts';

/** The arguments of every connection. */
export const pageArguments = builder.args((t) => ({
  first: t.int({ description: `Rows of a page, read forward; ${DEFAULT_PAGE} unless said, at most ${MAX_PAGE}.` }),
  after: t.string({ description: 'Rows that follow this cursor.' }),
  last: t.int({ description: `Rows of a page, read backward from the end or from \`before\`; at most ${MAX_PAGE}.` }),
  before: t.string({ description: 'Rows that stand before this cursor.' }),
}));

export const PageInfo = builder.objectRef<ReadPage<unknown>>('PageInfo').implement({
  description: 'Where a page stands in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether rows follow. They are read with `after: endCursor`.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether rows precede. They are read with `before: startCursor`.',
    }),
    startCursor: t.string({
      description: 'Cursor of the first row; null for an empty page.',
      nullable: true,
      resolve: (page) => edgeCursor(page, 0),
    }),
    endCursor: t.string({
      description: 'Cursor of the last row; null for an empty page.',
      nullable: true,
      resolve: (page) => edgeCursor(page, page.nodes.length - 1),
    }),
  }),
});

function edgeCursor(page: ReadPage<unknown>, index: number): string | null {
  return page.nodes.length > 0 ? page.cursor(page.nodes[index]) : null;
}

interface Edge<Row> {
  node: Row;
  page: Connection<Row>;
}

/** The connection and edge types of a type, as the Relay specification has them, with `nodes` and `totalCount` besides. */
function connection<Name extends keyof RowTypes>(name: Name, plural: string) {
  type Row = RowTypes[Name];
  const EdgeType = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `One row of a page of ${plural}.`,
    fields: (t) => ({
      node: t.field({ type: name, description: 'The row itself.', resolve: (edge) => edge.node as never }),
      cursor: t.string({
        description: 'Its place in this list, for `after` and `before`.',
        resolve: (edge) => edge.page.cursor(edge.node),
      }),
    }),
  });
  return builder.objectRef<Connection<Row>>(`${name}Connection`).implement({
    description: `A page of ${plural}.`,
    fields: (t) => ({
      edges: t.field({
        type: [EdgeType],
        description: 'The rows with their cursors.',
        resolve: (page) => page.nodes.map((node) => ({ node, page })),
      }),
      nodes: t.field({
        type: [name],
        description: 'The rows alone.',
        resolve: (page) => page.nodes as never,
      }),
      pageInfo: t.field({ type: PageInfo, description: 'Where this page stands.', resolve: (page) => page }),
      totalCount: t.int({ description: 'Rows in the whole list.', resolve: (page) => page.totalCount() }),
    }),
  });
}

export const ArticleConnection = connection('Article', 'articles');
export const ArticleRevisionConnection = connection('ArticleRevision', 'revisions');
export const AuthorConnection = connection('Author', 'authors');
export const TopicConnection = connection('Topic', 'topics');
export const CommentConnection = connection('Comment', 'comments');
