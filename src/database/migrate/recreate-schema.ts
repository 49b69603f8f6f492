import type { Client } from 'pg';
import { assertServerVersion, CREATE_SCHEMA, directoryOf, failureOf, lock, record } from './migrate.ts';
import { type Migration, readMigrations, statementsOf } from './migration-files.ts';
import { assertKnown, createHistory, findPendingMigrations } from './migration-history.ts';

/** A migration that a database has, or had when a backup of it was made. */
export type AppliedMigration = Pick<Migration, 'name' | 'checksum'>;

/** The migrations of the database, oldest first; null when it has no record of any. */
export async function readAppliedMigrations(client: Client): Promise<AppliedMigration[] | null> {
  const { rows: found } = await client.query(`SELECT to_regclass('public._prisma_migrations') AS history`);
  if (found[0].history === null) return null;
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum FROM public._prisma_migrations
     WHERE rolled_back_at IS NULL AND finished_at IS NOT NULL ORDER BY migration_name`,
  );
  return rows;
}

/** Waits for the migrations of other processes, and keeps them waiting until the session ends. Checks the server's version. */
export async function lockSchema(client: Client): Promise<void> {
  await assertServerVersion(client);
  await lock(client, undefined);
}

/**
 * Whether the database has just these migrations, and no others.
 * @throws Error when it has tables of other software, or when this version does not know one of the migrations
 */
export async function hasMigrations(client: Client, wanted: readonly AppliedMigration[]): Promise<boolean> {
  const migrations = await readMigrations(directoryOf({}));
  assertKnown(wanted, migrations);
  const applied = await readAppliedMigrations(client);
  if (applied === null) await findPendingMigrations(client, migrations);
  const names = new Set(applied?.map(({ name }) => name));
  return names.size === wanted.length && wanted.every(({ name }) => names.has(name));
}

/** The names of the tables that these migrations create. */
export async function tablesOfMigrations(wanted: readonly AppliedMigration[]): Promise<Set<string>> {
  const names = new Set(wanted.map(({ name }) => name));
  const scripts = (await readMigrations(directoryOf({}))).filter(({ name }) => names.has(name));
  return new Set(
    scripts.flatMap(({ script }) => [...script.matchAll(/^CREATE TABLE "?(\w+)"?/gm)].map(([, name]) => name!)),
  );
}

/**
 * Drops everything in the schema `public` that belongs to no extension, and applies these migrations, inside the caller's
 * transaction.
 */
export async function recreateSchema(client: Client, wanted: readonly AppliedMigration[]): Promise<void> {
  const names = new Set(wanted.map(({ name }) => name));
  const migrations = (await readMigrations(directoryOf({}))).filter(({ name }) => names.has(name));
  await client.query(`${CREATE_SCHEMA}; SET LOCAL search_path TO public`);
  await client.query(DROP_ALL);
  await createHistory(client);
  for (const migration of migrations) {
    try {
      // No table has a row yet, so an index that is created at once keeps nobody waiting.
      const statements = statementsOf(migration);
      await client.query(migration.isTransaction ? statements : statements.replaceAll(/\bCONCURRENTLY\b/gi, ''));
      await record(client, migration);
    } catch (error) {
      throw failureOf(error, migration);
    }
  }
}

const NOT_OF_EXTENSION = (catalog: string): string => `NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = '${catalog}'::regclass AND objid = o.oid AND deptype = 'e')`;

/** The names are read before anything is dropped, because CASCADE drops some of them. */
const DROP_ALL = `DO $$
  DECLARE statement text;
  BEGIN
    FOREACH statement IN ARRAY (
      SELECT coalesce(array_agg(text ORDER BY rank), '{}') FROM (
        SELECT 1 AS rank, format('DROP %s IF EXISTS public.%I CASCADE', CASE relkind
            WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'S' THEN 'SEQUENCE'
            ELSE 'TABLE' END, relname) AS text
          FROM pg_class o WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            AND ${NOT_OF_EXTENSION('pg_class')}
        UNION ALL SELECT 2, format('DROP ROUTINE IF EXISTS public.%I(%s) CASCADE', proname, pg_get_function_identity_arguments(oid))
          FROM pg_proc o WHERE pronamespace = 'public'::regnamespace AND ${NOT_OF_EXTENSION('pg_proc')}
        UNION ALL SELECT 3, format('DROP TYPE IF EXISTS public.%I CASCADE', typname)
          FROM pg_type o WHERE typnamespace = 'public'::regnamespace AND typtype = 'e' AND ${NOT_OF_EXTENSION('pg_type')}
      ) drops)
    LOOP
      EXECUTE statement;
    END LOOP;
  END $$`;
