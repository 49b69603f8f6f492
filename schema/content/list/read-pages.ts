import type { Queryable } from '../context.ts';
import { batchedListStatement, keyColumns, memoizedShape, type Shape, type ShapeColumn } from './batched-statement.ts';
import type { ListQuery, PageCall } from './list-query.ts';
import type { Slice } from './paging.ts';
import { type RowSql, rowsOf } from './row-sql.ts';

/**
 * Reads pages of lists in one statement, however many and however different they are.
 *
 * Each page is an index scan that starts at its cursor (a row comparison, so no OFFSET) and ends after the page:
 * a nested take in Prisma would read all children of every parent and cut them in memory.
 */
export async function readPages<Row>(db: Queryable, calls: readonly PageCall[]): Promise<Slice<Row>[]> {
  const slices: Slice<Row>[] = new Array(calls.length);
  const statement = batchedListStatement(calls, pageShape);
  for (const [n, rows, behind, ahead] of await db.query<
    [n: number, rows: unknown[][], behind: boolean, ahead: boolean]
  >(statement))
    slices[n] = { rows: rows.map(calls[n]!.query.row.read as RowSql<Row>['read']), behind, ahead };
  return slices;
}

/** Pages of one query need different SQL for the direction of reading and for the ends that have a cursor. */
const pageShape = memoizedShape(
  buildPageShape,
  ({ page: { backward, from, until }, looksAround }) =>
    `${backward ? 'backward' : ''} ${from ? 'from' : ''} ${until ? 'until' : ''} ${looksAround ? 'around' : ''}`,
);

function buildPageShape({ query, page, looksAround }: PageCall): Shape<PageCall> {
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
  const behind =
    page.from && looksAround ? `EXISTS (SELECT ${list} AND ${position} ${notAfter} ${tuple(from)})` : 'false';
  const ahead =
    page.until && looksAround ? `EXISTS (SELECT ${list} AND ${position} ${notBefore} ${tuple(until)})` : 'false';
  const ordering = [...(query.constant ? [query.constant] : []), ...query.order.map(({ sql }) => sql)]
    .map((sql) => `${sql} ${isDescending ? 'DESC' : 'ASC'}`)
    .join(', ');

  return {
    columns: [
      { name: 'take', type: 'int', value: (call) => call.page.size + Number(call.looksAround) },
      ...keyColumns(query),
      ...from,
      ...until,
    ],
    sql: (source) => `SELECT k.n, l.rows, ${behind}, ${ahead} FROM ${source}
CROSS JOIN LATERAL (
  SELECT ${rowsOf(`SELECT ${query.row.sql} AS row ${list} ${within}
    ORDER BY ${ordering} LIMIT k.take`)}
) l(rows)`,
  };
}

/** Columns of `k` that hold a cursor's values. */
function cursorColumns(end: 'from' | 'until', { order }: ListQuery): ShapeColumn<PageCall>[] {
  return order.map(({ type }, i) => ({ name: `${end}_${i}`, type, value: ({ page }) => page[end]![i] }));
}

function tuple(columns: readonly { name: string }[]): string {
  return `(${columns.map(({ name }) => `k.${name}`).join(', ')})`;
}
