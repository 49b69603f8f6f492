import type DataLoader from 'dataloader';
import type { Context } from '../context.ts';
import { contextLoader } from '../context-loader.ts';
import type { ListQuery } from './list-query.ts';
import type { ListReader } from './list-reader.ts';

/**
 * A loader of rows by id with all their columns, without a check of who may see them: load only ids from a row that the
 * viewer may see.
 * @param query the row with the id `k.id`
 */
export function rowLoader<Row>(
  reader: ListReader<Row>,
  query: ListQuery,
): (context: Context) => DataLoader<number, Row> {
  return contextLoader(async (ids: readonly number[], context) => {
    const rows = await Promise.all(ids.map((id) => reader.one(context, query, [id])));
    return rows.map(
      (row, i) => row ?? new Error(`There is no row ${ids[i]} in \`${query.from}\`, though another row refers to it.`),
    );
  });
}
