import type { Queryable } from '../context.ts';
import { batchedListStatement, keyColumns, memoizedShape, type Shape, type ShapeColumn } from './batched-statement.ts';
import type { ListQuery, PageCall } from './list-query.ts';
import type { Slice } from './paging.ts';

/**
 * Reads pages of lists in one statement, however many and however different they are.
 *
 * Each page is an index scan that starts at its cursor (a row comparison, so no OFFSET) and ends after `size + 1` rows:
 * a nested take in Prisma would read all children of every parent and cut them in memory.
 * Rows come as JSON because parsing one JSON text costs Node less than a protocol value for each column.
 */
export async function readPages<Row>(db: Queryable, calls: readonly PageCall[]): Promise<Slice<Row>[]> {
  const slices: Slice<Row>[] = new Array(calls.length);
  const statement = batchedListStatement(calls, pageShape);
  for (const [n, rows, behind, ahead] of await db.query<[n: number, rows: Row[], behind: boolean, ahead: boolean]>(
    statement,
  ))
    slices[n] = { rows, behind, ahead };
  return slices;
}

/** Pages of one query need different SQL for the direction of reading and for the ends that have a cursor. */
const pageShape = memoizedShape(
  buildPageShape,
  ({ page: { backward, from, until } }) =>
    `${backward ? 'backward' : ''} ${from ? 'from' : ''} ${until ? 'until' : ''}`,
);

function buildPageShape({ query, page }: PageCall): Shape<PageCall> {
  const from = page.from ? cursorColumns('from', query) : [];
  const until = page.until ? cursorColumns('until', query) : [];
  const isDescending = query.descending !== page.backward;
  const [after, notAfter, before, notBefore] = isDescending ? ['<', '>=', '>', '<='] : ['>', '<=', '<', '>='];

  const list = `FROM ${query.from} WHERE ${query.where}`;
  const position = `(${query.order.map(({ sql }) => sql).join(', ')})`;
  const within = [
    page.from ? `AND ${position} ${after} ${tuple(from)}` : '',
    page.until ? `AND ${position} ${before} ${tuple(until)}` : '',
  ].join(' ');
  const behind = page.from ? `EXISTS (SELECT ${list} AND ${position} ${notAfter} ${tuple(from)})` : 'false';
  const ahead = page.until ? `EXISTS (SELECT ${list} AND ${position} ${notBefore} ${tuple(until)})` : 'false';
  const ordering = [...(query.constant ? [query.constant] : []), ...query.order.map(({ sql }) => sql)]
    .map((sql) => `${sql} ${isDescending ? 'DESC' : 'ASC'}`)
    .join(', ');

  return {
    columns: [
      { name: 'take', type: 'int', value: (call) => call.page.size + 1 },
      ...keyColumns(query),
      ...from,
      ...until,
    ],
    sql: (source) => `SELECT k.n, l.rows, ${behind}, ${ahead} FROM ${source}
CROSS JOIN LATERAL (
  SELECT coalesce(json_agg(r.row), '[]') AS rows FROM (
    SELECT ${query.row} AS row ${list} ${within}
    ORDER BY ${ordering} LIMIT k.take
  ) r
) l`,
  };
}

/** Columns of `k` that hold a cursor's values. */
function cursorColumns(end: 'from' | 'until', { order }: ListQuery): ShapeColumn<PageCall>[] {
  return order.map(({ type }, i) => ({ name: `${end}_${i}`, type, value: ({ page }) => page[end]![i] }));
}

function tuple(columns: readonly { name: string }[]): string {
  return `(${columns.map(({ name }) => `k.${name}`).join(', ')})`;
}
