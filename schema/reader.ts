import type { Context } from './context.ts';
import type { Place } from './cursor.ts';
import { countLists, type ListCall, type ListQuery, readLists } from './lists.ts';
import { contextLoader } from './loaders.ts';
import { type Connection, connectionOf, type PageArguments, readPage } from './paging.ts';

/** One list of the graph: all that decides its rows and their order. */
export interface List<Row> {
  /** With its parent, filter and order, such as `Article:12.comments NEWEST`: a cursor fits this list alone. */
  name: string;
  query: ListQuery;
  keys: ListCall['keys'];
  place(row: Row): Place;
  /** Rows in the whole list, where a column holds it; otherwise they are counted when asked for. */
  total?: number;
}

/** Reads one kind of row, batched: what is asked for in one tick is one statement. */
export interface Reader<Row> {
  /** @throws BAD_USER_INPUT when the arguments are no page of this list */
  page(context: Context, list: List<Row>, args: PageArguments): Promise<Connection<Row>>;
  /** The first row of a query, or null. */
  one(context: Context, query: ListQuery, keys: ListCall['keys']): Promise<Row | null>;
  /** The first rows of a query, at most `size`. */
  first(context: Context, call: Omit<ListCall, 'page'>, size: number): Promise<Row[]>;
}

/** @param revive turns the JSON of a row into the row, in place */
export function reader<Row>(revive: (row: Row) => Row): Reader<Row> {
  const slices = contextLoader(
    async (calls: readonly ListCall[], { db }) => {
      const read = await readLists<Row>(db, calls);
      for (const { rows } of read) rows.forEach(revive);
      return read;
    },
    { cached: false },
  );
  const counts = contextLoader((calls: readonly Omit<ListCall, 'page'>[], { db }) => countLists(db, calls), {
    cached: false,
  });

  async function first(context: Context, call: Omit<ListCall, 'page'>, size: number): Promise<Row[]> {
    if (size === 0) return [];
    const page = { size: size - 1, backward: false, from: null, until: null };
    const { rows } = await slices(context).load({ ...call, page });
    return rows;
  }

  return {
    first,
    async page(context, list, args) {
      const paged = { name: list.name, types: list.query.order.map(({ type }) => type) };
      const page = readPage(args, paged);
      const { query, keys, place, total } = list;
      const slice = await slices(context).load({ query, keys, page });
      const totalCount = () => total ?? counts(context).load({ query, keys });
      return connectionOf({ list: paged, page, slice, place, totalCount });
    },
    async one(context, query, keys) {
      const [row] = await first(context, { query, keys }, 1);
      return row ?? null;
    },
  };
}

/** Makes each list query once: the same object stands for the same SQL, so that pages of it are read together. */
export function rememberedQuery<Choices extends readonly string[]>(
  make: (...choices: Choices) => ListQuery,
): (...choices: Choices) => ListQuery {
  const made = new Map<string, ListQuery>();
  return (...choices) => {
    const key = choices.join('\n');
    let query = made.get(key);
    if (!query) {
      if (made.size >= MAX_REMEMBERED) made.clear();
      query = make(...choices);
      made.set(key, query);
    }
    return query;
  };
}

/** Most texts of a list that are kept: combinations of order, filter and asked-for columns are few; this only bounds them. */
const MAX_REMEMBERED = 500;
