import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { BackupError } from './backup-error.ts';
import { type BackupHeader, type BackupPart, decodeBackup, encodeBackup } from './backup-format.ts';
import { restoreParts } from './restore-parts.ts';
import { backupParts } from './write-backup.ts';

/** Told what was done of a total, which is an estimate. */
type OnProgress = (done: number, total: number) => void;

interface CopyOptions {
  signal?: AbortSignal | undefined;
  onProgress?: OnProgress | undefined;
}

const NEWLINE = 0x0a;

/**
 * Writes all tables of the database to a gzipped file, as they are at one moment. The file appears when it is complete and on disk.
 * Gateways may run meanwhile.
 */
export async function writeBackup({
  url,
  file,
  signal,
  onProgress,
}: CopyOptions & { url: string; file: string }): Promise<{ bytes: number; rows: Record<string, number> }> {
  const partial = `${file}.${randomUUID()}.partial`;
  const summary: { rows: Record<string, number> } = { rows: {} };
  const parts = observeParts(backupParts(url), summary, onProgress);
  try {
    await pipeline(
      Readable.from(encodeBackup(parts), { objectMode: false }),
      createGzip(),
      createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true }),
      signal ? { signal } : {},
    );
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return { bytes: (await stat(file)).size, rows: summary.rows };
}

/** Passes the parts on, with their progress by rows; `summary` gets the number of rows of each table. */
async function* observeParts(
  parts: AsyncIterable<BackupPart>,
  summary: { rows: Record<string, number> },
  onProgress: OnProgress = () => {},
): AsyncGenerator<BackupPart> {
  let done = 0;
  let total = 0;
  for await (const part of parts) {
    if (part.type === 'broadsheet-backup') total = part.estimatedRows;
    if (part.type === 'end') summary.rows = part.rows;
    if (part.type === 'rows') {
      // A line is a row: COPY writes a break within a text as \n.
      for (let at = part.data.indexOf(NEWLINE); at !== -1; at = part.data.indexOf(NEWLINE, at + 1)) done += 1;
      onProgress(done, Math.max(total, done));
    }
    yield part;
  }
}

/** The parts of a backup file. @throws BackupError for a file that is not one, or not as it was written */
async function* readParts(file: string, onBytes: (bytes: number) => void): AsyncGenerator<BackupPart> {
  const gunzip = createGunzip();
  const source = createReadStream(file).on('data', (chunk) => onBytes(chunk.length));
  // Its failure ends the reading below, which reports it.
  const piping = pipeline(source, gunzip).catch(() => {});
  try {
    yield* decodeBackup(gunzip);
  } catch (error) {
    throw readFailure(error as NodeJS.ErrnoException);
  } finally {
    source.destroy();
    gunzip.destroy();
    await piping;
  }
}

function readFailure(error: NodeJS.ErrnoException): Error {
  if (error.code === 'Z_BUF_ERROR') return new BackupError('The backup is not complete: the file ends too early.');
  if (error.code === 'Z_DATA_ERROR' && /header/.test(error.message))
    return new BackupError('This file is no backup of Broadsheet.');
  if (error.code?.startsWith('Z_')) return new BackupError(`The backup is damaged (${error.message}).`);
  return error;
}

interface CheckedBackup {
  header: BackupHeader;
  /** Bytes of the file. */
  size: number;
}

/** Reads the whole file. @throws BackupError unless it is complete and as it was written */
export async function checkBackup(file: string, { signal, onProgress }: CopyOptions = {}): Promise<CheckedBackup> {
  const { size } = await stat(file);
  let header: BackupHeader | undefined;
  let read = 0;
  const count = (bytes: number): void => {
    read += bytes;
    onProgress?.(read, size);
  };
  for await (const part of readParts(file, count)) {
    signal?.throwIfAborted();
    if (part.type === 'broadsheet-backup') header = part;
  }
  return { header: header!, size };
}

/**
 * Fills a database with a backup, in one transaction. Nothing is changed when it fails.
 * @returns the number of rows of each table
 */
export async function restoreBackup({
  url,
  file,
  overwrite,
  signal,
  onProgress,
}: CopyOptions & { url: string; file: string; overwrite: boolean }): Promise<Record<string, number>> {
  const { size } = await stat(file);
  let read = 0;
  const parts = readParts(file, (bytes) => {
    read += bytes;
    onProgress?.(read, size);
  });
  return restoreParts(parts, { url, overwrite, skipsIds: true, signal });
}

/**
 * Copies everything to an empty database, in one transaction. The caller sees to it that nothing changes meanwhile.
 * @returns the number of rows of each table
 */
export async function copyDatabase({
  from,
  to,
  signal,
  onProgress,
}: CopyOptions & { from: string; to: string }): Promise<Record<string, number>> {
  const parts = observeParts(backupParts(from), { rows: {} }, onProgress);
  return restoreParts(parts, { url: to, overwrite: false, skipsIds: false, signal });
}
