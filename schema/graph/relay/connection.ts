import { type Connection, DEFAULT_PAGE, MAX_PAGE, type ReadPage } from '../../content/list/paging.ts';
import type { RowTypes } from '../../content/row-types.ts';
import { builder } from '../builder.ts';
import { declare } from '../field-declarations.ts';

/** The arguments of every connection. */
export const pageArguments = builder.args((t) => ({
  first: t.int({
    description: `The number of rows from the beginning, or after \`after\`; ${DEFAULT_PAGE} by default, at most ${MAX_PAGE}.`,
  }),
  after: t.string({ description: 'Only rows after this cursor.' }),
  last: t.int({
    description: `The number of rows from the end, or before \`before\`; at most ${MAX_PAGE}. Not together with \`first\`.`,
  }),
  before: t.string({ description: 'Only rows before this cursor.' }),
}));

export const PageInfo = builder.objectRef<ReadPage<unknown>>('PageInfo').implement({
  description: 'The position of a page in its list.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', {
      description: 'Whether rows follow. They are read with `after: endCursor`.',
    }),
    hasPreviousPage: t.exposeBoolean('hasPreviousPage', {
      description: 'Whether rows precede. They are read with `before: startCursor`.',
    }),
    startCursor: t.string({
      description: 'The cursor of the first row; null for an empty page.',
      nullable: true,
      resolve: (page) => edgeCursor(page, 0),
    }),
    endCursor: t.string({
      description: 'The cursor of the last row; null for an empty page.',
      nullable: true,
      resolve: (page) => edgeCursor(page, page.nodes.length - 1),
    }),
  }),
});

function edgeCursor(page: ReadPage<unknown>, index: number): string | null {
  return page.nodes.length > 0 ? page.cursor(page.nodes[index]) : null;
}

/** A row that its page has read, and whose cost is the page's. */
export const SHOWN_ROW = declare({ cost: 0.1 });

interface Edge<Row> {
  node: Row;
  page: Connection<Row>;
}

/** Points of a number that is stored, or of few rows. */
const COUNT = 5;
/** Articles that meet conditions are counted one by one. */
const COUNT_OF_ARTICLES = 25;

/**
 * The connection and edge types of a type, as the Relay specification has them, with `nodes` and `totalCount` besides.
 * Pothos knows the rows of a type's name only where the name is a literal: hence the casts, of rows that RowTypes has under
 * that very name.
 */
function connection<Name extends keyof RowTypes>(name: Name, plural: string, countCost = COUNT) {
  type Row = RowTypes[Name];
  const EdgeType = builder.objectRef<Edge<Row>>(`${name}Edge`).implement({
    description: `A row of a page of ${plural}, with its cursor.`,
    fields: (t) => ({
      node: t.field({
        type: name,
        description: 'The row.',
        extensions: SHOWN_ROW,
        resolve: (edge) => edge.node as never,
      }),
      cursor: t.string({
        description: 'The position of the row in the list, for `after` and `before`.',
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
        description: 'The rows without cursors.',
        resolve: (page) => page.nodes as never,
      }),
      pageInfo: t.field({
        type: PageInfo,
        description: 'The position of the page in the list.',
        resolve: (page) => page,
      }),
      totalCount: t.int({
        description: 'The number of rows in the whole list.',
        extensions: declare({ cost: countCost }),
        resolve: (page) => page.totalCount(),
      }),
    }),
  });
}

export const ArticleConnection = connection('Article', 'articles', COUNT_OF_ARTICLES);
export const ArticleRevisionConnection = connection('ArticleRevision', 'revisions');
export const AuthorConnection = connection('Author', 'authors');
export const TopicConnection = connection('Topic', 'topics');
export const CommentConnection = connection('Comment', 'comments');
