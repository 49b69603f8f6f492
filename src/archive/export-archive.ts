import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { type CopiedPictures, copyPictures, type Pictures } from '../media/index.ts';
import { mediaFolderOf } from './media-folder.ts';
import { ARCHIVE_SEQUENCES, ARCHIVE_TABLES, ARCHIVE_VERSION, type ArchiveTable } from './tables.ts';

/** Characters and rows in memory at once. An article has at most 4 million characters, and commonly some thousands. */
const WANTED_CHARACTERS = 256 * 1024;
const MAX_ROWS = 100;

interface ExportOptions {
  /** Connection URL of the database. */
  url: string;
  /** A file, zipped if it ends with `.gz`; or a folder, which gets the file `broadsheet.ndjson`. */
  path: string;
  /** Where pictures are kept; null when they are not. Their files are copied into a folder beside the file. */
  pictures?: Pictures | null;
  signal?: AbortSignal;
}

export interface ExportedArchive {
  /** The path of the file. */
  file: string;
  rows: number;
  pictures: CopiedPictures;
}

/**
 * Writes everything that cannot be computed, as it is at one moment, as one line of JSON for each row. The file appears when it is
 * complete. Gateways may run meanwhile.
 *
 * Pictures are copied before the file appears; one that is there already is not copied again.
 */
export async function exportArchive({ url, path, pictures = null, signal }: ExportOptions): Promise<ExportedArchive> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = isFolder ? join(path, 'broadsheet.ndjson') : path;
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet export' });
  await client.connect();
  // A lost connection makes the running statement fail. Without a listener it would also end the process.
  client.on('error', () => {});
  // Of this export alone: another one may write to the same place.
  const partial = `${file}.${randomUUID()}.partial`;
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(
      `SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'`,
    );
    const counted = { rows: 0 };
    const lines = Readable.from(archiveLines(client, counted));
    const stages = [
      ...(file.endsWith('.gz') ? [createGzip()] : []),
      createWriteStream(partial, { mode: 0o600, flags: 'wx', flush: true }),
    ];
    await pipeline([lines, ...stages], signal ? { signal } : {});
    const copied = await copyPictures(client, { pictures, folder: mediaFolderOf(file), signal });
    await rename(partial, file);
    return { file, rows: counted.rows, pictures: copied };
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    await client.end();
  }
}

async function* archiveLines(client: pg.Client, counted: { rows: number }): AsyncGenerator<string> {
  const sequences = await client.query<{ name: string; last: string | null }>(
    'SELECT sequencename AS name, last_value AS last FROM pg_sequences WHERE schemaname = current_schema() AND sequencename = ANY ($1)',
    [ARCHIVE_SEQUENCES],
  );
  const last = new Map(sequences.rows.map((row) => [row.name, Number(row.last ?? 0)]));
  const header = Object.fromEntries(ARCHIVE_SEQUENCES.map((name) => [name, last.get(name) ?? 0]));
  yield `${JSON.stringify({ type: 'broadsheet', version: ARCHIVE_VERSION, sequences: header })}\n`;
  for (const table of ARCHIVE_TABLES) {
    await client.query(`DECLARE archive_rows NO SCROLL CURSOR FOR ${selectOf(table)}`);
    for (let count = 1; ; ) {
      const { rows } = await client.query<{ line: string }>(`FETCH ${count} FROM archive_rows`);
      if (rows.length === 0) break;
      counted.rows += rows.length;
      const lines = `${rows.map(({ line }) => line).join('\n')}\n`;
      yield lines;
      count = Math.min(MAX_ROWS, 2 * count, Math.ceil((count * WANTED_CHARACTERS) / lines.length));
    }
    await client.query('CLOSE archive_rows');
  }
  yield `${JSON.stringify({ type: 'end', rows: counted.rows })}\n`;
}

/** Texts are ordered by their bytes, whatever the collation of the database. */
function selectOf({ name, columns, order }: ArchiveTable): string {
  const levels = `
    WITH RECURSIVE reached AS (
      SELECT t.*, 0 AS level FROM topic t WHERE parent_id IS NULL
      UNION ALL SELECT t.*, above.level + 1 FROM topic t JOIN reached above ON above.id = t.parent_id
    ), leveled_topic AS (
      -- A circle that somebody has written into the database has no first topic, and comes last.
      SELECT * FROM reached UNION ALL SELECT t.*, NULL FROM topic t WHERE NOT EXISTS (SELECT FROM reached r WHERE r.id = t.id)
    )`;
  const sorted = order
    .split(', ')
    .map((column) => (TEXT_KEYS.has(column) ? `${column} COLLATE "C"` : column))
    .join(', ');
  return `${name === 'topic' ? levels : ''}
    SELECT row_to_json(r)::text AS line
      FROM (SELECT '${name}' AS type, ${columns.join(', ')} FROM ${name === 'topic' ? 'leveled_topic' : name} ORDER BY ${sorted}) r`;
}

const TEXT_KEYS = new Set(['slug', 'path', 'word', 'name', 'source', 'external_id', 'address']);
