import pg from 'pg';
import { BULK_SETTINGS } from '../database/index.ts';
import type { Pictures } from '../media/index.ts';
import { ImportError } from './import-error.ts';
import { removeGuests, writeGuests } from './merge/guests.ts';
import { resolveSource } from './merge/identity.ts';
import { matchRows, reportMerge, updateRows, writeNewRows } from './merge/merge.ts';
import type { IdNames, MergeContext } from './merge/merge-context.ts';
import { copyPictures } from './pictures/copy-pictures.ts';
import { openPlaces } from './pictures/picture-places.ts';
import { Progress } from './progress.ts';
import { type ImportReport, ReportBuilder } from './report.ts';
import { requireReportFile, writeReportFile } from './report-file.ts';
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
  /** Path of a file that gets a line for each record that was skipped or imported with differences. */
  reportFile?: string;
  /** Folders and addresses of the site from which its pictures are copied. @default [] */
  media?: readonly string[];
  /** Where they are copied to; null when pictures are not kept. */
  pictures?: Pictures | null;
  /** Milliseconds before a picture is fetched again. @default 1000 */
  firstWait?: number;
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
  /**
   * Whether the operator has named a site although files of this format do, so that it is not doubted; null for formats whose
   * files do not. @default null
   */
  isChosen?: boolean | null;
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
  'author, topic, article, article_topic, former_slug, article_address, author_address, topic_address, ' +
  'comment, provenance, search_document, search_comment';

/**
 * Stages the rows of a file, merges them into the tables and reports the outcome. All new content appears at once, by one
 * transaction; then content that is here already is changed in short ones. What is staged is in temporary tables of the connection.
 *
 * @param read stages the records of one file; formats differ in it alone
 */
export async function importSite(
  options: ImportOptions,
  read: (target: ImportTarget) => Promise<ImportedFile>,
): Promise<ImportReport> {
  const { url, overwrite = false, dryRun = false, out, map, reportFile, signal } = options;
  const threadMap = map === undefined ? null : await ThreadMap.read(map);
  if (reportFile !== undefined) await requireReportFile(reportFile);
  const target = await openPictureTarget(options);
  const progress = new Progress(out);
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet import' });
  await client.connect();
  // A lost connection makes the running statement fail. Without a listener it would also end the process.
  client.on('error', () => {});
  const stopCancelling = cancelOnAbort(client, url, signal);
  try {
    await prepareSession(client);
    const staging = new Staging(client);
    const builder = new ReportBuilder(
      reportFile === undefined ? undefined : (record) => staging.add('staged_note', record),
    );
    await staging.createTables();
    const {
      source: named,
      isChosen = null,
      format,
      version,
      idNames = ID_NAMES,
    } = await read({
      staging,
      report: builder,
      progress,
    });
    await staging.finish();
    if (target && !dryRun) await copyPictures({ ...target, staging, report: builder, progress, source: named, signal });
    const source = await resolveSource(client, { source: named, isChosen });
    const context = { client, report: builder, source, idNames, threadMap, overwrite, dryRun };
    await merge(context, progress, options);
    const report = builder.build({ source, format, version, dryRun });
    if (reportFile !== undefined) await writeReportFile(staging, reportFile);
    await threadMap?.write();
    if (!dryRun && hasChanges(report)) await client.query(`ANALYZE ${WRITTEN_TABLES}`);
    progress.end();
    out.write(formatReport(report));
    return report;
  } catch (error) {
    progress.end();
    throw error;
  } finally {
    stopCancelling();
    target?.places.close();
    // Closing the connection rolls back a transaction that is still open, and drops the temporary tables.
    await client.end();
  }
}

/** Null when no pictures are copied. @throws ImportError if they cannot be */
async function openPictureTarget({ media = [], pictures = null, firstWait }: ImportOptions) {
  if (media.length === 0) return null;
  if (pictures === null)
    throw new ImportError('Pictures are not kept: name a folder or a bucket for them with the variable MEDIA.');
  return { pictures, places: await openPlaces(media), firstWait };
}

/** Cancels the statement that runs when the import is aborted. @returns ends that */
function cancelOnAbort(client: pg.Client, url: string, signal: AbortSignal | undefined): () => void {
  const cancel = async (): Promise<void> => {
    const { processID } = client as pg.Client & { processID: number };
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('SELECT pg_cancel_backend($1)', [processID]).finally(() => other.end());
  };
  const onAbort = (): void => {
    // A statement that is not cancelled ends with the connection.
    cancel().catch(() => {});
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  return () => signal?.removeEventListener('abort', onAbort);
}

async function prepareSession(client: pg.Client): Promise<void> {
  await client.query('SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0');
  await client.query(BULK_SETTINGS);
  // A statement ends soon after this process does. Not all systems can do that.
  await client.query('SET client_connection_check_interval = 1000').catch(() => {});
}

async function merge(
  context: MergeContext,
  progress: Progress,
  { dryRun = false, signal, wakeReaders }: ImportOptions,
): Promise<void> {
  const { client } = context;
  const reportStep = (step: string): void => {
    signal?.throwIfAborted();
    progress.reportStep(step);
  };
  await matchRows(context, reportStep);
  if (dryRun) await client.query('BEGIN');
  await writeGuests(context);
  try {
    if (!dryRun) await client.query('BEGIN');
    await writeNewRows(context, reportStep);
    if (!dryRun) await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    if (!dryRun) await removeGuests(context).catch(() => {});
    throw error;
  }
  const restarted: number[] = [];
  try {
    await updateRows(context, {
      inTransaction: (work) => (dryRun ? inSavepoint(client, work) : inTransaction(client, work)),
      onBatch: (done, all) => reportStep(`changing articles, ${done} of ${all}`),
      restarted,
    });
  } finally {
    if (!dryRun && restarted.length > 0) await wakeReaders?.(restarted);
  }
  await reportMerge(context);
  if (dryRun) await client.query('ROLLBACK');
}

async function inTransaction(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  await work();
  await client.query('COMMIT');
}

/** A dry run gives each batch up at once, with its locks. */
async function inSavepoint(client: pg.ClientBase, work: () => Promise<void>): Promise<void> {
  await client.query('SAVEPOINT batch');
  await work();
  await client.query('ROLLBACK TO SAVEPOINT batch');
}

function hasChanges(report: ImportReport): boolean {
  return report.kinds.some(({ created, updated }) => created > 0 || updated > 0);
}
