import type { Client } from 'pg';
import { isChecksumOf, type Migration } from './migration-files.ts';

// Prisma's own definition, column by column.
const CREATE_HISTORY = `
  CREATE TABLE _prisma_migrations (
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

/**
 * The migrations that the database does not have yet. Creates Prisma's table in an empty schema. The caller holds
 * Prisma's lock. Rejects when the schema contains tables of other software, or when an entry of the history is
 * unfinished, unknown or changed.
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
    await client.query(CREATE_HISTORY);
  }
  const { rows: history } = await client.query<HistoryEntry>(HISTORY);
  for (const entry of history) assertApplied(entry, migrations);
  const applied = new Set(history.map(({ name }) => name));
  return migrations.filter(({ name }) => !applied.has(name));
}

/** @throws Error unless the entry is a finished and unchanged migration of this version */
function assertApplied(entry: HistoryEntry, migrations: Migration[]): void {
  if (!entry.finished) {
    throw new Error(
      `Migration ${entry.name} was started on this database and did not finish${entry.logs ? ` (${entry.logs.trim()})` : ''}: ` +
        'repair the schema, then mark the migration with `prisma migrate resolve`.',
    );
  }
  const migration = migrations.find(({ name }) => name === entry.name);
  if (migration === undefined) {
    throw new Error(
      `The database has migration ${entry.name}, which this version of Broadsheet does not contain: start a newer version.`,
    );
  }
  if (!isChecksumOf(migration, entry.checksum)) {
    throw new Error(
      `Migration ${entry.name} has changed since it was applied to this database: restore its file, and put the change into a new migration.`,
    );
  }
}
