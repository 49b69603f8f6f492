import { stat } from 'node:fs/promises';
import { broadsheet } from './broadsheet/broadsheet.ts';
import { disqus } from './disqus/disqus.ts';
import { openTextFile } from './file-text.ts';
import { ghost } from './ghost/ghost.ts';
import { ImportError } from './import-error.ts';
import type { FileStart, ImportFormat, ImportRequest } from './import-format.ts';
import { markdown } from './markdown/markdown.ts';
import type { ImportReport } from './report.ts';
import { importWordPress } from './wordpress/import-wordpress.ts';

/** Characters at the start of a file by which its format is recognised. */
const START_LENGTH = 64 * 1024;

const wordpress: ImportFormat = {
  name: 'wordpress',
  files: 'a WordPress export (WXR 1.0 to 1.2), plain or gzipped, or the files of one',
  detects: ({ text }) => /<rss\b/.test(text) && /wordpress\.org\/export\/|<wp:wxr_version>/.test(text),
  import: ({ files, ...options }) => importWordPress({ file: files, ...options }),
};

/** The import formats, in the order in which a file is compared with them. */
export const FORMATS: readonly ImportFormat[] = [broadsheet, wordpress, ghost, disqus, markdown];

/**
 * Imports files in one transaction. Without a format, the files must begin like one.
 *
 * @throws ImportError if the files are not of the format, or of no format
 */
export async function importFiles({ format, ...request }: ImportRequest & { format?: string }): Promise<ImportReport> {
  const chosen = format === undefined ? await detectFormat(request.files) : formatNamed(format);
  return chosen.import(request);
}

function formatNamed(name: string): ImportFormat {
  const format = FORMATS.find((known) => known.name === name);
  if (!format) throw new ImportError(`The format "${name}" is unknown. ${listFormats()}`);
  return format;
}

async function detectFormat(files: readonly string[]): Promise<ImportFormat> {
  const [path] = files;
  if (path === undefined) throw new ImportError('No file is given.');
  const start = await readStart(path);
  const format = FORMATS.find((known) => known.detects(start));
  if (!format) throw new ImportError(`${path} begins like no format that can be imported. ${listFormats()}`);
  return format;
}

async function readStart(path: string): Promise<FileStart> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return { path, isFolder, text: '' };
  let text = '';
  for await (const chunk of (await openTextFile(path)).chunks) {
    text += chunk;
    if (text.length >= START_LENGTH) break;
  }
  return { path, isFolder, text: text.slice(0, START_LENGTH) };
}

function listFormats(): string {
  return `Name one: ${FORMATS.map(({ name, files }) => `${name} (${files})`).join(', ')}.`;
}
