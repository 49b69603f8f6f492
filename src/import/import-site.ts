import pg from 'pg';
import { resolveSource } from './merge/identity.ts';
import { mergeStagedRows } from './merge/merge.ts';
import type { IdNames } from './merge/merge-context.ts';
import { Progress } from './progress.ts';
import { type ImportReport, ReportBuilder } from './report.ts';
import { formatReport } from './report-text.ts';
import { Staging } from './staging.ts';
import { ThreadMap } from './thread-map.ts';

export interface ImportOptions {
  /** Connection URL of the migrated database, such as `postgres://…`. */
  url: string;
  /** Runs the whole import, then rolls it back. @default false */
  dryRun?: boolean;
  /** The file wins over what was changed here since the last import. @default false */
  overwrite?: boolean;
  /** Receives the progress and, at the end, the report. */
  out: NodeJS.WritableStream;
  /** Path of a table that names articles for threads; threads that match no article are added to it. */
  map?: string;
  /** Called after the commit with the articles whose logs begin a new epoch; without it, gateways notice within 2 s. */
  wakeReaders?: (articleIds: readonly number[]) => Promise<void>;
  /** Cancels the import, which is then rolled back. */
  signal?: AbortSignal;
}

/** Where a format's reader puts the records of a file. */
export interface ImportTarget {
  staging: Staging;
  report: ReportBuilder;
  progress: Progress;
}

/** The origin of a file, as a format's reader found it. */
export interface ImportedFile {
  /** Identifies the imported site, such as `wordpress:https://example.com`. */
  source: string;
  /** The operator has named the site, so it is not doubted. @default false */
  isChosen?: boolean;
  /** Name of the export format, such as WXR. */
  format: string;
  /** Version of the format, such as 1.2. */
  version: string;
  /** What the format calls the ids of its records. @default "id" */
  idNames?: IdNames;
}

const ID_NAMES: IdNames = { author: 'id', article: 'id', comment: 'id' };

/** The tables that an import writes to. */
const WRITTEN_TABLES =
  'author, topic, article, article_topic, former_slug, article_address, comment, provenance, search_document, search_comment';

/**
 * Stages the rows of a file, merges them into the tables and reports the outcome, all in one transaction.
 *
 * @param read stages the records of one file; formats differ in it alone
 */
export async function importSite(
  { url, dryRun = false, overwrite = false, out, map, wakeReaders, signal }: ImportOptions,
  read: (target: ImportTarget) => Promise<ImportedFile>,
): Promise<ImportReport> {
  const threadMap = map === undefined ? null : await ThreadMap.read(map);
  const progress = new Progress(out);
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet import' });
  await client.connect();
  // A lost connection makes the running statement fail. Without a listener it would also end the process.
  client.on('error', () => {});
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    const builder = new ReportBuilder();
    const staging = new Staging(client);
    await staging.createTables();
    const {
      source: named,
      isChosen = false,
      format,
      version,
      idNames = ID_NAMES,
    } = await read({ staging, report: builder, progress });
    await staging.finish();
    const source = await resolveSource(client, { source: named, isChosen });
    const restarted = await mergeStagedRows(
      { client, report: builder, source, idNames, threadMap, overwrite },
      (step) => {
        signal?.throwIfAborted();
        progress.reportStep(step);
      },
    );
    await client.query(dryRun ? 'ROLLBACK' : 'COMMIT');
    await threadMap?.write();
    if (!dryRun && restarted.length > 0) await wakeReaders?.(restarted);
    const report = builder.build({ source, format, version, dryRun });
    if (!dryRun && hasChanges(report)) await client.query(`ANALYZE ${WRITTEN_TABLES}`);
    progress.end();
    out.write(formatReport(report));
    return report;
  } catch (error) {
    progress.end();
    throw error;
  } finally {
    // Closing the connection rolls back a transaction that is still open.
    await client.end();
  }
}

function hasChanges(report: ImportReport): boolean {
  return report.kinds.some(({ created, updated }) => created > 0 || updated > 0);
}
