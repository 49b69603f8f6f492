import { contextLoader } from '../context-loader.ts';
import type { LogPosition } from '../events.ts';
import { preparedStatement } from '../list/prepared-statement.ts';
import type { CommentRow } from '../row-types.ts';
import { reviveComment } from './comment-columns.ts';
import { MAX_PATH_LEVELS } from './comment-path.ts';

/** A page of a discussion in reading order. */
export interface ThreadCall {
  articleId: number;
  size: number;
  /** The page follows this comment. */
  afterId: number | null;
  /** Only what stands below this comment. */
  underId: number | null;
  /** The page has this comment on it. */
  aroundId: number | null;
  /** JSON of one comment `c`. */
  row: string;
}

export interface ThreadPage {
  rows: CommentRow[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  /** False when a comment the page was asked to start from does not stand in this discussion. */
  found: boolean;
  position: LogPosition;
}

type Answer = [
  n: number,
  epoch: number,
  sequence: number,
  found: boolean,
  rows: CommentRow[],
  before: CommentRow[] | boolean,
];

/** Pages of threads, all that are asked for in one tick by one statement. */
export const threadPages = contextLoader(
  async (calls: readonly ThreadCall[], { db }) => {
    const values: unknown[] = [];
    const groups = new Map<string, number[]>();
    calls.forEach((call, n) => {
      const kind = [call.aroundId === null, call.underId === null, call.row].join();
      groups.set(kind, [...(groups.get(kind) ?? []), n]);
    });
    const parts = [...groups.values()].map((members) => threadSql(calls, members, values));
    const pages: ThreadPage[] = [];
    for (const answer of await db.query<Answer>(preparedStatement(parts.join('\nUNION ALL\n'), values)))
      pages[answer[0]] = readAnswer(calls[answer[0]]!, answer);
    return calls.map((_, n) => pages[n] ?? new Error('A thread was asked for of an article that is missing.'));
  },
  { cached: false },
);

/**
 * Reading order is the order of paths, so a page is one scan of the index (article_id, path), and what stands below
 * a comment is the range from its path to the path beside it. Where paths end (MAX_PATH_LEVELS), what stands below
 * a comment is among those that share its level, and following parents tells which.
 */
function threadSql(calls: readonly ThreadCall[], members: readonly number[], values: unknown[]): string {
  const { aroundId, underId, row } = calls[members[0]!]!;
  const column = (value: (call: ThreadCall, n: number) => number | null): string => {
    values.push(members.map((n) => value(calls[n]!, n)));
    return `$${values.length}::int[]`;
  };
  const arrays = [
    column((_, n) => n),
    column(({ articleId }) => articleId),
    column(({ size }) => size + 1),
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
            SELECT c.parent_id AS id UNION ALL
            SELECT p.parent_id FROM above JOIN comment p ON p.id = above.id WHERE p.depth > under.depth
          ) SELECT FROM above WHERE above.id = under.id))`;
  const list = `FROM comment c WHERE c.article_id = k.article AND c.visible ${below}`;
  const page = (condition: string, direction: string): string => `(
    SELECT coalesce(json_agg(r.row), '[]') FROM (
      SELECT ${row} AS row ${list} AND ${condition} ORDER BY c.path ${direction} LIMIT k.take
    ) r)`;
  const [rows, before, found] =
    aroundId === null
      ? [
          page("c.path > coalesce(mark.path, '{}')", 'ASC'),
          `to_json(mark.id IS NOT NULL AND EXISTS (SELECT ${list} AND c.path <= mark.path))`,
          // What stands in public, or stood there when its cursor was given out: what hid it is in the log, as long as
          // events are kept.
          `k.mark IS NULL OR mark.visible OR EXISTS (
            SELECT FROM comment_event e WHERE e.article_id = mark.article_id AND e.comment_id = mark.id)`,
        ]
      : [
          page('c.path >= mark.path', 'ASC'),
          page('c.path < mark.path', 'DESC'),
          `EXISTS (SELECT ${list} AND c.id = k.mark AND c.path = mark.path)`,
        ];
  return `SELECT k.n, a.event_epoch, a.event_sequence,
  (${found}) AND (k.under IS NULL OR under.visible IS TRUE), ${rows}, ${before}
FROM unnest(${arrays.join(', ')}) AS k(n, article, take, mark, under)
JOIN article a ON a.id = k.article
LEFT JOIN comment mark ON mark.id = k.mark AND mark.article_id = k.article
LEFT JOIN comment under ON under.id = k.under AND under.article_id = k.article`;
}

function readAnswer(call: ThreadCall, [, epoch, sequence, found, rows, before]: Answer): ThreadPage {
  const { articleId, size } = call;
  const position = { articleId, epoch, sequence };
  rows.forEach(reviveComment);
  if (!Array.isArray(before))
    return { rows: rows.slice(0, size), hasNextPage: rows.length > size, hasPreviousPage: before, found, position };

  before.forEach(reviveComment);
  // Half the page before the comment, half from it on; what one side cannot fill the other may.
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
