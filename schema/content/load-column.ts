import type DataLoader from 'dataloader';

/** A column that was read: null is a value, undefined is none. */
export type Read<Value> = NonNullable<Value> | (Value & null);

/**
 * A column of a row that was read without it.
 * @param loader reads rows with all their columns
 * @throws Error when the loader does not read the column
 */
export async function loadColumn<Row, Key extends keyof Row>(
  loader: DataLoader<number, Row>,
  id: number,
  key: Key,
): Promise<Read<Row[Key]>> {
  const value = (await loader.load(id))[key];
  if (value === undefined) throw new Error(`The loader of row ${id} did not read the column "${String(key)}".`);
  return value;
}
