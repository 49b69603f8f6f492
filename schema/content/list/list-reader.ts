import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import { BadUserInputError } from '../errors.ts';
import type { Keyset } from './cursor.ts';
import { countLists, type ListCall, type ListQuery, readLists } from './list-sql.ts';
import { type Connection, createConnection, type PageArguments, parsePageArguments } from './paging.ts';

/** One list of the graph: all that decides its rows and their order. */
export interface List<Row> {
  /** With its parent, filter and order, such as `Article:12.comments NEWEST`: a cursor fits this list alone. */
  name: string;
  query: ListQuery;
  keys: ListCall['keys'];
  keyset(row: Row): Keyset;
  /** Rows in the whole list, where a column holds it; otherwise they are counted when asked for. */
  total?: number;
}

/** Reads one kind of row, batched: what is asked for in one tick is one statement. */
export interface ListReader<Row> {
  /** @throws BAD_USER_INPUT when the arguments are no page of this list */
  page(context: Context, list: List<Row>, args: PageArguments): Promise<Connection<Row>>;
  /** Rows in the whole list of a query. */
  count(context: Context, query: ListQuery, keys: ListCall['keys']): Promise<number>;
  /** The first row of a query, or null. */
  one(context: Context, query: ListQuery, keys: ListCall['keys']): Promise<Row | null>;
  /** The first rows of a query, at most `size`. */
  first(context: Context, call: Omit<ListCall, 'page'>, size: number): Promise<Row[]>;
}

/** @param revive turns the JSON of a row into the row, in place */
export function createListReader<Row>(revive: (row: Row) => Row): ListReader<Row> {
  const slices = contextLoader(
    async (calls: readonly ListCall[], context) => {
      const read = await readLists<Row>(context.db, calls);
      for (const { rows } of read) rows.forEach(revive);
      countRows(
        context,
        read.reduce((sum, { rows }) => sum + rows.length, 0),
      );
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

  const count: ListReader<Row>['count'] = (context, query, keys) => counts(context).load({ query, keys });

  return {
    count,
    first,
    async page(context, list, args) {
      const paged = { name: list.name, types: list.query.order.map(({ type }) => type) };
      const page = parsePageArguments(args, paged);
      const { query, keys, keyset: place, total } = list;
      const slice = await slices(context).load({ query, keys, page });
      const totalCount = () => total ?? count(context, query, keys);
      return createConnection({ list: paged, page, slice, keyset: place, totalCount });
    },
    async one(context, query, keys) {
      const [row] = await first(context, { query, keys }, 1);
      return row ?? null;
    },
  };
}

/** Most rows that one operation may read: lists within lists multiply, and what nobody can use is not worth its memory. */
const MAX_ROWS = 50_000;
const spent = new WeakMap<Context, number>();

function countRows(context: Context, rows: number): void {
  const sum = (spent.get(context) ?? 0) + rows;
  spent.set(context, sum);
  if (sum > MAX_ROWS)
    throw new BadUserInputError(
      `This operation reads more than ${MAX_ROWS} rows; ask for smaller pages, or for fewer within each other.`,
    );
}

/** Makes each list query once: the same object stands for the same SQL, so that pages of it are read together. */
export function memoizedQuery<Choices extends readonly string[]>(
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
