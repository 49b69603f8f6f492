// Compares the stored derived columns of threads with the computed ones, which `computeThreads` leaves in temporary
// tables.
import type pg from 'pg';

/** Numbers of rows whose stored derived columns differ from the computed ones. */
export interface ThreadDifferences {
  comments: number;
  articles: number;
  authors: number;
  /** Comments that no chain of parents connects to their article: a circle, or a parent in another article. */
  unreachable: number;
}

/** One row that differs, with its derived columns as stored and as computed. */
export interface ThreadDifference {
  table: DerivedTable;
  id: number;
  stored: Record<string, unknown>;
  computed: Record<string, unknown>;
}

/** The derived columns of each table that threads compute. The temporary table with the computed rows uses the same column names. */
export const DERIVED = {
  comment: {
    computedTable: 'thread_comment',
    columns: ['path', 'depth', 'visible', 'reply_count', 'descendant_count', 'score', 'next_ordinal'],
  },
  article: { computedTable: 'thread_discussion', columns: ['comment_count', 'discussed_at', 'next_ordinal'] },
  author: { computedTable: 'thread_author', columns: ['comment_count'] },
} as const;

const SHOWN = (column: string): boolean => column !== 'next_ordinal';

type DerivedTable = keyof typeof DERIVED;

const MAX_EXAMPLES = 10;

/** @returns the number of rows updated */
export async function updateDifferingRows(client: pg.ClientBase, table: DerivedTable): Promise<number> {
  const { computedTable, columns } = DERIVED[table];
  const { rowCount } = await client.query(`
    UPDATE ${table} stored SET ${columns.map((column) => `${column} = computed.${column}`).join(', ')}
      FROM ${computedTable} computed WHERE computed.id = stored.id AND ${differs(table)}`);
  return rowCount ?? 0;
}

export async function countDifferingRows(client: pg.ClientBase, table: DerivedTable): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`
    SELECT count(*)::int FROM ${table} stored JOIN ${DERIVED[table].computedTable} computed USING (id)
     WHERE ${differs(table)}`);
  return rows[0]!.count;
}

/** The first few rows that differ. */
export async function findExamples(client: pg.ClientBase, table: DerivedTable): Promise<ThreadDifference[]> {
  const { computedTable, columns } = DERIVED[table];
  const object = (alias: string) => columns.map((column) => `'${column}', ${alias}.${column}`).join(', ');
  const { rows } = await client.query<ThreadDifference>(`
    SELECT '${table}' AS table, id, json_build_object(${object('stored')}) AS stored,
           json_build_object(${object('computed')}) AS computed
      FROM ${table} stored JOIN ${computedTable} computed USING (id)
     WHERE ${differs(table)} ORDER BY id LIMIT ${MAX_EXAMPLES}`);
  return rows;
}

/** Articles whose visible comments or counters differ. Ordinals of the next comments are no part of what readers see. */
export async function findChangedDiscussions(client: pg.ClientBase): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>(`
    SELECT stored.article_id AS id FROM comment stored JOIN thread_comment computed USING (id)
     WHERE (stored.visible OR computed.visible) AND ${differs('comment', SHOWN)}
    UNION
    SELECT id FROM article stored JOIN thread_discussion computed USING (id) WHERE ${differs('article', SHOWN)}
     ORDER BY id`);
  return rows.map(({ id }) => id);
}

export async function countUnreachableComments(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`
    SELECT ((SELECT count(*) FROM comment WHERE article_id IN (SELECT id FROM thread_article))
          - (SELECT count(*) FROM thread_place))::int AS count`);
  return rows[0]!.count;
}

function differs(table: DerivedTable, isCompared: (column: string) => boolean = () => true): string {
  const columns = DERIVED[table].columns.filter(isCompared);
  const row = (alias: string) => columns.map((column) => `${alias}.${column}`).join(', ');
  return `ROW(${row('stored')}) IS DISTINCT FROM ROW(${row('computed')})`;
}
