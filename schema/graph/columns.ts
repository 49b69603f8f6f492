import type DataLoader from 'dataloader';
import type { Context } from '../content/context.ts';
import { loadColumn, type Read } from '../content/load-column.ts';

type Resolver<Row, Value> = (row: Row, args: unknown, context: Context) => Value | Promise<Awaited<Value>>;

type Loader<Row> = (context: Context) => DataLoader<number, Row>;

/**
 * Resolvers of the fields that show columns of a row. Lists leave out the columns that no field seems to need: such a
 * column is loaded. There is no promise where the row has the column, because a page has thousands of fields.
 * @param loader reads rows with all their columns
 */
export function columnsOf<Row extends { id: number }>(loader: Loader<Row>) {
  function column<Key extends keyof Row>(key: Key): Resolver<Row, Read<Row[Key]>>;
  function column<Key extends keyof Row, Shown>(
    key: Key,
    show: (value: Read<Row[Key]>, context: Context) => Shown,
  ): Resolver<Row, Shown>;
  function column<Key extends keyof Row>(
    key: Key,
    show: (value: Read<Row[Key]>, context: Context) => unknown = (value) => value,
  ): Resolver<Row, unknown> {
    return (row, _, context) => {
      const value = row[key];
      return value === undefined
        ? loadColumn(loader(context), row.id, key).then((loaded) => show(loaded, context))
        : show(value, context);
    };
  }
  return column;
}
