import type { KeysetType } from './cursor.ts';
import type { Page } from './paging.ts';
import type { RowSql } from './row-sql.ts';

/**
 * An ordered list as SQL, read for many parents in one statement. Its expressions may use the columns of the table `k`:
 * the values that differ from page to page, such as a parent's id or a filter's value.
 */
export interface ListQuery {
  /** Tables of the list, joined: `comment c`. */
  from: string;
  where: string;
  order: readonly { sql: string; type: KeysetType }[];
  descending: boolean;
  /**
   * A column that has one value in all rows and precedes the ordering columns in the index. PostgreSQL infers that from
   * `column = value`, but not from `column IS NULL`: without this it would read all rows and sort them.
   */
  constant?: string;
  row: RowSql;
  /** Columns of `k` with their SQL types. */
  keys: Readonly<Record<string, string>>;
  /** See `Statement`. */
  isSearch?: true;
}

/** The values of a query's keys, in their order. */
export type KeyValues = readonly (number | string | boolean | null)[];

/** A whole list: what a count needs. */
export interface ListCall {
  query: ListQuery;
  keys: KeyValues;
}

/** One page of a list. */
export interface PageCall extends ListCall {
  page: Page;
  /** Whether it must be known if rows are outside of the page. */
  looksAround: boolean;
}

/** Queries kept of one kind. Combinations of order, filter and selected columns are few in practice. */
const MAX_QUERIES = 500;

/** By the first choice, then by the next one; queries by the last one. */
type Queries = Map<string | RowSql, Queries | ListQuery>;

/** Builds each query once. Equal choices give the same object, so that their pages are read together. */
export function memoizedQuery<Choices extends readonly (string | RowSql)[]>(
  build: (...choices: Choices) => ListQuery,
): (...choices: Choices) => ListQuery {
  const queries: Queries = new Map();
  let count = 0;
  return (...choices) => {
    let found: Queries | ListQuery | undefined = queries;
    for (const choice of choices) found = (found as Queries | undefined)?.get(choice);
    if (found) return found as ListQuery;
    if (count === MAX_QUERIES) {
      queries.clear();
      count = 0;
    }
    const query = build(...choices);
    let level = queries;
    for (const choice of choices.slice(0, -1)) level = mapAt(level, choice);
    level.set(choices.at(-1)!, query);
    count += 1;
    return query;
  };
}

function mapAt(queries: Queries, choice: string | RowSql): Queries {
  const found = queries.get(choice) as Queries | undefined;
  if (found) return found;
  const added: Queries = new Map();
  queries.set(choice, added);
  return added;
}
