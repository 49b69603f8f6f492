import type { Selection } from '../selection.ts';

// Rows as JSON, built by SQL. A selection decides which of the columns that are not always needed are read.

/** SQL expressions by the key that each has in the row's JSON. */
export type Columns = Record<string, string>;

export function jsonObject(columns: Columns): string {
  return `json_build_object(${Object.entries(columns).map(([key, sql]) => `'${key}', ${sql}`)})`;
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
export function selectedColumns(
  alias: string,
  selection: Selection,
  fields: Readonly<Record<string, Columns>>,
): Columns {
  const columns: Columns = {};
  for (const [field, needed] of Object.entries(fields))
    if (selection.has(field)) for (const [key, column] of Object.entries(needed)) columns[key] = `${alias}.${column}`;
  return columns;
}

/** Builds the SQL once for each selection. A cached document keeps its selections, so their SQL lives as long. */
export function memoizeBySelection(make: (selection: Selection) => string): (selection: Selection) => string {
  const memo = new WeakMap<Selection, string>();
  return (selection) => {
    let sql = memo.get(selection);
    if (sql === undefined) {
      sql = make(selection);
      memo.set(selection, sql);
    }
    return sql;
  };
}
