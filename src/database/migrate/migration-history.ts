import type { Client } from 'pg';
import { isChecksumOf, type Migration } from './migration-files.ts';

// Prisma's own definition, column for column.
const BOOKKEEPING = `
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

// Tables and views that no extension brought along.
const OCCUPANTS = `
  SELECT relname AS name FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
    AND NOT EXISTS (
      SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
  ORDER BY relname LIMIT 3`;

// Rolled back means resolved by hand: Prisma counts such a migration as never applied.
const HISTORY = `
  SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, logs FROM _prisma_migrations
  WHERE rolled_back_at IS NULL ORDER BY started_at`;

interface Entry {
  name: string;
  checksum: string;
  finished: boolean;
  logs: string | null;
}

/**
 * Those of `migrations` that the database has not seen. Makes Prisma's table in an empty schema. Call it under
 * Prisma's lock. Rejects when applying them could not lead to our schema: see `refuse`, and a schema in use.
 */
export async function pendingMigrations(client: Client, migrations: Migration[]): Promise<Migration[]> {
  const { rows: tables } = await client.query(`SELECT to_regclass('public._prisma_migrations') AS found`);
  if (tables[0].found === null) {
    const { rows: occupants } = await client.query<{ name: string }>(OCCUPANTS);
    if (occupants.length > 0) {
      throw new Error(
        `The database holds tables of other software (${occupants.map(({ name }) => name).join(', ')}): give Broadsheet an empty one.`,
      );
    }
    await client.query(BOOKKEEPING);
  }
  const { rows: history } = await client.query<Entry>(HISTORY);
  for (const entry of history) refuse(entry, migrations);
  const applied = new Set(history.map(({ name }) => name));
  return migrations.filter(({ name }) => !applied.has(name));
}

function refuse(entry: Entry, migrations: Migration[]): void {
  if (!entry.finished) {
    throw new Error(
      `Migration ${entry.name} was begun on this database and has not finished${entry.logs ? ` (${entry.logs.trim()})` : ''}: ` +
        'repair what it left, then tell the database with `prisma migrate resolve`.',
    );
  }
  const ours = migrations.find(({ name }) => name === entry.name);
  if (ours === undefined) {
    throw new Error(
      `The database has migration ${entry.name}, which this version of Broadsheet does not know: start a newer version.`,
    );
  }
  if (!isChecksumOf(ours, entry.checksum)) {
    throw new Error(
      `Migration ${entry.name} has changed since it was applied to this database: restore its file, and put the change into a migration of its own.`,
    );
  }
}
