// Imports a site from a WordPress export: everything of a file, or nothing of it.
import pg from 'pg';
import { ImportError } from './error.ts';
import { openText } from './file-text.ts';
import { merge } from './merge.ts';
import { Progress } from './progress.ts';
import { RecordReader } from './read.ts';
import { type ImportReport, reportText, Tally } from './report.ts';
import { Staging } from './staging.ts';
import { type Channel, WxrReader } from './wxr.ts';

export { ImportError } from './error.ts';
export type { ImportReport } from './report.ts';

export interface ImportWordPress {
  /** Path of a WXR file, 1.0 to 1.2, plain or gzipped. */
  file: string;
  /** Of the migrated database, such as `postgres://…`. */
  url: string;
  /** Does everything and keeps nothing. */
  dryRun?: boolean;
  /** Pages become articles too. */
  pages?: boolean;
  /** Gets progress and the closing table. */
  out: NodeJS.WritableStream;
  /** Ends the import, which then leaves nothing. */
  signal?: AbortSignal;
}

/** What an import writes to; their statistics are renewed after it. */
const WRITTEN = 'author, topic, article, article_topic, former_slug, comment, provenance, search_document';

/**
 * Imports a WordPress export in one transaction. Again with the same file it changes nothing; with a later one it
 * makes and updates what is new and what changed, and leaves what is missing.
 *
 * @throws ImportError for a file that is no whole WordPress export, with the line where it goes wrong.
 */
export async function importWordPress(options: ImportWordPress): Promise<ImportReport> {
  const { file, url, dryRun = false, pages = false, out, signal } = options;
  const progress = new Progress(out);
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet import' });
  await client.connect();
  // A lost connection fails the statement under way; without a listener it would also end the process.
  client.on('error', () => {});
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`);
    const tally = new Tally();
    const staging = new Staging(client);
    await staging.open();
    const reader = new RecordReader({ staging, tally, pages });
    const wxr = new WxrReader((record) => reader.take(record));
    const text = await openText(file);
    for await (const chunk of text.chunks) {
      signal?.throwIfAborted();
      wxr.write(chunk);
      await staging.relieve();
      progress.read({ items: wxr.items, comments: tally.count('comments'), bytes: text.position(), size: text.size });
    }
    wxr.end();
    await staging.finish();
    const source = sourceOf(wxr.channel);
    await merge({ client, tally, source }, (step) => {
      signal?.throwIfAborted();
      progress.step(step);
    });
    await client.query(dryRun ? 'ROLLBACK' : 'COMMIT');
    const report = tally.report({ source, version: wxr.version, dryRun });
    if (changed(report) && !dryRun) await client.query(`ANALYZE ${WRITTEN}`);
    progress.end();
    out.write(reportText(report));
    return report;
  } catch (error) {
    progress.end();
    throw error;
  } finally {
    // Whatever has not been committed goes with the connection.
    await client.end();
  }
}

function sourceOf(channel: Channel): string {
  for (const name of ['wp:base_blog_url', 'wp:base_site_url', 'link']) {
    const written = channel.get(name)?.trim() ?? '';
    if (!/^https?:\/\//i.test(written) || !URL.canParse(written)) continue;
    const { protocol, host, pathname } = new URL(written);
    return `wordpress:${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
  }
  throw new ImportError('The export does not say which site it is of: wp:base_blog_url and link are missing.');
}

function changed(report: ImportReport): boolean {
  return report.kinds.some(({ made, updated }) => made > 0 || updated > 0);
}
