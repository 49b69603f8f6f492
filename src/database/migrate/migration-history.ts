import type { Client } from 'pg';
import { isChecksumOf, type Migration } from './migration-files.ts';

// Prisma's own definition, column by column.
const CREATE_HISTORY = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

// Tables and views that do not belong to an extension.
const EXISTING_TABLES = `
  SELECT relname AS name FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT EXISTS (
      SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
  ORDER BY relname LIMIT 3`;

// An operator has resolved a migration that is marked as rolled back; Prisma treats it as never applied.
const HISTORY = `
  SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, logs FROM _prisma_migrations
  WHERE rolled_back_at IS NULL ORDER BY started_at`;

interface HistoryEntry {
  name: string;
  checksum: string;
  finished: boolean;
  logs: string | null;
}

/** Names a migration that the former release cannot run on. Others only add what it does not know. */
const CONTRACTS = /_contract_/;

/** Creates Prisma's table. The caller holds Prisma's lock. */
export async function createHistory(client: Client): Promise<void> {
  await client.query(CREATE_HISTORY);
}

/**
 * The migrations that the database does not have yet. Changes nothing. Rejects when the schema contains tables of other
 * software, or when an entry of the history is unfinished, changed, or one that this version cannot run on.
 */
export async function findPendingMigrations(client: Client, migrations: Migration[]): Promise<Migration[]> {
  const { rows: tables } = await client.query(`SELECT to_regclass('public._prisma_migrations') AS found`);
  if (tables[0].found === null) {
    const { rows: existing } = await client.query<{ name: string }>(EXISTING_TABLES);
    if (existing.length > 0) {
      throw new Error(
        `The database contains tables of other software (${existing.map(({ name }) => name).join(', ')}): give Broadsheet an empty database.`,
      );
    }
    return migrations;
  }
  const { rows: history } = await client.query<HistoryEntry>(HISTORY);
  for (const entry of history) assertApplied(entry, migrations);
  const applied = new Set(history.map(({ name }) => name));
  return migrations.filter(({ name }) => !applied.has(name));
}

/** @throws Error unless the entry is a finished and unchanged migration of this version, or a later one that only adds */
function assertApplied(entry: HistoryEntry, migrations: Migration[]): void {
  if (!entry.finished) {
    throw new Error(
      `Migration ${entry.name} was started on this database and did not finish${entry.logs ? ` (${entry.logs.trim()})` : ''}: ` +
        'repair the schema, then mark the migration with `prisma migrate resolve`.',
    );
  }
  const migration = migrations.find(({ name }) => name === entry.name);
  if (migration === undefined) {
    if (entry.name > migrations.at(-1)!.name && !CONTRACTS.test(entry.name)) return;
    throw new Error(
      `The database has migration ${entry.name}, with which this version of Broadsheet cannot run: start a newer version.`,
    );
  }
  if (!isChecksumOf(migration, entry.checksum)) {
    throw new Error(
      `Migration ${entry.name} has changed since it was applied to this database: restore its file, and put the change into a new migration.`,
    );
  }
}

/** @throws Error unless all are migrations of this version, unchanged */
export function assertKnown(names: readonly Pick<Migration, 'name' | 'checksum'>[], migrations: Migration[]): void {
  for (const { name, checksum } of names) {
    const migration = migrations.find((other) => other.name === name);
    if (!migration || !isChecksumOf(migration, checksum))
      throw new Error(`Migration ${name} is not one of this version of Broadsheet: use the version that has it.`);
  }
}
