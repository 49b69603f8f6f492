import { LRUCache } from 'lru-cache';
import type { Selection } from '../selection.ts';
import { StoredTime } from '../stored-time.ts';

// Rows as SQL. A selection decides which of the columns that are not always needed are read.

/**
 * A row that SQL gives as a JSON array of its columns: one value takes Node less to parse than one of the protocol for each
 * column, and an array takes PostgreSQL and Node a third less than an object with its keys.
 */
export interface RowSql<Row = unknown> {
  /** SQL of the array. Rows with the same text are the same object: a text has its columns under the same keys everywhere. */
  sql: string;
  /** Tells it from other rows. */
  id: number;
  /** Turns the array into the row. */
  read(values: readonly unknown[]): Row;
}

/** SQL of a column, with what turns its JSON into its value where that is another. */
export type Column = string | ReadColumn;

export interface ReadColumn {
  sql: string;
  /** @param row the row with the columns before this one */
  read(value: unknown, row: object): unknown;
}

/** The columns of a row by their keys in the row. */
export type Columns = Record<string, Column>;

/** Texts that are kept. Combinations of selected columns are few in practice. */
const MAX_ROWS = 2_000;

const rows = new LRUCache<string, RowSql>({ max: MAX_ROWS });
let lastId = 0;

export function rowSql<Row>(columns: Columns): RowSql<Row> {
  const all = Object.values(columns);
  const sql = `json_build_array(${all.map((column) => (typeof column === 'string' ? column : column.sql))})`;
  let row = rows.get(sql) as RowSql<Row> | undefined;
  if (!row) {
    row = { sql, id: ++lastId, read: rowReader<Row>(columns) };
    rows.set(sql, row);
  }
  return row;
}

/**
 * Compiles a reader for these columns: V8 makes an object literal in a fraction of the time that as many computed names take. The
 * names stand in this program; none comes from a client.
 */
function rowReader<Row>(columns: Columns): RowSql<Row>['read'] {
  const all = Object.entries(columns).map(([key, column], i) => ({ name: JSON.stringify(key), column, i }));
  const literal = all.map(({ name, i }) => `${name}: values[${i}]`);
  const reads = all.filter(({ column }) => typeof column !== 'string');
  const assignments = reads.map(({ name, i }) => `row[${name}] = columns[${i}].read(values[${i}], row);`);
  const body = `const row = { ${literal} };\n${assignments.join('\n')}\nreturn row;`;
  return new Function('columns', `return (values) => { ${body} };`)(Object.values(columns));
}

/** A column with a time that is mostly shown only. */
export function shownTime(sql: string): Column {
  return { sql, read: (value) => value && new StoredTime(value as string) };
}

/** A column with a time. */
export function time(sql: string): Column {
  return { sql, read: (value) => value && new Date(value as string) };
}

/** A column with a row of another table; null when there is none. @param from the rest of the SELECT */
export function rowColumn(row: RowSql, from: string): Column {
  return { sql: `(SELECT ${row.sql} ${from})`, read: (value) => value && row.read(value as unknown[]) };
}

/** A column with a row of a table that the statement has joined; null where the condition is false. */
export function optional(row: RowSql, condition: string): Column {
  return { sql: `CASE WHEN ${condition} THEN ${row.sql} END`, read: (value) => value && row.read(value as unknown[]) };
}

/** A column with rows of another table. @param from the rest of the SELECT, with order and limit */
export function rowsColumn(row: RowSql, from: string): ReadColumn {
  return {
    sql: `(SELECT ${rowsOf(`SELECT ${row.sql} AS row ${from}`)})`,
    read: (value) => (value as unknown[][]).map(row.read),
  };
}

/** SQL of the rows of a subquery, which have the column `row`, as a JSON array. */
export function rowsOf(subquery: string): string {
  return `coalesce(json_agg(r.row), '[]') FROM (${subquery}) r`;
}

/** The columns of a text that its selected renderings need. */
export function textColumns(prefix: 'body' | 'bio', alias: string, text: Selection): Columns {
  const columns: Columns = {};
  if (text.has('markdown')) {
    columns[`${prefix}Source`] = `${alias}.${prefix}_source`;
    columns[`${prefix}Format`] = `${alias}.${prefix}_format`;
  }
  if (text.has('html')) columns[`${prefix}Html`] = `${alias}.${prefix}_html`;
  if (text.has('text')) columns[`${prefix}Text`] = `${alias}.${prefix}_text`;
  return columns;
}

/** @param fields the columns that each field needs, by the field's name */
export function selectedColumns(selection: Selection, fields: Readonly<Record<string, Columns>>): Columns {
  const columns: Columns = {};
  for (const [field, needed] of Object.entries(fields)) if (selection.has(field)) Object.assign(columns, needed);
  return columns;
}

/** Builds a row's SQL once for each selection. A cached document keeps its selections, so their SQL lives as long. */
export function memoizeBySelection<Row>(
  make: (selection: Selection) => RowSql<Row>,
): (selection: Selection) => RowSql<Row> {
  const memo = new WeakMap<Selection, RowSql<Row>>();
  return (selection) => {
    let row = memo.get(selection);
    if (row === undefined) {
      row = make(selection);
      memo.set(selection, row);
    }
    return row;
  };
}
