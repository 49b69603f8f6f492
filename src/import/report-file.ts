import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { ImportError } from './import-error.ts';
import type { ReportedRecord } from './report.ts';
import type { Staging } from './staging.ts';

/** Records that are read at once. */
const BATCH_SIZE = 2_000;

/** Writes each record that was skipped or imported with differences to a file, as one line of JSON. */
export async function writeReportFile(staging: Staging, path: string): Promise<void> {
  const temporary = temporaryOf(path);
  const file = await openReport(path);
  try {
    for (let after = 0; ; ) {
      const rows = await staging.query<ReportedRecord & { file_position: number }>(
        `SELECT * FROM staged_note WHERE file_position > $1 ORDER BY file_position LIMIT ${BATCH_SIZE}`,
        [after],
      );
      if (rows.length === 0) break;
      after = rows.at(-1)!.file_position;
      await file.write(rows.map(({ file_position: _, ...record }) => `${JSON.stringify(record)}\n`).join(''));
    }
    await rename(temporary, path);
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

/** @throws ImportError if the file cannot be written */
export async function requireReportFile(path: string): Promise<void> {
  const file = await openReport(path);
  await file.close();
  await rm(temporaryOf(path));
}

function openReport(path: string): Promise<FileHandle> {
  return open(temporaryOf(path), 'w').catch((cause: unknown) => {
    throw new ImportError(`The report cannot be written to ${path}.`, null, { cause });
  });
}

function temporaryOf(path: string): string {
  return `${path}.new`;
}
