import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { readAppliedMigrations } from '../database/index.ts';
import { BackupError } from './backup-error.ts';
import { BACKUP_VERSION, type BackupHeader, type BackupPart } from './backup-format.ts';
import { openCopyClient } from './copy-client.ts';
import { COPY_SETTINGS, type DatabaseTable, readSequences, readTables } from './database-tables.ts';

/** Bytes of rows in one part: PostgreSQL sends each row by itself. */
const PIECE = 256 * 1024;

/** Everything that the database at `url` has at one moment. Gateways may run meanwhile. */
export async function* backupParts(url: string): AsyncGenerator<BackupPart> {
  const client = await openCopyClient(url, 'broadsheet backup');
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(COPY_SETTINGS);
    const header = await readHeader(client);
    const tables = await readTables(client);
    // No migration changes a table before its rows are read.
    await client.query(
      `LOCK TABLE ${tables.map(({ name }) => `public.${quote(name)}`).join(', ')} IN ACCESS SHARE MODE`,
    );
    yield header;
    const rows: Record<string, number> = {};
    for (const table of tables) {
      yield { type: 'table', ...table };
      rows[table.name] = yield* tableRows(client, table);
    }
    yield { type: 'end', rows };
  } finally {
    await client.end();
  }
}

async function readHeader(client: pg.Client): Promise<BackupHeader> {
  const migrations = await readAppliedMigrations(client);
  if (!migrations || migrations.length === 0)
    throw new BackupError('The database has no tables of Broadsheet, so there is nothing to back up.');
  const { rows } = await client.query<{ postgres: string; estimate: number }>(
    `SELECT current_setting('server_version') AS postgres, (SELECT coalesce(sum(greatest(reltuples, 0)), 0)::float8 FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'r') AS estimate`,
  );
  const { postgres, estimate } = rows[0]!;
  return {
    type: 'broadsheet-backup',
    version: BACKUP_VERSION,
    created: new Date().toISOString(),
    postgres,
    migrations,
    sequences: await readSequences(client),
    estimatedRows: Math.round(estimate),
  };
}

/** @returns the number of rows */
async function* tableRows(client: pg.Client, { name, columns }: DatabaseTable): AsyncGenerator<BackupPart, number> {
  const stream = client.query(copyTo(`COPY public.${quote(name)} (${columns.map(quote).join(', ')}) TO STDOUT`));
  let pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    pieces.push(chunk);
    size += chunk.length;
    if (size < PIECE) continue;
    yield { type: 'rows', data: Buffer.concat(pieces) };
    pieces = [];
    size = 0;
  }
  if (size > 0) yield { type: 'rows', data: Buffer.concat(pieces) };
  return stream.rowCount;
}

function quote(name: string): string {
  return pg.escapeIdentifier(name);
}
