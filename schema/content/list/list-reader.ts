import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import { ANYTHING } from '../dependencies.ts';
import type { Selection } from '../selection.ts';
import { countLists } from './count-lists.ts';
import type { Keyset } from './cursor.ts';
import { type FirstRows, pageOfFirstRows, rowsToLookAhead } from './first-rows.ts';
import type { KeyValues, ListCall, ListQuery, PageCall } from './list-query.ts';
import { type Connection, createConnection, type PageArguments, parsePageArguments } from './paging.ts';
import { readPages } from './read-pages.ts';

/** A list that can be paged. */
export interface List<Row> extends ListCall {
  /** States everything that decides rows and order, such as `Article:12.comments NEWEST`: a cursor is valid in this list alone. */
  name: string;
  keyset(row: Row): Keyset;
  /** The order, where the list has several, to tell its first rows from those in another order. */
  order?: string;
  /** Rows in the whole list, if a column holds the number; otherwise they are counted on demand. */
  total?: number | undefined;
}

/** Lets `page` read less: rows that its caller has read, and the fields that it needs. */
interface KnownOfPage<Row> {
  /** The first rows of the list, if some were read with the row that it belongs to. */
  read?: FirstRows<Row> | undefined;
  /** The fields that the caller needs of the connection; all when it is not given. */
  connection?: Selection;
}

/** Reads one kind of row, batched: what is loaded in one tick is one statement. */
export interface ListReader<Row> {
  /** @throws BadUserInputError when the arguments are not valid for this list */
  page(
    context: Context,
    list: List<Row>,
    args: PageArguments,
    known?: KnownOfPage<Row>,
  ): Connection<Row> | Promise<Connection<Row>>;
  /** Rows in the whole list of a query. */
  count(context: Context, query: ListQuery, keys: KeyValues): Promise<number>;
  /** The first row of a query, or null. */
  one(context: Context, query: ListQuery, keys: KeyValues): Promise<Row | null>;
  /** The first rows of a query, at most `size`. */
  first(context: Context, call: ListCall, size: number): Promise<Row[]>;
}

/** @param articlesOf the articles whose changes concern a row; not given for rows that depend on CONTENT alone */
export function createListReader<Row>(articlesOf?: (row: Row) => readonly number[]): ListReader<Row> {
  const slices = contextLoader(
    async (calls: readonly PageCall[], context) => {
      const read = await readPages<Row>(context.db, calls);
      const { dependencies } = context;
      if (articlesOf && dependencies)
        for (const { rows } of read)
          for (const row of rows) for (const article of articlesOf(row)) dependencies.subjects.add(article);
      return read;
    },
    { cached: false },
  );
  const counts = contextLoader((calls: readonly ListCall[], { db }) => countLists(db, calls), { cached: false });

  async function first(context: Context, call: ListCall, size: number): Promise<Row[]> {
    if (size === 0) return [];
    const page = { size, backward: false, from: null, until: null };
    const { rows } = await slices(context).load({ query: call.query, keys: call.keys, page, looksAround: false });
    return rows;
  }

  const count: ListReader<Row>['count'] = (context, query, keys) => counts(context).load({ query, keys });

  return {
    count,
    first,
    page(context, { name, query, keys, keyset, order, total }, args, { connection, read } = {}) {
      const totalCount = () => total ?? count(context, query, keys);
      const first = read?.order === order ? pageOfFirstRows(read, args) : null;
      if (first) return createConnection({ name, page: first.page, slice: first.slice, keyset, totalCount });
      const page = parsePageArguments(args, { name, types: query.order.map(({ type }) => type) });
      const looksAround = connection === undefined || rowsToLookAhead(connection) > 0;
      return slices(context)
        .load({ query, keys, page, looksAround })
        .then((slice) => createConnection({ name, page, slice, keyset, totalCount }));
    },
    async one(context, query, keys) {
      const [row] = await first(context, { query, keys }, 1);
      // It may come by a change of any article.
      if (!row && articlesOf) context.dependencies?.subjects.add(ANYTHING);
      return row ?? null;
    },
  };
}
