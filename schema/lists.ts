import { createHash } from 'node:crypto';
import type { Queryable, Statement } from './context.ts';
import type { Place, PlaceType } from './cursor.ts';
import type { Page, Slice } from './paging.ts';

/**
 * An ordered list as SQL, for many parents at once. The expressions may name the columns of `k`, which hold what
 * differs from one asked-for page to the next (a parent's id, a filter's value).
 */
export interface ListQuery {
  /** Tables of the list, joined: `comment c`. */
  from: string;
  where: string;
  order: readonly { sql: string; type: PlaceType }[];
  descending: boolean;
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
 * Reads pages of lists in one statement, however many and however different they are. Pages of the same query differ
 * only in what the arrays hold; other queries join in by UNION ALL.
 *
 * Each page is an index scan that starts at its cursor (a row comparison, so no OFFSET) and ends after `size + 1` rows:
 * a nested take in Prisma would read all children of every parent and cut them in memory.
 * Rows come as JSON because parsing one JSON text costs Node less than a protocol value for each column.
 */
export async function readLists<Row>(db: Queryable, calls: readonly ListCall[]): Promise<Slice<Row>[]> {
  const statement = listStatement(calls);
  const slices: Slice<Row>[] = new Array(calls.length);
  for (const [n, rows, behind, ahead] of await db.query<[number, Row[], boolean, boolean]>(statement))
    slices[n] = { rows, behind, ahead };
  return slices;
}

interface Group {
  query: ListQuery;
  backward: boolean;
  bounds: string;
  members: number[];
}

/** What makes two pages need different SQL: which way they are read, and at which ends they are bounded. */
function boundsOf({ from, until }: Page): string {
  return `${from ? 'from' : ''}${until ? 'until' : ''}`;
}

function listStatement(calls: readonly ListCall[]): Statement {
  const groups: Group[] = [];
  calls.forEach(({ query, page }, n) => {
    const bounds = boundsOf(page);
    const group = groups.find((g) => g.query === query && g.backward === page.backward && g.bounds === bounds);
    if (group) group.members.push(n);
    else groups.push({ query, backward: page.backward, bounds, members: [n] });
  });
  const values: unknown[] = [];
  const parts = groups.map((group) => groupStatement(group, calls, values));
  return prepared(parts.join('\nUNION ALL\n'), values);
}

/** Rows in each list, whatever page is asked for: one statement for all of them. */
export async function countLists(db: Queryable, calls: readonly Omit<ListCall, 'page'>[]): Promise<number[]> {
  const values: unknown[] = [];
  const parts = calls.map(({ query, keys }, n) => {
    const columns = Object.entries(query.keys).map(([name, type], i) => {
      values.push(keys[i]);
      return `, $${values.length}::${type} AS ${name}`;
    });
    return `SELECT ${n} AS n, (SELECT count(*)::int FROM ${query.from} WHERE ${query.where}) FROM (SELECT 1${columns.join('')}) k`;
  });
  const counts: number[] = [];
  for (const [n, count] of await db.query<[number, number]>(prepared(parts.join('\nUNION ALL\n'), values)))
    counts[n] = count;
  return counts;
}

/** Most statements that are prepared: each costs every connection some kilobytes for as long as it lives. */
const MAX_PREPARED = 500;
const names = new Map<string, string>();

/**
 * The statement, named so that each connection plans it once. Texts depend on the code and a little on the query
 * documents; once MAX_PREPARED are known, further ones are planned each time.
 */
export function prepared(text: string, values: unknown[]): Statement {
  let name = names.get(text);
  if (!name && names.size < MAX_PREPARED) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 22);
    names.set(text, name);
  }
  return name ? { name, text, values } : { text, values };
}

function groupStatement({ query, backward, members }: Group, calls: readonly ListCall[], values: unknown[]): string {
  const { order } = query;
  const columns: string[] = [];
  const arrays: string[] = [];
  const column = (name: string, type: string, value: (call: ListCall, n: number) => unknown): void => {
    values.push(members.map((n) => value(calls[n]!, n)));
    columns.push(name);
    arrays.push(`$${values.length}::${type}[]`);
  };
  const placeColumns = (prefix: string, place: (call: ListCall) => Place): string => {
    for (const [i, { type }] of order.entries()) column(`${prefix}${i}`, type, (call) => place(call)[i]);
    return `(${order.map((_, i) => `k.${prefix}${i}`).join(', ')})`;
  };

  column('n', 'int', (_, n) => n);
  column('take', 'int', ({ page }) => page.size + 1);
  for (const [i, [name, type]] of Object.entries(query.keys).entries()) column(name, type, (call) => call.keys[i]);

  const descending = query.descending !== backward;
  const [onward, back] = descending ? ['<', '>='] : ['>', '<='];
  const place = `(${order.map(({ sql }) => sql).join(', ')})`;
  const list = `FROM ${query.from} WHERE ${query.where}`;
  const { page } = calls[members[0]!]!;
  const from = page.from && placeColumns('from_', (call) => call.page.from!);
  const until = page.until && placeColumns('until_', (call) => call.page.until!);
  const exists = (condition: string): string => `EXISTS (SELECT ${list} AND ${condition})`;
  const within = [from && `AND ${place} ${onward} ${from}`, until && `AND ${place} ${flip(onward)} ${until}`];
  const direction = descending ? 'DESC' : 'ASC';

  return `SELECT k.n, l.rows, ${from ? exists(`${place} ${back} ${from}`) : 'false'}, ${
    until ? exists(`${place} ${flip(back)} ${until}`) : 'false'
  }
FROM unnest(${arrays.join(', ')}) AS k(${columns.join(', ')})
CROSS JOIN LATERAL (
  SELECT coalesce(json_agg(r.row), '[]') AS rows FROM (
    SELECT ${query.row} AS row ${list} ${within.filter(Boolean).join(' ')}
    ORDER BY ${order.map(({ sql }) => `${sql} ${direction}`).join(', ')} LIMIT k.take
  ) r
) l`;
}

function flip(comparison: string): string {
  return comparison.startsWith('<') ? comparison.replace('<', '>') : comparison.replace('>', '<');
}
