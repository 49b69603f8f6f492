import type { Statement } from '../context.ts';
import type { ListCall, ListQuery } from './list-query.ts';
import { preparedStatement } from './prepared-statement.ts';

/** SQL for any number of calls that differ in values alone. The table `k` has one row per call: its number `n` and the columns. */
export interface Shape<Call> {
  columns: readonly ShapeColumn<Call>[];
  /** @param source SQL of the table `k` */
  sql(source: string): string;
}

export interface ShapeColumn<Call> {
  name: string;
  /** Its SQL type. */
  type: string;
  value(call: Call): unknown;
}

export function keyColumns({ keys }: ListQuery): ShapeColumn<ListCall>[] {
  return Object.entries(keys).map(([name, type], i) => ({ name, type, value: (call) => call.keys[i] }));
}

/**
 * Builds each shape once, because building one takes longer than sending its statement.
 * @param variant tells apart the shapes that one query has
 */
export function memoizedShape<Call extends ListCall>(
  build: (call: Call) => Shape<Call>,
  variant: (call: Call) => string,
): (call: Call) => Shape<Call> {
  const memo = new WeakMap<ListQuery, Map<string, Shape<Call>>>();
  return (call) => {
    let variants = memo.get(call.query);
    if (!variants) {
      variants = new Map();
      memo.set(call.query, variants);
    }
    const key = variant(call);
    let shape = variants.get(key);
    if (!shape) {
      shape = build(call);
      variants.set(key, shape);
    }
    return shape;
  };
}

/** The same for calls of lists, which may be searches. */
export function batchedListStatement<Call extends ListCall>(
  calls: readonly Call[],
  shapeOf: (call: Call) => Shape<Call>,
): Statement {
  const statement = batchedStatement(calls, shapeOf);
  return calls.some(({ query }) => query.isSearch) ? { ...statement, isSearch: true } : statement;
}

/** One statement for all calls. Calls of one shape are rows of its table `k`; shapes are joined by UNION ALL. */
function batchedStatement<Call>(calls: readonly Call[], shapeOf: (call: Call) => Shape<Call>): Statement {
  const groups = new Map<Shape<Call>, number[]>();
  calls.forEach((call, n) => {
    const shape = shapeOf(call);
    const members = groups.get(shape);
    if (members) members.push(n);
    else groups.set(shape, [n]);
  });
  const values: unknown[] = [];
  const parts: string[] = [];
  for (const [{ columns, sql }, members] of groups) {
    values.push(members, ...columns.map(({ value }) => members.map((n) => value(calls[n]!))));
    const first = values.length - columns.length;
    const arrays = [`$${first}::int[]`, ...columns.map(({ type }, i) => `$${first + 1 + i}::${type}[]`)];
    const names = ['n', ...columns.map(({ name }) => name)];
    parts.push(sql(`unnest(${arrays.join(', ')}) AS k(${names.join(', ')})`));
  }
  return preparedStatement(parts.join('\nUNION ALL\n'), values);
}
