// What every part of a merge needs.
import type pg from 'pg';
import type { Example, Outcomes, Reason, Tally } from './report.ts';

export interface Merge {
  client: pg.ClientBase;
  tally: Tally;
  /** What the rows are kept under in `provenance`. */
  source: string;
}

/** How many rows of a merge table were made, updated and left, for the report. */
export async function outcomesOf(client: pg.ClientBase, table: string, where = 'true'): Promise<Partial<Outcomes>> {
  const counted = await client.query<{ outcome: keyof Outcomes; count: number }>(`
    SELECT outcome, count(*)::int FROM ${table} WHERE outcome IS NOT NULL AND ${where} GROUP BY 1`);
  return Object.fromEntries(counted.rows.map(({ outcome, count }) => [outcome, count]));
}

/** Rows of a query with the columns id, title and line, counted under one reason. */
export async function found(client: pg.ClientBase, reason: string, query: string): Promise<Reason> {
  const rows = await client.query<Example & { count: number }>(`
    SELECT coalesce(id, '') AS id, coalesce(title, '') AS title, line, (count(*) OVER ())::int AS count
      FROM (${query}) found ORDER BY line LIMIT 3`);
  const examples = rows.rows.map(({ id, title, line }) => ({ id, title, line }));
  return { reason, count: rows.rows[0]?.count ?? 0, examples };
}

/** Remembers what became of the rows of a merge table that were made or updated. */
export async function remember(job: Merge, kind: string, table: string): Promise<void> {
  await job.client.query(
    `
    INSERT INTO provenance AS p (source, kind, external_id, entity_id, digest)
    SELECT $1, $2, external_id, id, digest FROM ${table} WHERE outcome IS NOT NULL
    ON CONFLICT (source, kind, external_id) DO UPDATE
      SET entity_id = EXCLUDED.entity_id, digest = EXCLUDED.digest, imported_at = CURRENT_TIMESTAMP
    WHERE (p.entity_id, p.digest) IS DISTINCT FROM (EXCLUDED.entity_id, EXCLUDED.digest)`,
    [job.source, kind],
  );
}
