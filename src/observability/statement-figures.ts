import type { EndedStatement } from '../database/index.ts';
import { DURATIONS, type Figures, Tally } from './figures.ts';

/** Counts SQL statements. */
export function countStatements(figures: Figures): (statement: EndedStatement) => void {
  const durations = figures.histogram(
    'statement_duration_seconds',
    'Time of SQL statements, or of several that are sent together, by the share of the connections that they use.',
    { labels: ['share'], buckets: DURATIONS },
  );
  const errors = new Tally();
  let rows = 0;
  figures.counters(
    'statement_errors{code}',
    "SQL statements that failed, by PostgreSQL's code or Node's.",
    () => errors,
  );
  figures.counter('statement_rows', 'Rows that SQL statements returned.', () => rows);

  return (statement) => {
    durations.observe(statement.milliseconds / 1_000, statement.share);
    rows += statement.rows;
    if (statement.error) errors.add(codeOf(statement.error));
  };
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.name;
}
