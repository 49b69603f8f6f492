import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import { projectRoot } from '../../root.ts';
import { type Migration, readMigrations } from './migration-files.ts';
import { pendingMigrations } from './migration-history.ts';

/** The key `prisma migrate` takes before it touches a database, so that it and Broadsheet never migrate at once. */
const PRISMA_LOCK = 72707369;

/** Milliseconds to wait for another gateway's migrations: a large table's new index takes minutes, not hours. */
const LOCK_LIMIT_MS = 10 * 60_000;

/** Milliseconds to wait for a connection before saying so. */
const CONNECT_LIMIT_MS = 10_000;

const OLDEST_SERVER = 15;

const LOCK_NOT_AVAILABLE = '55P03';

export interface MigrateOptions {
  /** Told of each migration when it has been applied. */
  log?: (line: string) => void;
  /** Where the migrations are, one directory each; the project's own unless a test says otherwise. */
  directory?: string;
}

/**
 * Brings the database at `url` to the newest migration, with Prisma's bookkeeping, so that `prisma migrate` agrees
 * with the result. Gateways that start together wait for each other. Resolves to the names it applied, in order.
 *
 * Rejects, and changes nothing, when the server is older than PostgreSQL 15, when the schema holds tables of other
 * software, or when the database's history is not the beginning of ours. A migration that fails leaves nothing of
 * itself; those before it stay.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = await readMigrations(options.directory ?? join(projectRoot, 'prisma', 'migrations'));
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  // A connection that breaks rejects the statement under way; without a listener it would also end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await refuseOldServer(client);
    await lock(client);
    // Prisma's client names the schema in every statement: tables made elsewhere would not be found.
    await client.query(`CREATE SCHEMA IF NOT EXISTS public; SET search_path TO public`);
    const pending = await pendingMigrations(client, migrations);
    for (const migration of pending) {
      await apply(client, migration);
      options.log?.(`Applied migration ${migration.name}.`);
    }
    return pending.map(({ name }) => name);
  } finally {
    // Ends the session, and the lock with it.
    await client.end();
  }
}

async function refuseOldServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  const version = rows[0]!.server_version;
  if (Number.parseInt(version, 10) < OLDEST_SERVER) {
    throw new Error(`Broadsheet needs PostgreSQL ${OLDEST_SERVER} or newer; DATABASE_URL leads to ${version}.`);
  }
}

async function lock(client: Client): Promise<void> {
  // A statement_timeout of the server or the URL would cut migrations short.
  await client.query(`SET statement_timeout = 0; SET lock_timeout = ${LOCK_LIMIT_MS}`);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE) {
      throw new Error(`Another process has been migrating this database for over ${LOCK_LIMIT_MS / 60_000} minutes.`);
    }
    throw error;
  }
  await client.query('SET lock_timeout = 0');
}

async function apply(client: Client, { name, script, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(script);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw new Error(`Migration ${name} failed${line(error, script)}: ${(error as Error).message}`, { cause: error });
  }
}

function line(error: unknown, script: string): string {
  if (!(error instanceof DatabaseError) || error.position === undefined) return '';
  return ` at line ${script.slice(0, Number(error.position)).split('\n').length}`;
}
