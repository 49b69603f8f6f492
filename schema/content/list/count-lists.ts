import type { Queryable } from '../context.ts';
import { batchedListStatement, keyColumns, memoizedShape } from './batched-statement.ts';
import type { ListCall } from './list-query.ts';

const countShape = memoizedShape<ListCall>(
  ({ query }) => ({
    columns: keyColumns(query),
    sql: (source) => `SELECT k.n, (SELECT count(*)::int FROM ${query.from} WHERE ${query.where}) FROM ${source}`,
  }),
  () => '',
);

/** Rows in each of several lists, in one statement. */
export async function countLists(db: Queryable, calls: readonly ListCall[]): Promise<number[]> {
  const counts: number[] = new Array(calls.length);
  for (const [n, count] of await db.query<[n: number, count: number]>(batchedListStatement(calls, countShape)))
    counts[n] = count;
  return counts;
}
