import { createHash } from 'node:crypto';
import { BackupError } from './backup-error.ts';
import { ByteReader } from './byte-reader.ts';

/** The version of the format. */
export const BACKUP_VERSION = 1;

/** Bytes of a line of JSON: the header has a line of its own for each migration and sequence, some kilobytes in all. */
const MAX_LINE = 1_000_000;

/** A sequence, from which ids come. */
export interface SequencePosition {
  name: string;
  /** Null while no value was taken. */
  last: number | null;
}

export interface BackupHeader {
  type: 'broadsheet-backup';
  version: number;
  /** ISO 8601, by the clock of the machine that made it. */
  created: string;
  /** The version of PostgreSQL that made it. */
  postgres: string;
  migrations: { name: string; checksum: string }[];
  sequences: SequencePosition[];
  /** Rows as the statistics of the database estimate them, for progress. */
  estimatedRows: number;
}

/**
 * The parts of a backup, in order: its header; each table with its rows, in the text format of COPY; its end. Each is a line of JSON.
 * That of rows is followed by as many bytes as it says.
 */
export type BackupPart =
  | BackupHeader
  | { type: 'table'; name: string; columns: string[] }
  | { type: 'rows'; data: Buffer }
  | { type: 'end'; rows: Record<string, number> };

/** The bytes of a backup. Its last line has the SHA-256 of all before it. */
export async function* encodeBackup(parts: AsyncIterable<BackupPart>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for await (const part of parts) {
    if (part.type === 'end') yield line({ ...part, sha256: hash.digest('hex') });
    else {
      const bytes = part.type === 'rows' ? [line({ type: 'rows', bytes: part.data.length }), part.data] : [line(part)];
      for (const piece of bytes) {
        hash.update(piece);
        yield piece;
      }
    }
  }
}

function line(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

/**
 * The parts of those bytes.
 * @throws BackupError for anything but a whole backup of this version, as it was written; of an altered one, at its end
 */
export async function* decodeBackup(source: AsyncIterable<Buffer>): AsyncGenerator<BackupPart> {
  const hash = createHash('sha256');
  const reader = new ByteReader(source);
  for (let isFirst = true; ; isFirst = false) {
    const text = await reader.line(MAX_LINE);
    if (text === null) throw new BackupError(isFirst ? NO_BACKUP : 'The backup is not complete: its end is missing.');
    const part = parsePart(text, isFirst);
    if (part.type === 'end') {
      if (part.sha256 !== hash.digest('hex'))
        throw new BackupError('The backup has been altered: its checksum is not that of its content.');
      if ((await reader.line(1)) !== null)
        throw new BackupError('The backup has been altered: something follows its end.');
      yield { type: 'end', rows: part.rows };
      return;
    }
    hash.update(text).update('\n');
    if (part.type !== 'rows') yield part;
    else
      for await (const data of reader.bytes(part.bytes)) {
        hash.update(data);
        yield { type: 'rows', data };
      }
  }
}

type ParsedPart = Exclude<BackupPart, { type: 'rows' | 'end' }> | { type: 'rows'; bytes: number } | ParsedEnd;
interface ParsedEnd {
  type: 'end';
  rows: Record<string, number>;
  sha256: string;
}

const NO_BACKUP = 'This file is no backup of Broadsheet.';

function parsePart(text: Buffer, isFirst: boolean): ParsedPart {
  let part: { [key: string]: unknown } | null = null;
  try {
    part = JSON.parse(text.toString());
  } catch {
    // Below.
  }
  if (isFirst) return checkHeader(part);
  if (part?.type === 'table' && typeof part.name === 'string' && isListOf(part.columns, 'string'))
    return part as unknown as ParsedPart;
  if (part?.type === 'rows' && Number.isSafeInteger(part.bytes) && (part.bytes as number) >= 0)
    return part as unknown as ParsedPart;
  if (part?.type === 'end' && typeof part.rows === 'object' && part.rows !== null) return part as unknown as ParsedPart;
  throw new BackupError('The backup is damaged: a line of it cannot be read.');
}

function checkHeader(part: { [key: string]: unknown } | null): BackupHeader {
  if (part?.type !== 'broadsheet-backup') throw new BackupError(NO_BACKUP);
  if (part.version !== BACKUP_VERSION)
    throw new BackupError(
      `The backup has version ${part.version} of the format, and this version of Broadsheet reads ${BACKUP_VERSION}.`,
    );
  if (!isListOf(part.migrations, 'object') || !isListOf(part.sequences, 'object'))
    throw new BackupError('The backup is damaged: its header cannot be read.');
  return part as unknown as BackupHeader;
}

function isListOf(value: unknown, type: string): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === type && entry !== null);
}
