import { importContent } from '../import-content.ts';
import { ImportError } from '../import-error.ts';
import type { ImportFormat, ImportRequest, ReadTarget } from '../import-format.ts';
import type { ImportedFile } from '../import-site.ts';
import { type JsonValue, readJsonValues } from '../json-values.ts';
import { GhostStager } from './ghost-stager.ts';
import { GhostTables } from './ghost-tables.ts';

/** An export has its tables in `db[0].data`; one that was made by hand may have them in `data`. */
const PATHS = ['$.db.*.data.*.*', '$.data.*.*', '$.db.*.meta', '$.meta'];

export const ghost: ImportFormat = {
  name: 'ghost',
  files: 'a Ghost export (JSON)',
  detects: ({ text }) =>
    /^\s*\{/.test(text) &&
    /"exported_on"\s*:|"posts"\s*:\s*\[|"posts_(tags|authors)"\s*:/.test(text) &&
    /"(db|data)"\s*:/.test(text),
  import: (request) => importContent(request, read),
};

/** Reads the file twice: first the small tables, then the posts and comments, which need them. */
async function read(request: ImportRequest, { content, progress }: ReadTarget): Promise<ImportedFile> {
  const [file] = request.files;
  if (file === undefined || request.files.length > 1) throw new ImportError('A Ghost export is one file.');
  const { signal } = request;
  const tables = new GhostTables();
  const afterPart = () => content.flushIfFull();
  const each = (onRow: (table: string, row: unknown) => void) =>
    readJsonValues({
      file,
      paths: PATHS,
      onValue: (found) => onRow(tableOf(found), found.value),
      afterPart,
      progress,
      signal,
    });
  await each((table, row) => tables.add(table, row));
  if (!tables.hasPosts) throw new ImportError('The file is not a Ghost export: it has no table "posts".');
  const stager = new GhostStager(content, { tables, pages: request.pages ?? false, site: request.site ?? null });
  stager.stagePeopleAndTopics();
  await each((table, row) => {
    if (table === 'posts') stager.stagePost(row);
  });
  // A comment needs the number of its post, and the tables of a file have any order.
  if (tables.hasComments)
    await each((table, row) => {
      if (table === 'comments') stager.stageComment(row);
    });
  return { source: `ghost:${request.site ?? tables.site}`, format: 'Ghost', version: tables.version };
}

/** The name of the table that a row is of; `meta` for the export's own data. */
function tableOf({ path }: JsonValue): string {
  return String(path.at(-1) === 'meta' ? 'meta' : path.at(-2));
}
