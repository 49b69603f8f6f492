import { BadUserInputError } from '../errors.ts';
import { createCursorEncoder, decodeCursor, type Keyset, type KeysetType } from './cursor.ts';

/** Rows of a page when the query does not say. */
export const DEFAULT_PAGE = 20;
/** Most rows of one page: a page is something a person looks at, and what a batch's statement is sized for. */
export const MAX_PAGE = 100;

/** The arguments of every connection, as the Relay specification has them. */
export interface PageArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

/** An ordered list that can be paged: its name for cursors and the columns it is ordered by. */
export interface PagedList {
  /** Everything that decides rows and order, such as `Article:12.comments NEWEST`. */
  name: string;
  types: readonly KeysetType[];
}

/** A page asked for. Read backward, `from` is where reading starts (`before`) and `until` where it ends (`after`). */
export interface Page {
  size: number;
  backward: boolean;
  from: Keyset | null;
  until: Keyset | null;
}

/** What a list's statement answers for a page: up to `size + 1` rows in reading direction, and what lies outside. */
export interface Slice<Row> {
  rows: Row[];
  /** Rows exist at or beyond `from`, against the reading direction. */
  behind: boolean;
  /** Rows exist at or beyond `until`, in the reading direction. */
  ahead: boolean;
}

/** @throws BAD_USER_INPUT unless the size is a whole number from 0 to MAX_PAGE */
export function pageSize(name: string, value: number | null | undefined, otherwise = DEFAULT_PAGE): number {
  if (value === null || value === undefined) return otherwise;
  if (!Number.isInteger(value) || value < 0 || value > MAX_PAGE)
    throw new BadUserInputError(`\`${name}\` must be a whole number from 0 to ${MAX_PAGE}, not ${value}.`);
  return value;
}

/** @throws BAD_USER_INPUT for sizes out of range, `first` together with `last`, and cursors that do not fit */
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

export interface ConnectionParts<Row> {
  list: PagedList;
  page: Page;
  slice: Slice<Row>;
  keyset(row: Row): Keyset;
  totalCount(): Promise<number> | number;
}

export function createConnection<Row>({
  list,
  page,
  slice,
  keyset: place,
  totalCount,
}: ConnectionParts<Row>): Connection<Row> {
  const more = slice.rows.length > page.size || slice.ahead;
  const nodes = slice.rows.slice(0, page.size);
  let cursor: ReturnType<typeof createCursorEncoder> | undefined;
  if (page.backward) nodes.reverse();
  return {
    nodes,
    cursor(row) {
      cursor ??= createCursorEncoder(list.name);
      return cursor(place(row));
    },
    hasNextPage: page.backward ? slice.behind : more,
    hasPreviousPage: page.backward ? more : slice.behind,
    totalCount,
  };
}
