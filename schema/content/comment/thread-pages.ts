import { contextLoader } from '../context-loader.ts';
import type { LogPosition } from '../events.ts';
import { preparedStatement } from '../list/prepared-statement.ts';
import { type RowSql, rowsOf } from '../list/row-sql.ts';
import { LAST_EVENT_AT } from '../log-head.ts';
import type { CommentRow } from '../row-types.ts';
import { MAX_PATH_LEVELS } from './comment-path.ts';

/** Rows of a page when the query gives no number. */
export const DEFAULT_ROWS = 50;

/**
 * SQL that is less than every path. The subquery hides from the planner that it excludes nothing: otherwise it expects fewer
 * comments than a page has, and reads the whole discussion to sort it.
 */
export const FIRST_PATH = "(SELECT '{}'::int[])";

/** A page of a discussion in reading order. */
export interface ThreadRequest {
  articleId: number;
  size: number;
  /** The page follows this comment. */
  afterId: number | null;
  /** Only comments below this one. */
  underId: number | null;
  /** The page contains this comment. */
  aroundId: number | null;
  /** Of a comment `c`. */
  row: RowSql<CommentRow>;
  /** Whether the position of the log is asked for. */
  wantsPosition: boolean;
  /** Whether it is asked for if there are rows before and after the page. */
  looksAround: boolean;
}

export interface ThreadPage {
  rows: CommentRow[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** False when the comment of `afterId`, `underId` or `aroundId` is not in this discussion. */
  found: boolean;
  /** Null when it is not asked for. */
  position: LogPosition | null;
}

type PageRow = [
  n: number,
  epoch: number,
  sequence: number,
  at: Date | null,
  found: boolean,
  rows: unknown[][],
  before: unknown[][] | boolean,
];

/** Loads pages of threads: all pages requested in one tick by one statement. */
export const threadPages = contextLoader(
  async (requests: readonly ThreadRequest[], { db }) => {
    const values: unknown[] = [];
    const groups = new Map<string, number[]>();
    requests.forEach((request, n) => {
      const { aroundId, underId, row, wantsPosition, looksAround } = request;
      const kind = [aroundId === null, underId === null, wantsPosition, looksAround, row.sql].join();
      groups.set(kind, [...(groups.get(kind) ?? []), n]);
    });
    const parts = [...groups.values()].map((members) => threadSql(requests, members, values));
    const pages: ThreadPage[] = [];
    for (const row of await db.query<PageRow>(preparedStatement(parts.join('\nUNION ALL\n'), values)))
      pages[row[0]] = pageOf(requests[row[0]]!, row);
    return requests.map((_, n) => pages[n] ?? new Error('The article of a requested thread is missing.'));
  },
  { cached: false },
);

/**
 * Reading order is the order of paths, so a page is one scan of the index (article_id, path), and the comments below
 * another are the range from its path to the next one of its level. Comments at the deepest level of paths
 * (MAX_PATH_LEVELS) share it with those below them, so their parents decide which belong to the range.
 */
function threadSql(requests: readonly ThreadRequest[], members: readonly number[], values: unknown[]): string {
  const { aroundId, underId, row, wantsPosition, looksAround } = requests[members[0]!]!;
  const column = (value: (request: ThreadRequest, n: number) => number | null): string => {
    values.push(members.map((n) => value(requests[n]!, n)));
    return `$${values.length}::int[]`;
  };
  const arrays = [
    column((_, n) => n),
    column(({ articleId }) => articleId),
    column(({ size }) => size + Number(looksAround)),
    column(({ afterId, aroundId }) => aroundId ?? afterId),
    column(({ underId }) => underId),
  ];
  const below =
    underId === null
      ? ''
      : `AND c.path > under.path AND c.path < under.path[:least(cardinality(under.path), ${MAX_PATH_LEVELS - 1}) - 1]
          || (under.path[least(cardinality(under.path), ${MAX_PATH_LEVELS - 1})] + 1)
        AND (cardinality(under.path) < ${MAX_PATH_LEVELS} OR EXISTS (
          WITH RECURSIVE above AS (
            SELECT c.parent_id AS id UNION
            SELECT p.parent_id FROM above JOIN comment p ON p.id = above.id WHERE p.depth > under.depth
          ) SELECT FROM above WHERE above.id = under.id))`;
  const list = `FROM comment c WHERE c.article_id = k.article AND c.visible ${below}`;
  const page = (condition: string, direction: string): string => `(
    SELECT ${rowsOf(`SELECT ${row.sql} AS row ${list} AND ${condition} ORDER BY c.path ${direction} LIMIT k.take`)})`;
  const [rows, before, found] =
    aroundId === null
      ? [
          page("c.path > coalesce(mark.path, '{}')", 'ASC'),
          looksAround
            ? `to_json(mark.id IS NOT NULL AND EXISTS (SELECT ${list} AND c.path <= mark.path))`
            : "'false'::json",
          // A comment that is visible, or was when its cursor was issued: the event that hid it is in the log, as long
          // as events are kept.
          `k.mark IS NULL OR mark.visible OR EXISTS (
            SELECT FROM comment_event e WHERE e.article_id = mark.article_id AND e.comment_id = mark.id)`,
        ]
      : [
          page('c.path >= mark.path', 'ASC'),
          page('c.path < mark.path', 'DESC'),
          `EXISTS (SELECT ${list} AND c.id = k.mark AND c.path = mark.path)`,
        ];
  return `SELECT k.n, a.event_epoch, a.event_sequence, ${wantsPosition ? LAST_EVENT_AT : 'NULL::timestamptz'},
  (${found}) AND (k.under IS NULL OR under.visible IS TRUE), ${rows}, ${before}
FROM unnest(${arrays.join(', ')}) AS k(n, article, take, mark, under)
JOIN article a ON a.id = k.article
LEFT JOIN comment mark ON mark.id = k.mark AND mark.article_id = k.article
LEFT JOIN comment under ON under.id = k.under AND under.article_id = k.article`;
}

function pageOf(request: ThreadRequest, [, epoch, sequence, at, found, onwardRows, beforeRows]: PageRow): ThreadPage {
  const { articleId, size, row, wantsPosition } = request;
  const position = wantsPosition ? { articleId, epoch, sequence, at } : null;
  const rows = onwardRows.map(row.read);
  if (!Array.isArray(beforeRows))
    return { rows: rows.slice(0, size), hasNextPage: rows.length > size, hasPreviousPage: beforeRows, found, position };

  const before = beforeRows.map(row.read);
  // Half the page before the comment, half from it on; rows that one side lacks go to the other.
  const onward = Math.min(rows.length, Math.max(Math.ceil(size / 2), size - before.length));
  const back = Math.min(before.length, size - onward);
  return {
    rows: [...before.slice(0, back).reverse(), ...rows.slice(0, onward)],
    hasNextPage: rows.length > onward,
    hasPreviousPage: before.length > back,
    found,
    position,
  };
}
