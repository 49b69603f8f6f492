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
  /** The file wins over what was changed here since the last import. */
  overwrite: boolean;
  /** Everything is rolled back. */
  dryRun: boolean;
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
