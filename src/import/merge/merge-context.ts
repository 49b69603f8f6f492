import type pg from 'pg';
import type { Outcomes, Reason, RecordLocation, ReportBuilder } from '../report.ts';
import type { ThreadMap } from '../thread-map.ts';

export interface MergeContext {
  client: pg.ClientBase;
  report: ReportBuilder;
  /** Identifies the imported site in the table `provenance`. */
  source: string;
  /** What the format calls the ids of its records, for the report. */
  idNames: IdNames;
  /** Articles that an operator has named for threads. */
  threadMap: ThreadMap | null;
}

export interface IdNames {
  author: string;
  article: string;
  comment: string;
}

/** How many rows of a merge table have each outcome. */
export async function countOutcomes(client: pg.ClientBase, table: string): Promise<Partial<Outcomes>> {
  const counted = await client.query<{ outcome: keyof Outcomes; count: number }>(`
    SELECT outcome, count(*)::int FROM ${table} WHERE outcome IS NOT NULL GROUP BY 1`);
  return Object.fromEntries(counted.rows.map(({ outcome, count }) => [outcome, count]));
}

/** Counts the rows of a query with the columns id, title and line under one reason. */
export async function countReason(client: pg.ClientBase, reason: string, query: string): Promise<Reason> {
  const counted = await client.query<RecordLocation & { count: number }>(`
    SELECT coalesce(id, '') AS id, coalesce(title, '') AS title, line, (count(*) OVER ())::int AS count
      FROM (${query}) counted ORDER BY line LIMIT 3`);
  const examples = counted.rows.map(({ id, title, line }) => ({ id, title, line }));
  return { reason, count: counted.rows[0]?.count ?? 0, examples };
}

/** Stores the id and the digest of each row of a merge table, so that the next import recognizes it. */
export async function recordProvenance(context: MergeContext, kind: string, table: string): Promise<void> {
  await context.client.query(
    `
    INSERT INTO provenance AS p (source, kind, external_id, entity_id, digest)
    SELECT $1, $2, external_id, id, digest FROM ${table} WHERE outcome IS NOT NULL
    ON CONFLICT (source, kind, external_id) DO UPDATE
      SET entity_id = EXCLUDED.entity_id, digest = EXCLUDED.digest, imported_at = CURRENT_TIMESTAMP
    WHERE (p.entity_id, p.digest) IS DISTINCT FROM (EXCLUDED.entity_id, EXCLUDED.digest)`,
    [context.source, kind],
  );
}
