import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { hasMigrations, lockSchema, recreateSchema, tablesOfMigrations } from '../database/index.ts';
import { BackupError } from './backup-error.ts';
import type { BackupHeader, BackupPart } from './backup-format.ts';
import { openCopyClient } from './copy-client.ts';
import { COPY_SETTINGS, type DatabaseTable, readSequences, readTables } from './database-tables.ts';
import { setSequences } from './sequences.ts';

/** Milliseconds for connections of gateways that have just stopped to end. */
const DISCONNECT_LIMIT = 3_000;
const DISCONNECT_INTERVAL = 100;

/** Tables whose rows make an installation one that has content. */
const CONTENT = ['author', 'topic', 'article', 'comment', 'forbidden_word', 'hold_setting', 'provenance'];

export interface RestoreOptions {
  url: string;
  /** Replace what the database has. */
  overwrite: boolean;
  /** Ids that were given after the backup was made may be known outside, so they are not given again. */
  skipsIds: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Fills the database with the parts of a backup, in one transaction. No gateway may use it: it keeps what it has read.
 * @returns the number of rows of each table
 * @throws BackupError
 */
export async function restoreParts(
  parts: AsyncIterable<BackupPart>,
  { url, overwrite, skipsIds, signal }: RestoreOptions,
): Promise<Record<string, number>> {
  const client = await openCopyClient(url, 'broadsheet restore');
  const abort = () => (client as unknown as { connection: pg.Connection }).connection.stream.destroy();
  signal?.addEventListener('abort', abort);
  const iterator = parts[Symbol.asyncIterator]();
  try {
    await lockSchema(client);
    await client.query('BEGIN');
    await client.query(COPY_SETTINGS);
    const header = await firstPart(iterator);
    await assertUnused(client);
    const present = await readSequences(client);
    await prepareTables(client, header, overwrite);
    const own = await tablesOfMigrations(header.migrations);
    // Others in the schema are an operator's.
    const tables = (await readTables(client)).filter(({ name }) => own.has(name));
    const names = tables.map(({ name }) => `public.${quote(name)}`);
    // Rows are as they were, also those that triggers compute.
    for (const name of names) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
    await client.query(`TRUNCATE ${names.join(', ')}`);
    const rows = await loadTables(client, iterator, tables);
    for (const name of names) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
    await assertCounts(client, rows);
    await setSequences(client, [...header.sequences, ...present], skipsIds);
    signal?.throwIfAborted();
    await client.query('COMMIT');
    await client.query('ANALYZE');
    return rows;
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof pg.DatabaseError ? refusalOf(error) : error;
  } finally {
    signal?.removeEventListener('abort', abort);
    await iterator.return?.().catch(() => {});
    await client.end();
  }
}

/** Errors of data and of constraints are those of the rows (errcodes-appendix). */
function refusalOf(error: pg.DatabaseError): BackupError {
  const reason = /^2[23]/.test(error.code ?? '') ? 'The backup is damaged' : 'The database does not take the backup';
  return new BackupError(`${reason}: ${error.message}`, { cause: error });
}

async function firstPart(iterator: AsyncIterator<BackupPart>): Promise<BackupHeader> {
  const { value } = await iterator.next();
  if (value?.type !== 'broadsheet-backup') throw new BackupError('The backup is damaged: its header is missing.');
  return value;
}

/** @throws BackupError while others are connected to the database */
async function assertUnused(client: pg.Client): Promise<void> {
  for (let waited = 0; ; waited += DISCONNECT_INTERVAL) {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND (backend_type IS NULL OR backend_type = 'client backend')`,
    );
    const { count } = rows[0]!;
    if (count === 0) return;
    if (waited >= DISCONNECT_LIMIT)
      throw new BackupError(
        `The database is in use (${count} other connections): stop the gateways, and what else is connected to it.`,
      );
    // Statistics of other sessions are read once in a transaction.
    await client.query('SELECT pg_stat_clear_snapshot()');
    await delay(DISCONNECT_INTERVAL);
  }
}

/** Gives the database the tables of the backup. */
async function prepareTables(client: pg.Client, { migrations }: BackupHeader, overwrite: boolean): Promise<void> {
  const isSame = await hasMigrations(client, migrations).catch((error: Error) => {
    throw new BackupError(error.message, { cause: error });
  });
  if (!overwrite && (await hasContent(client)))
    throw new BackupError('The database has content: restore into an empty one, or replace it all by --overwrite.');
  if (!isSame) await recreateSchema(client, migrations);
}

async function hasContent(client: pg.Client): Promise<boolean> {
  const { rows: found } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = ANY ($1)`,
    [CONTENT],
  );
  if (found.length === 0) return false;
  const { rows } = await client.query(
    `SELECT ${found.map(({ name }) => `EXISTS (SELECT FROM public.${quote(name)})`).join(' OR ')} AS has`,
  );
  return rows[0].has;
}

interface Load {
  iterator: AsyncIterator<BackupPart>;
  /** The part that follows what was loaded. */
  part: BackupPart;
}

/**
 * Loads the tables that the database has as well. What an operator has added to the one that was backed up is left out, and what was
 * added to this one stays.
 * @returns the number of rows of each table
 */
async function loadTables(
  client: pg.Client,
  iterator: AsyncIterator<BackupPart>,
  tables: readonly DatabaseTable[],
): Promise<Record<string, number>> {
  const loaded: Record<string, number> = {};
  const load: Load = { iterator, part: await nextPart(iterator) };
  while (load.part.type === 'table') {
    const { name, columns } = load.part;
    const table = tables.find((other) => other.name === name);
    if (!table) for await (const _ of rowsOf(load));
    else {
      if (name in loaded || !isSameSet(columns, table.columns))
        throw new BackupError(`The backup is damaged: the table ${name} has other columns, or is there twice.`);
      loaded[name] = await copyRows(client, load, { name, columns });
    }
  }
  if (load.part.type !== 'end') throw new BackupError('The backup is damaged: it has rows of no table.');
  const missing = tables.find(({ name }) => !(name in loaded));
  if (missing) throw new BackupError(`The backup is damaged: the table ${missing.name} is missing.`);
  for (const [name, count] of Object.entries(loaded))
    if (load.part.rows[name] !== count)
      throw new BackupError(
        `The backup is damaged: ${name} should have ${load.part.rows[name]} rows, and has ${count}.`,
      );
  const after = await iterator.next();
  if (!after.done) throw new BackupError('The backup is damaged: something follows its end.');
  return loaded;
}

async function copyRows(client: pg.Client, load: Load, { name, columns }: DatabaseTable): Promise<number> {
  const copy = client.query(copyFrom(`COPY public.${quote(name)} (${columns.map(quote).join(', ')}) FROM STDIN`));
  await pipeline(Readable.from(rowsOf(load), { objectMode: false }), copy);
  return copy.rowCount;
}

/** The rows of a table. */
async function* rowsOf(load: Load): AsyncGenerator<Buffer> {
  for (;;) {
    load.part = await nextPart(load.iterator);
    if (load.part.type !== 'rows') return;
    yield load.part.data;
  }
}

async function nextPart(iterator: AsyncIterator<BackupPart>): Promise<BackupPart> {
  const { done, value } = await iterator.next();
  if (done) throw new BackupError('The backup is not complete: its end is missing.');
  return value;
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && new Set([...a, ...b]).size === a.length;
}

/** Counts what the tables have, whatever COPY has said. */
async function assertCounts(client: pg.Client, expected: Record<string, number>): Promise<void> {
  for (const [name, count] of Object.entries(expected)) {
    const { rows } = await client.query<{ count: number }>(
      `SELECT count(*)::float8 AS count FROM public.${quote(name)}`,
    );
    if (rows[0]!.count !== count)
      throw new BackupError(`${name} has ${rows[0]!.count} rows after the copy, and should have ${count}.`);
  }
}

function quote(name: string): string {
  return pg.escapeIdentifier(name);
}
