import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import { ANYTHING } from '../dependencies.ts';
import { countLists } from './count-lists.ts';
import type { Keyset } from './cursor.ts';
import type { KeyValues, ListCall, ListQuery, PageCall } from './list-query.ts';
import { type Connection, createConnection, type PageArguments, parsePageArguments } from './paging.ts';
import { readPages } from './read-pages.ts';

/** A list that can be paged. */
export interface List<Row> extends ListCall {
  /** States everything that decides rows and order, such as `Article:12.comments NEWEST`: a cursor is valid in this list alone. */
  name: string;
  keyset(row: Row): Keyset;
  /** Rows in the whole list, if a column holds the number; otherwise they are counted on demand. */
  total?: number | undefined;
}

/** Reads one kind of row, batched: what is loaded in one tick is one statement. */
export interface ListReader<Row> {
  /** @throws BadUserInputError when the arguments are not valid for this list */
  page(context: Context, list: List<Row>, args: PageArguments): Promise<Connection<Row>>;
  /** Rows in the whole list of a query. */
  count(context: Context, query: ListQuery, keys: KeyValues): Promise<number>;
  /** The first row of a query, or null. */
  one(context: Context, query: ListQuery, keys: KeyValues): Promise<Row | null>;
  /** The first rows of a query, at most `size`. */
  first(context: Context, call: ListCall, size: number): Promise<Row[]>;
}

/**
 * @param revive turns the JSON of a row into the row, in place
 * @param articleOf the article whose changes concern the row; none for rows that depend on CONTENT alone
 */
export function createListReader<Row>(revive: (row: Row) => Row, articleOf?: (row: Row) => number): ListReader<Row> {
  const slices = contextLoader(
    async (calls: readonly PageCall[], context) => {
      const read = await readPages<Row>(context.db, calls);
      for (const { rows } of read) rows.forEach(revive);
      const { dependencies } = context;
      if (articleOf && dependencies)
        for (const { rows } of read) for (const row of rows) dependencies.subjects.add(articleOf(row));
      return read;
    },
    { cached: false },
  );
  const counts = contextLoader((calls: readonly ListCall[], { db }) => countLists(db, calls), { cached: false });

  async function first(context: Context, call: ListCall, size: number): Promise<Row[]> {
    if (size === 0) return [];
    const page = { size: size - 1, backward: false, from: null, until: null };
    const { rows } = await slices(context).load({ ...call, page });
    return rows;
  }

  const count: ListReader<Row>['count'] = (context, query, keys) => counts(context).load({ query, keys });

  return {
    count,
    first,
    async page(context, { name, query, keys, keyset, total }, args) {
      const paged = { name, types: query.order.map(({ type }) => type) };
      const page = parsePageArguments(args, paged);
      const slice = await slices(context).load({ query, keys, page });
      const totalCount = () => total ?? count(context, query, keys);
      return createConnection({ list: paged, page, slice, keyset, totalCount });
    },
    async one(context, query, keys) {
      const [row] = await first(context, { query, keys }, 1);
      // It may come by a change of any article.
      if (!row && articleOf) context.dependencies?.subjects.add(ANYTHING);
      return row ?? null;
    },
  };
}
