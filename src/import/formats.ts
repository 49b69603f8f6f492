import { stat } from 'node:fs/promises';
import { broadsheet } from './broadsheet/broadsheet.ts';
import { commento } from './comments/commento.ts';
import { coral } from './comments/coral.ts';
import { isso } from './comments/isso.ts';
import { remark42 } from './comments/remark42.ts';
import { disqus } from './disqus/disqus.ts';
import { feed } from './feed/feed.ts';
import { isZip, openTextFile } from './file-text.ts';
import { ghost } from './ghost/ghost.ts';
import { ImportError } from './import-error.ts';
import type { FileStart, ImportFormat, ImportRequest } from './import-format.ts';
import { aboutFile, type InputFile, nameOf } from './input-file.ts';
import { markdown } from './markdown/markdown.ts';
import type { ImportReport } from './report.ts';
import { importWordPress } from './wordpress/import-wordpress.ts';
import { ZipArchive, type ZippedFile } from './zip-archive.ts';

/** Characters at the start of a file by which its format is recognised. */
const START_LENGTH = 64 * 1024;

/** Files of an archive that a message lists. */
const MAX_LISTED = 5;

const wordpress: ImportFormat = {
  name: 'wordpress',
  files: 'a WordPress export (WXR 1.0 to 1.2), plain, gzipped or in a zip archive, or the files of one',
  detects: ({ text }) => /<rss\b/.test(text) && /wordpress\.org\/export\/|<wp:wxr_version>/.test(text),
  import: ({ files, ...options }) => importWordPress({ file: files, ...options }),
};

/** The import formats, in the order in which a file is compared with them. */
export const FORMATS: readonly ImportFormat[] = [
  broadsheet,
  wordpress,
  ghost,
  disqus,
  remark42,
  isso,
  commento,
  coral,
  feed,
  markdown,
];

/** Files to import, as an operator names them. */
type NamedFiles = Omit<ImportRequest, 'files'> & { files: readonly string[]; format?: string };

/**
 * Imports files. Without a format, the files must begin like one. Archives are read as the files in them.
 *
 * @throws ImportError if the files are not of the format, or of no format
 */
export async function importFiles({ format, files: paths, ...request }: NamedFiles): Promise<ImportReport> {
  const archives: ZipArchive[] = [];
  try {
    const inputs: InputFile[] = [];
    for (const path of paths) {
      if (!(await isZip(path))) inputs.push(path);
      else archives.push(await ZipArchive.open(path));
    }
    const named = format === undefined ? null : formatNamed(format);
    const chosen = await chooseFiles({ inputs, archives, named });
    const [file] = chosen.files;
    return await chosen.format.import({ ...request, files: chosen.files }).catch((error: unknown) => {
      throw file !== undefined && chosen.files.length === 1 ? aboutFile(error, file, chosen.files) : error;
    });
  } finally {
    for (const archive of archives) archive.close();
  }
}

interface Choice {
  format: ImportFormat;
  files: readonly InputFile[];
}

interface Inputs {
  inputs: readonly InputFile[];
  archives: readonly ZipArchive[];
  /** The format that the operator has named. */
  named: ImportFormat | null;
}

/** The format, and the files of it: of archives, those that are of the format by their content. */
async function chooseFiles({ inputs, archives, named }: Inputs): Promise<Choice> {
  const zipped = await detectFormats(archives.flatMap(({ files }) => files));
  const first = inputs[0];
  const format = named ?? (first === undefined ? formatOfArchives(zipped, archives) : await detectFormat(first));
  const found = zipped
    .filter((one) => format.includes?.(one.file.name) ?? one.format === format)
    .map(({ file }) => file);
  for (const archive of archives)
    if (!found.some((file) => file.archive === archive))
      throw new ImportError(`${archive.path} has no file that begins like ${format.files}. ${listContents(archive)}`);
  return { format, files: [...inputs, ...found] };
}

interface DetectedFile {
  file: ZippedFile;
  format: ImportFormat | undefined;
}

async function detectFormats(files: readonly ZippedFile[]): Promise<DetectedFile[]> {
  const detected: DetectedFile[] = [];
  for (const file of files) {
    const start = await readStart(file).catch((error: unknown) => {
      throw aboutFile(error, file, files);
    });
    const format = FORMATS.find((known) => known.detects(start) && (known.includes?.(file.name) ?? true));
    detected.push({ file, format });
  }
  return detected;
}

function formatOfArchives(files: readonly DetectedFile[], [archive]: readonly ZipArchive[]): ImportFormat {
  if (!archive) throw new ImportError('No file is given.');
  const formats = new Map(files.filter(({ format }) => format).map(({ file, format }) => [format!, file.name]));
  const [format, ...others] = formats.keys();
  if (!format) throw new ImportError(`${archive.path} has no file of a known format. ${listContents(archive)}`);
  if (others.length === 0) return format;
  const examples = [...formats].map(([{ name }, file]) => `${name} (${file})`);
  throw new ImportError(`${archive.path} has files of several formats. Name one of them: ${examples.join(', ')}.`);
}

function listContents({ files }: ZipArchive): string {
  const names = files.slice(0, MAX_LISTED).map(({ name }) => name);
  if (names.length === 0) return 'It is empty.';
  return `It has ${names.join(', ')}${files.length > MAX_LISTED ? ` and ${files.length - MAX_LISTED} more files` : ''}.`;
}

function formatNamed(name: string): ImportFormat {
  const format = FORMATS.find((known) => known.name === name);
  if (!format) throw new ImportError(`The format "${name}" is unknown. ${listFormats()}`);
  return format;
}

async function detectFormat(file: InputFile): Promise<ImportFormat> {
  const start = await readStart(file);
  const format = FORMATS.find((known) => known.detects(start));
  if (!format) throw new ImportError(`${nameOf(file)} begins like no format that can be imported. ${listFormats()}`);
  return format;
}

async function readStart(file: InputFile): Promise<FileStart> {
  const isFolder =
    typeof file === 'string' &&
    (await stat(file).then(
      (found) => found.isDirectory(),
      () => false,
    ));
  if (isFolder) return { file, isFolder, text: '' };
  let text = '';
  for await (const chunk of (await openTextFile(file)).chunks) {
    text += chunk;
    if (text.length >= START_LENGTH) break;
  }
  return { file, isFolder, text: text.slice(0, START_LENGTH) };
}

function listFormats(): string {
  return `Name one: ${FORMATS.map(({ name, files }) => `${name} (${files})`).join(', ')}.`;
}
