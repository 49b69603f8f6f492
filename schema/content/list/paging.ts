import { BadUserInputError } from '../errors.ts';
import { createCursorEncoder, decodeCursor, type Keyset, type KeysetType } from './cursor.ts';

/** Rows of a page when the query gives no number. */
export const DEFAULT_PAGE = 20;
/** Rows of one page: more than a person looks at, and few enough for the statement of a whole batch. */
export const MAX_PAGE = 100;

/** The arguments of every connection, as the Relay specification has them. */
export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/** The list that a cursor belongs to. A cursor of another list is refused. */
interface PagedList {
  /** States everything that decides rows and order, such as `Article:12.comments NEWEST`. */
  name: string;
  /** The types of the columns that order it. */
  types: readonly KeysetType[];
}

/** A requested page. Reading starts after `from` and ends before `until`; backward, these are `before` and `after`. */
export interface Page {
  size: number;
  backward: boolean;
  from: Keyset | null;
  until: Keyset | null;
}

/**
 * The result of a page's statement: the rows in reading direction, one more than `size` where there are more, and whether there are
 * rows outside. Where that was not asked for, there are only the page's rows.
 */
export interface Slice<Row> {
  rows: Row[];
  /** Rows exist at or beyond `from`, against the reading direction. */
  behind: boolean;
  /** Rows exist at or beyond `until`, in the reading direction. */
  ahead: boolean;
}

/** @throws BadUserInputError unless the size is a whole number from 0 to MAX_PAGE */
export function pageSize(name: string, value: number | null | undefined, otherwise = DEFAULT_PAGE): number {
  if (value === null || value === undefined) return otherwise;
  if (!Number.isInteger(value) || value < 0 || value > MAX_PAGE)
    throw new BadUserInputError(`\`${name}\` must be a whole number from 0 to ${MAX_PAGE}, not ${value}.`);
  return value;
}

/** @throws BadUserInputError for sizes out of range, `first` together with `last`, and cursors that are not valid in the list */
export function parsePageArguments({ first, after, last, before }: PageArguments, list: PagedList): Page {
  if (first != null && last != null)
    throw new BadUserInputError('Give `first` or `last`, not both: they page in opposite directions.');
  const backward = last != null;
  const size = backward ? pageSize('last', last) : pageSize('first', first);
  const start = after == null ? null : decodeCursor(list.name, list.types, after);
  const end = before == null ? null : decodeCursor(list.name, list.types, before);
  return { size, backward, from: backward ? end : start, until: backward ? start : end };
}

/** A page that was read: nodes in the list's order. Cursors are made when they are asked for. */
export interface ReadPage<Row> {
  nodes: Row[];
  cursor(row: Row): string;
  hasNextPage: boolean;
  hasPreviousPage: boolean;
}

/** The same of a list that can be counted. */
export interface Connection<Row> extends ReadPage<Row> {
  totalCount(): Promise<number> | number;
}

interface ConnectionParts<Row> {
  /** Of the list. */
  name: string;
  page: Page;
  slice: Slice<Row>;
  keyset(row: Row): Keyset;
  totalCount(): Promise<number> | number;
}

export function createConnection<Row>({
  name,
  page,
  slice,
  keyset,
  totalCount,
}: ConnectionParts<Row>): Connection<Row> {
  const more = slice.rows.length > page.size || slice.ahead;
  const nodes = slice.rows.slice(0, page.size);
  let cursor: ReturnType<typeof createCursorEncoder> | undefined;
  if (page.backward) nodes.reverse();
  return {
    nodes,
    cursor(row) {
      cursor ??= createCursorEncoder(name);
      return cursor(keyset(row));
    },
    hasNextPage: page.backward ? slice.behind : more,
    hasPreviousPage: page.backward ? more : slice.behind,
    totalCount,
  };
}
