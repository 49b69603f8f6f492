import pg from 'pg';
import { BULK_SETTINGS, countArticles, countReactions } from '../../database/index.ts';
import { openTextFile } from '../file-text.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest } from '../import-format.ts';
import type { InputFile } from '../input-file.ts';
import { Progress } from '../progress.ts';
import { type ImportReport, ReportBuilder } from '../report.ts';
import { formatReport } from '../report-text.ts';
import { textLines } from '../text-lines.ts';
import { ArchivePictures } from './archive-pictures.ts';
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
  const client = await connect(url);
  const other = await connect(url).catch(async (error: unknown) => {
    await client.end();
    throw error;
  });
  try {
    // A row that occurs twice in the archive would wait for itself.
    await other.query(`SET lock_timeout = '60s'`);
    await client.query(BULK_SETTINGS);
    await client.query('BEGIN');
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    await client.query(`SET LOCAL broadsheet.counts = 'at the end'`);
    await requireEmpty(client);
    const builder = new ReportBuilder();
    const copier = new ArchivePictures({ client: other, file, pictures, report: builder, progress, signal });
    const writer = new ArchiveWriter(client, builder, async (names) => {
      if (!dryRun) await copier.copy(names);
    });
    await writeRows(writer, { file, report: builder, progress, signal });
    progress.reportStep('counting');
    await countArticles(client);
    await countReactions(client);
    // At the end: a rollback does not set them back.
    if (!dryRun) await writer.setSequences();
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
    await other.end();
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet import' });
  await client.connect();
  // A lost connection makes the running statement fail. Without a listener it would also end the process.
  client.on('error', () => {});
  return client;
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
