import { parseUrl } from '../../../schema/content/text/parse-url.ts';
import { openTextFile } from '../file-text.ts';
import { ImportError } from '../import-error.ts';
import { type ImportOptions, importSite } from '../import-site.ts';
import { aboutFile, type InputFile } from '../input-file.ts';
import type { ImportReport } from '../report.ts';
import { RecordStager } from './record-stager.ts';
import { blogAddress } from './wordpress-addresses.ts';
import { WxrReader } from './wxr-reader.ts';
import type { Fields } from './wxr-records.ts';

export interface WordPressImportOptions extends ImportOptions {
  /** A WXR file, 1.0 to 1.2, plain or gzipped; or the files of one export. */
  file: InputFile | readonly InputFile[];
  /** Imports pages as articles. @default false */
  pages?: boolean;
  /** Address of the site. Without it, the site is the one that the file names. */
  site?: string;
}

/**
 * Imports a WordPress export. A second import of the same file changes nothing. A later export of
 * the same site adds new content and updates changed content; content that it lacks is kept.
 *
 * @throws ImportError if the file is not a complete WordPress export; the message names the line
 */
export function importWordPress({
  file,
  pages = false,
  site,
  ...options
}: WordPressImportOptions): Promise<ImportReport> {
  return importSite(options, async ({ staging, report, progress }) => {
    const files = [file].flat();
    let reader: WxrReader | undefined;
    const blog = () => blogAddress(reader?.channel ?? new Map());
    const stager = new RecordStager({ staging, report, pages, blog });
    let source: string | undefined;
    for (const one of files) {
      try {
        reader = new WxrReader((record) => stager.stage(record), reader?.items);
        const { chunks, size, position } = await openTextFile(one);
        for await (const chunk of chunks) {
          options.signal?.throwIfAborted();
          reader.write(chunk);
          await staging.flushIfFull();
          progress.reportRead({ items: reader.items, comments: report.readCount('comments'), bytes: position(), size });
        }
        reader.end();
        source = sameSource(source, sourceOf(reader.channel, site));
      } catch (error) {
        throw aboutFile(error, one, files);
      }
    }
    await stager.finish(options.signal);
    if (!reader || source === undefined) throw new ImportError('No file is given.');
    return {
      source,
      isChosen: site !== undefined,
      format: 'WXR',
      version: reader.version,
      idNames: ID_NAMES,
    };
  });
}

const ID_NAMES = { author: 'wp:author_login', article: 'wp:post_id', comment: 'wp:comment_id' };

/** @throws ImportError if a file is of another site than those before it */
function sameSource(before: string | undefined, source: string): string {
  const bare = (name: string) => name.replace(/https?:\/\/(?:www\.)?/, '');
  if (before === undefined || bare(before) === bare(source)) return before ?? source;
  throw new ImportError(
    `The file is of ${source.replace(/^wordpress:/, '')}, the one before it of ${before.replace(/^wordpress:/, '')}. ` +
      'Import sites one by one, or name the site of all files with --site.',
  );
}

function sourceOf(channel: Fields, site?: string): string {
  const named = ['wp:base_blog_url', 'wp:base_site_url', 'link'].map((name) => channel.get(name)?.trim() ?? '');
  const address = site === undefined ? named.map(siteAddress).find((found) => found !== null) : siteAddress(site);
  if (address) return `wordpress:${address}`;
  throw new ImportError(
    site === undefined
      ? 'The export does not name its site: none of wp:base_blog_url, wp:base_site_url and link is an http or https URL. ' +
          'Name it with --site https://example.com'
      : `--site ${site} is no http or https URL.`,
  );
}

function siteAddress(address: string): string | null {
  const url = /^https?:\/\//i.test(address) ? parseUrl(address) : null;
  if (url === null) return null;
  const { protocol, host, pathname } = url;
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}
