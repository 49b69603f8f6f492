import pg from 'pg';
import { repairReactionCounts, repairThreads } from '../../database/index.ts';
import { openTextFile } from '../file-text.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest } from '../import-format.ts';
import { Progress } from '../progress.ts';
import { type ImportReport, ReportBuilder } from '../report.ts';
import { formatReport } from '../report-text.ts';
import { ArchiveWriter } from './archive-writer.ts';

/** Characters of one line, which is kept in memory. */
const MAX_LINE = 64 * 1024 * 1024;

/** An archive of another installation, into one that has no content. */
export const broadsheet: ImportFormat = {
  name: 'broadsheet',
  files: "an archive of Broadsheet's own export, plain or gzipped, into an installation without content",
  detects: ({ text }) => /^\ufeff?\{"type":"broadsheet"/.test(text),
  import: importArchive,
};

async function importArchive({ url, files, dryRun = false, out, signal }: ImportRequest): Promise<ImportReport> {
  const [file] = files;
  if (file === undefined || files.length > 1) throw new ImportError('An archive is one file.');
  const progress = new Progress(out);
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet import' });
  await client.connect();
  // A lost connection makes the running statement fail. Without a listener it would also end the process.
  client.on('error', () => {});
  try {
    await client.query('BEGIN');
    await client.query('SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0');
    await requireEmpty(client);
    const builder = new ReportBuilder();
    await writeRows(client, { file, report: builder, progress, signal });
    progress.reportStep('rebuilding threads and counters');
    await repairReactionCounts(client);
    await repairThreads(client);
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
  file: string;
  report: ReportBuilder;
  progress: Progress;
  signal: AbortSignal | undefined;
}

async function writeRows(client: pg.Client, { file, report, progress, signal }: WriteOptions): Promise<void> {
  const writer = new ArchiveWriter(client, report);
  const { chunks, size, position } = await openTextFile(file);
  let rest = '';
  let line = 0;
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new ImportError(`has more than ${MAX_LINE} characters.`, line + 1);
    for (const text of lines) await writer.write(text, ++line);
    progress.reportRead({ items: writer.rows, comments: report.readCount('comments'), bytes: position(), size });
  }
  if (rest !== '') await writer.write(rest, ++line);
  await writer.end();
}
