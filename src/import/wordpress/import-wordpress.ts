import { openTextFile } from '../file-text.ts';
import { ImportError } from '../import-error.ts';
import { type ImportOptions, importSite } from '../import-site.ts';
import type { ImportReport } from '../report.ts';
import { RecordStager } from './record-stager.ts';
import { WxrReader } from './wxr-reader.ts';
import type { Fields } from './wxr-records.ts';

export interface WordPressImportOptions extends ImportOptions {
  /** Path of a WXR file, 1.0 to 1.2, plain or gzipped. */
  file: string;
  /** Imports pages as articles. @default false */
  pages?: boolean;
}

/**
 * Imports a WordPress export in one transaction. A second import of the same file changes nothing. A later export of
 * the same site adds new content and updates changed content; content that it lacks is kept.
 *
 * @throws ImportError if the file is not a complete WordPress export; the message names the line
 */
export function importWordPress({ file, pages = false, ...options }: WordPressImportOptions): Promise<ImportReport> {
  return importSite(options, async ({ staging, report, progress }) => {
    const stager = new RecordStager({ staging, report, pages });
    const reader = new WxrReader((record) => stager.stage(record));
    const { chunks, size, position } = await openTextFile(file);
    for await (const chunk of chunks) {
      options.signal?.throwIfAborted();
      reader.write(chunk);
      await staging.flushIfFull();
      progress.reportRead({ items: reader.items, comments: report.readCount('comments'), bytes: position(), size });
    }
    reader.end();
    return { source: sourceOf(reader.channel), format: 'WXR', version: reader.version, idNames: ID_NAMES };
  });
}

const ID_NAMES = { author: 'wp:author_login', article: 'wp:post_id', comment: 'wp:comment_id' };

function sourceOf(channel: Fields): string {
  for (const name of ['wp:base_blog_url', 'wp:base_site_url', 'link']) {
    const address = channel.get(name)?.trim() ?? '';
    if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) continue;
    const { protocol, host, pathname } = new URL(address);
    return `wordpress:${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
  }
  throw new ImportError(
    'The export does not name its site: none of wp:base_blog_url, wp:base_site_url and link is an http or https URL.',
  );
}
