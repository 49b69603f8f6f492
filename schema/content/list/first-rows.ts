import type { Selection } from '../selection.ts';
import { DEFAULT_PAGE, type Page, type PageArguments, type Slice } from './paging.ts';
import { type Column, type RowSql, rowsColumn } from './row-sql.ts';

// The first page of a list is read with the row that the list belongs to, by one statement for both: a statement less, and
// no promise for each row.

/** The first rows of a list that were read with the row that it belongs to. */
export interface FirstRows<Row> {
  /** Undefined for a list that has one order. */
  order: string | undefined;
  size: number;
  /** One more than `size` where there are more, if that was asked for. */
  rows: Row[];
}

interface FirstRowsOptions<Order extends string | undefined> {
  /** The field of the list. */
  field: string;
  /** Most rows that are read with the row. */
  most: number;
  /** Undefined for a list that has one order. */
  defaultOrder?: Order;
  defaultSize?: number;
  /** SQL of a condition that holds unless the list is empty: then it is not looked for. */
  unlessEmpty?: string;
  /** SQL: the rest of the SELECT of the list's rows, in an order. */
  from(order: Order): string;
  /** The fields that rows have of what is selected of the list. */
  row(list: Selection): RowSql;
}

/** A column with the first page of a list; null where no such page is selected, or one that is too large. */
export function firstRowsColumn<Order extends string | undefined = undefined>(
  selection: Selection,
  { field, most, defaultOrder, defaultSize = DEFAULT_PAGE, unlessEmpty, from, row }: FirstRowsOptions<Order>,
): Column | null {
  const page = selection.firstPage(field);
  const { size, order } = { size: page?.size ?? defaultSize, order: (page?.order ?? defaultOrder) as Order };
  if (!page || !(size >= 0 && size <= most)) return null;
  const list = selection.at(field);
  const column = rowsColumn(row(list), `${from(order)} LIMIT ${size + rowsToLookAhead(list)}`);
  const sql = unlessEmpty ? `CASE WHEN ${unlessEmpty} THEN ${column.sql} ELSE '[]' END` : column.sql;
  return { sql, read: (value, parent) => ({ order, size, rows: column.read(value, parent) }) };
}

/** Whether rows follow a page is known by one row more than it has. @returns rows to read beside those of the page */
export function rowsToLookAhead(list: Selection): 0 | 1 {
  return list.has('pageInfo') ? 1 : 0;
}

/** The page of the rows that were read, if the arguments ask for just that. */
export function pageOfFirstRows<Row>(
  read: FirstRows<Row> | undefined,
  { first, after, last, before }: PageArguments,
): { page: Page; slice: Slice<Row> } | null {
  if (!read || read.size !== (first ?? DEFAULT_PAGE)) return null;
  if (after != null || last != null || before != null) return null;
  return {
    page: { size: read.size, backward: false, from: null, until: null },
    slice: { rows: read.rows, behind: false, ahead: false },
  };
}
