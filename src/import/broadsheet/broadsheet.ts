import pg from 'pg';
import { mediaFolderOf } from '../../archive/index.ts';
import { BULK_SETTINGS, countArticles, countReactions } from '../../database/index.ts';
import { FolderStore, type Pictures, pictureNames, StoreError } from '../../media/index.ts';
import { openTextFile } from '../file-text.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest } from '../import-format.ts';
import type { InputFile } from '../input-file.ts';
import { Progress } from '../progress.ts';
import { type ImportReport, ReportBuilder } from '../report.ts';
import { formatReport } from '../report-text.ts';
import { textLines } from '../text-lines.ts';
import { ArchiveWriter } from './archive-writer.ts';

/** An archive of another installation, into one that has no content. */
export const broadsheet: ImportFormat = {
  name: 'broadsheet',
  files: "an archive of Broadsheet's own export, plain or gzipped, into an installation without content",
  detects: ({ text }) => /^\ufeff?\{"type":"broadsheet"/.test(text),
  import: importArchive,
};

async function importArchive({
  url,
  files,
  dryRun = false,
  out,
  signal,
  pictures = null,
}: ImportRequest): Promise<ImportReport> {
  const [file] = files;
  if (file === undefined || files.length > 1) throw new ImportError('An archive is one file.');
  const progress = new Progress(out);
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet import' });
  await client.connect();
  // A lost connection makes the running statement fail. Without a listener it would also end the process.
  client.on('error', () => {});
  try {
    await client.query(BULK_SETTINGS);
    await client.query('BEGIN');
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    await client.query(`SET LOCAL broadsheet.counts = 'at the end'`);
    await requireEmpty(client);
    const builder = new ReportBuilder();
    const writer = new ArchiveWriter(client, builder);
    await writeRows(writer, { file, report: builder, progress, signal });
    progress.reportStep('counting');
    await countArticles(client);
    await countReactions(client);
    if (!dryRun) {
      await restorePictures(client, { file, pictures, report: builder, progress, signal });
      // After the pictures, which take the longest: a rollback does not set them back.
      await writer.setSequences();
    }
    await client.query(dryRun ? 'ROLLBACK' : 'COMMIT');
    if (!dryRun) await client.query('ANALYZE');
    const report = builder.build({ source: 'broadsheet:archive', format: 'Broadsheet', version: '1', dryRun });
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

interface RestoreOptions {
  file: InputFile;
  pictures: Pictures | null;
  report: ReportBuilder;
  progress: Progress;
  signal: AbortSignal | undefined;
}

/** Pictures after which the progress is shown. */
const REPORTED_EVERY = 100;

/**
 * Copies the files of the pictures from the folder beside the archive, and reports those that are not there. When that fails, the
 * files that it has copied are removed: their rows are rolled back, and nothing else names them.
 */
async function restorePictures(client: pg.Client, options: RestoreOptions): Promise<void> {
  const { file, pictures, report, progress, signal } = options;
  const source = typeof file === 'string' ? new FolderStore(mediaFolderOf(file)) : null;
  const taken: string[] = [];
  let copied = 0;
  try {
    for await (const name of pictureNames(client)) {
      signal?.throwIfAborted();
      const failure = pictures && source ? await restore(name, { pictures, source, taken }) : missingReason(pictures);
      if (failure !== null) report.addNote(failure, { id: name, title: '', line: 0 });
      else if (++copied % REPORTED_EVERY === 0) progress.reportStep(`copying pictures, ${copied} so far`);
    }
  } catch (error) {
    for (const name of taken) await pictures?.remove(name).catch(() => {});
    throw error;
  }
}

interface RestoreTarget {
  pictures: Pictures;
  source: FolderStore;
  /** Receives the names of pictures that were not here before. */
  taken: string[];
}

/** @returns why the picture is not here now; null when it is */
async function restore(name: string, { pictures, source, taken }: RestoreTarget): Promise<string | null> {
  try {
    const restored = await pictures.restore(source, name);
    if (restored === 'taken') taken.push(name);
    return restored === null ? missingReason(pictures) : null;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return `pictures were not copied: ${error.message}`;
  }
}

function missingReason(pictures: Pictures | null): string {
  return pictures
    ? 'pictures have no file, or a damaged one, in the folder beside the archive'
    : 'pictures were not copied: MEDIA names no folder or bucket for them';
}

async function requireEmpty(client: pg.Client): Promise<void> {
  await client.query('LOCK TABLE author, topic, article, comment IN EXCLUSIVE MODE');
  const found = await client.query(
    '(SELECT FROM author LIMIT 1) UNION ALL (SELECT FROM topic LIMIT 1) UNION ALL (SELECT FROM article LIMIT 1)',
  );
  if (found.rows.length > 0)
    throw new ImportError(
      'An archive is imported into an installation without content, and this one has some. Use an empty database, and `migrate` instead of `serve` to prepare it.',
    );
}

interface WriteOptions {
  file: InputFile;
  report: ReportBuilder;
  progress: Progress;
  signal: AbortSignal | undefined;
}

async function writeRows(writer: ArchiveWriter, { file, report, progress, signal }: WriteOptions): Promise<void> {
  const { chunks, size, position } = await openTextFile(file);
  let line = 0;
  for await (const lines of textLines(chunks)) {
    signal?.throwIfAborted();
    for (const text of lines) await writer.write(text, ++line);
    progress.reportRead({ items: writer.rows, comments: report.readCount('comments'), bytes: position(), size });
  }
  writer.end();
}
