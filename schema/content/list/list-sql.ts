import { createHash } from 'node:crypto';
import type { Queryable, Statement } from '../context.ts';
import type { KeysetType } from './cursor.ts';
import type { Page, Slice } from './paging.ts';

/**
 * An ordered list as SQL, for many parents at once. The expressions may name the columns of `k`, which hold what
 * differs from one asked-for page to the next (a parent's id, a filter's value).
 */
export interface ListQuery {
  /** Tables of the list, joined: `comment c`. */
  from: string;
  where: string;
  order: readonly { sql: string; type: KeysetType }[];
  descending: boolean;
  /**
   * A column that is the same in all rows and stands before the ordering ones in the index. PostgreSQL knows that of
   * `column = value` by itself, but not of `column IS NULL`: without this it would read all rows and sort them.
   */
  constant?: string;
  /** JSON of one row. */
  row: string;
  /** Columns of `k` with their SQL types. */
  keys: Readonly<Record<string, string>>;
}

/** One page of one list: the values of the query's keys, in their order. */
export interface ListCall {
  query: ListQuery;
  keys: readonly (number | string | boolean | null)[];
  page: Page;
}

/**
 * Reads pages of lists in one statement, however many and however different they are. Pages of the same shape differ
 * only in what the arrays hold; other shapes join in by UNION ALL.
 *
 * Each page is an index scan that starts at its cursor (a row comparison, so no OFFSET) and ends after `size + 1` rows:
 * a nested take in Prisma would read all children of every parent and cut them in memory.
 * Rows come as JSON because parsing one JSON text costs Node less than a protocol value for each column.
 */
export async function readLists<Row>(db: Queryable, calls: readonly ListCall[]): Promise<Slice<Row>[]> {
  const slices: Slice<Row>[] = new Array(calls.length);
  const statement = statementOf(calls, (call) =>
    shapeOf(pageShapes, call.query, pageShape(call), () => pagesSql(call)),
  );
  for (const [n, rows, behind, ahead] of await db.query<[number, Row[], boolean, boolean]>(statement))
    slices[n] = { rows, behind, ahead };
  return slices;
}

/** Rows in each list, whatever page is asked for: one statement for all of them. */
export async function countLists(db: Queryable, calls: readonly Omit<ListCall, 'page'>[]): Promise<number[]> {
  const counts: number[] = new Array(calls.length);
  const statement = statementOf(calls, ({ query }) => shapeOf(countShapes, query, '', () => countsSql(query)));
  for (const [n, count] of await db.query<[number, number]>(statement)) counts[n] = count;
  return counts;
}

/** SQL for any number of calls that differ only in their values; the columns of `k` hold those. */
interface Shape<Call> {
  columns: readonly { name: string; type: string; value(call: Call): unknown }[];
  /** @param source the table `k` */
  sql(source: string): string;
}

type Shapes<Call> = WeakMap<ListQuery, Map<string, Shape<Call>>>;
const pageShapes: Shapes<ListCall> = new WeakMap();
const countShapes: Shapes<Omit<ListCall, 'page'>> = new WeakMap();

/** Shapes are few, and making one takes longer than sending it: each is made once. */
function shapeOf<Call>(shapes: Shapes<Call>, query: ListQuery, kind: string, make: () => Shape<Call>): Shape<Call> {
  let known = shapes.get(query);
  if (!known) {
    known = new Map();
    shapes.set(query, known);
  }
  let shape = known.get(kind);
  if (!shape) {
    shape = make();
    known.set(kind, shape);
  }
  return shape;
}

/** What makes two pages of a query need different SQL: which way they are read, and at which ends they are bounded. */
function pageShape({ page: { backward, from, until } }: ListCall): string {
  return `${backward ? 'backward' : ''} ${from ? 'from' : ''} ${until ? 'until' : ''}`;
}

function keyColumns({ keys }: ListQuery) {
  return Object.entries(keys).map(([name, type], i) => ({
    name,
    type,
    value: (call: Pick<ListCall, 'keys'>) => call.keys[i],
  }));
}

function countsSql(query: ListQuery): Shape<Omit<ListCall, 'page'>> {
  return {
    columns: keyColumns(query),
    sql: (source) => `SELECT k.n, (SELECT count(*)::int FROM ${query.from} WHERE ${query.where}) FROM ${source}`,
  };
}

function pagesSql({ query, page }: ListCall): Shape<ListCall> {
  const { order } = query;
  const placeColumns = (end: 'from' | 'until') =>
    order.map(({ type }, i) => ({ name: `${end}_${i}`, type, value: (call: ListCall) => call.page[end]![i] }));
  const from = page.from ? placeColumns('from') : [];
  const until = page.until ? placeColumns('until') : [];
  const tuple = (columns: readonly { name: string }[]): string =>
    `(${columns.map(({ name }) => `k.${name}`).join(', ')})`;

  const descending = query.descending !== page.backward;
  const [after, notAfter, before, notBefore] = descending ? ['<', '>=', '>', '<='] : ['>', '<=', '<', '>='];
  const place = `(${order.map(({ sql }) => sql).join(', ')})`;
  const list = `FROM ${query.from} WHERE ${query.where}`;
  const within = [
    page.from ? `AND ${place} ${after} ${tuple(from)}` : '',
    page.until ? `AND ${place} ${before} ${tuple(until)}` : '',
  ].join(' ');
  const behind = page.from ? `EXISTS (SELECT ${list} AND ${place} ${notAfter} ${tuple(from)})` : 'false';
  const ahead = page.until ? `EXISTS (SELECT ${list} AND ${place} ${notBefore} ${tuple(until)})` : 'false';
  const columns = [...(query.constant ? [query.constant] : []), ...order.map(({ sql }) => sql)];
  const ordering = columns.map((sql) => `${sql} ${descending ? 'DESC' : 'ASC'}`).join(', ');

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

/** One statement for all calls: those of one shape are rows of its table `k`, shapes are joined by UNION ALL. */
function statementOf<Call>(calls: readonly Call[], shapeOfCall: (call: Call) => Shape<Call>): Statement {
  const groups = new Map<Shape<Call>, number[]>();
  calls.forEach((call, n) => {
    const shape = shapeOfCall(call);
    const members = groups.get(shape);
    if (members) members.push(n);
    else groups.set(shape, [n]);
  });
  const values: unknown[] = [];
  const parts: string[] = [];
  for (const [{ columns, sql }, members] of groups) {
    values.push(members, ...columns.map(({ value }) => members.map((n) => value(calls[n]!))));
    const first = values.length - columns.length;
    const arrays = columns.map(({ type }, i) => `$${first + 1 + i}::${type}[]`);
    parts.push(
      sql(
        `unnest(${[`$${first}::int[]`, ...arrays].join(', ')}) AS k(${['n', ...columns.map(({ name }) => name)].join(', ')})`,
      ),
    );
  }
  return preparedStatement(parts.join('\nUNION ALL\n'), values);
}

/** Most texts that are remembered; those not asked for longest are forgotten first. */
const MAX_TEXTS = 1_000;
/** Times a text is sent before it is prepared: what was asked for once is not worth a plan on every connection. */
const PREPARE_AFTER = 2;
const texts = new Map<string, { sent: number; name: string | undefined }>();

/**
 * The statement, named once its text keeps coming back, so that each connection plans it once. Texts depend on the
 * code and, in what they select, on the query documents.
 */
export function preparedStatement(text: string, values: unknown[]): Statement {
  const known = texts.get(text) ?? { sent: 0, name: undefined };
  texts.delete(text);
  texts.set(text, known);
  if (texts.size > MAX_TEXTS) for (const oldest of texts.keys()) if (texts.delete(oldest)) break;
  known.sent += 1;
  if (known.sent > PREPARE_AFTER) known.name ??= createHash('sha256').update(text).digest('base64url').slice(0, 22);
  return known.name ? { name: known.name, text, values } : { text, values };
}
