import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client, DatabaseError } from 'pg';
import type { Logger } from '../../logger.ts';
import { projectRoot } from '../../root.ts';
import { type Migration, readMigrations } from './migration-files.ts';
import { findPendingMigrations } from './migration-history.ts';

/** The advisory lock of `prisma migrate`, so that it and Broadsheet never migrate at the same time. */
const PRISMA_LOCK = 72707369;

/** Milliseconds to wait for the migrations of another process: an index on a large table takes minutes, not hours. */
const LOCK_LIMIT_MS = 10 * 60_000;

/** Milliseconds to wait for a connection. */
const CONNECT_LIMIT_MS = 10_000;

const OLDEST_SERVER = 15;

const LOCK_NOT_AVAILABLE = '55P03';

interface MigrateOptions {
  /** Receives a line for each applied migration. */
  log?: Pick<Logger, 'info'>;
  /**
   * Contains the migrations, one directory each.
   * @default prisma/migrations of the project
   */
  directory?: string;
}

/**
 * Applies the migrations that the database at `url` does not have yet, and records them as Prisma does, so that
 * `prisma migrate` agrees with the result. Gateways that start together wait for each other. Resolves to the names of
 * the applied migrations, in order.
 *
 * Rejects, and changes nothing, when the server is older than PostgreSQL 15, when the schema contains tables of other
 * software, or when the database's history is not the beginning of this version's. A migration that fails is rolled
 * back; those before it stay applied.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = await readMigrations(options.directory ?? join(projectRoot, 'prisma', 'migrations'));
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  // A lost connection rejects the current statement; without a listener for the event it would also end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await assertServerVersion(client);
    await lock(client);
    // Prisma Client names the schema public in every statement, so the tables must be created there.
    await client.query(`CREATE SCHEMA IF NOT EXISTS public; SET search_path TO public`);
    const pending = await findPendingMigrations(client, migrations);
    for (const migration of pending) {
      await apply(client, migration);
      options.log?.info('Applied a migration', { migration: migration.name });
    }
    return pending.map(({ name }) => name);
  } finally {
    // The session ends, and releases the lock.
    await client.end();
  }
}

async function assertServerVersion(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  const version = rows[0]!.server_version;
  if (Number.parseInt(version, 10) < OLDEST_SERVER) {
    throw new Error(`Broadsheet needs PostgreSQL ${OLDEST_SERVER} or newer; the server in DATABASE_URL is ${version}.`);
  }
}

async function lock(client: Client): Promise<void> {
  // A statement_timeout of the server or the URL would interrupt long migrations.
  await client.query(`SET statement_timeout = 0; SET lock_timeout = ${LOCK_LIMIT_MS}`);
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE) {
      throw new Error(
        `Another process has been migrating this database for more than ${LOCK_LIMIT_MS / 60_000} minutes: wait for it, or stop it.`,
      );
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
    const message = `Migration ${name} failed${describePosition(error, script)}: ${(error as Error).message}`;
    throw new Error(message, { cause: error });
  }
}

function describePosition(error: unknown, script: string): string {
  if (!(error instanceof DatabaseError) || error.position === undefined) return '';
  return ` at line ${script.slice(0, Number(error.position)).split('\n').length}`;
}
