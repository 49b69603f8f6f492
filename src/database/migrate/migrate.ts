import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import type { Logger } from '../../logger.ts';
import { projectRoot } from '../../root.ts';
import { type Migration, readMigrations, statementsOf } from './migration-files.ts';
import { assertKnown, createHistory, findPendingMigrations } from './migration-history.ts';

/** The advisory lock of `prisma migrate`, so that it and Broadsheet never migrate at the same time. */
const PRISMA_LOCK = 72707369;

/** Milliseconds to wait for the migrations of another process: an index on a large table takes minutes, not hours. */
const LOCK_LIMIT_MS = 10 * 60_000;

/** Milliseconds between attempts to take that lock. */
const LOCK_INTERVAL_MS = 250;

/**
 * Milliseconds that a migration waits for a lock on a table. Meanwhile everything else that wants the table waits behind it,
 * also readers. Then it is rolled back, and they have their turn.
 */
const TABLE_LOCK_LIMIT_MS = 2_000;

/** Milliseconds before the second attempt, doubled for each further one up to the limit above. */
const FIRST_RETRY_MS = 250;

/** Milliseconds after which a migration whose table is always in use fails. */
const TABLE_LIMIT_MS = 10 * 60_000;

/** Milliseconds to wait for a connection. */
const CONNECT_LIMIT_MS = 10_000;

const OLDEST_SERVER = 15;

const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK_DETECTED = '40P01';

/** PostgreSQL asks for the right to create schemas also IF the schema NOT EXISTS, and a role that may create tables in it is enough. */
export const CREATE_SCHEMA = `DO $$ BEGIN
  IF to_regnamespace('public') IS NULL THEN CREATE SCHEMA public; END IF;
END $$`;

interface MigrateOptions {
  /** Receives a line for each applied migration, and for each wait. */
  log?: Pick<Logger, 'info'>;
  /**
   * Contains the migrations, one directory each.
   * @default prisma/migrations of the project
   */
  directory?: string;
  /** Apply no others than these, which must be migrations of this version. */
  only?: readonly Pick<Migration, 'name' | 'checksum'>[];
  /** Milliseconds that a migration waits for a lock on a table before it is tried again. */
  tableLockLimit?: number;
}

/**
 * Applies the migrations that the database at `url` does not have yet, and records them as Prisma does, so that
 * `prisma migrate` agrees with the result. Gateways that start together wait for each other. Resolves to the names of
 * the applied migrations, in order.
 *
 * Rejects, and changes nothing, when the server is older than PostgreSQL 15, when the schema contains tables of other
 * software, or when the database's history is not that of this version. A migration that fails is rolled back; those
 * before it stay applied.
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<string[]> {
  const { log, only, tableLockLimit = TABLE_LOCK_LIMIT_MS } = options;
  const migrations = await readMigrations(directoryOf(options));
  if (only) assertKnown(only, migrations);
  return withConnection(url, async (client) => {
    await lock(client, log);
    // Prisma Client names the schema public in every statement, so the tables must be created there.
    await client.query(`${CREATE_SCHEMA}; SET search_path TO public`);
    const lacking = await findPendingMigrations(client, migrations);
    const pending = only ? lacking.filter(({ name }) => only.some((other) => other.name === name)) : lacking;
    if (pending.length > 0) await createHistory(client);
    for (const migration of pending) {
      if (migration.isTransaction) await applyWhenFree(client, migration, { log, tableLockLimit });
      else await applyAlone(client, migration);
      log?.info('Applied a migration', { migration: migration.name });
    }
    return pending.map(({ name }) => name);
  });
}

/** Rejects unless the database has all migrations. Changes nothing. */
export async function assertMigrated(url: string, options: Pick<MigrateOptions, 'directory'> = {}): Promise<void> {
  const migrations = await readMigrations(directoryOf(options));
  const pending = await withConnection(url, (client) => findPendingMigrations(client, migrations));
  if (pending.length === 0) return;
  throw new Error(
    `The database lacks ${pending.length} of the migrations of this version, from ${pending[0]!.name} on: ` +
      'run `broadsheet migrate`, or start with MIGRATE=on.',
  );
}

export function directoryOf({ directory }: Pick<MigrateOptions, 'directory'>): string {
  return directory ?? join(projectRoot, 'prisma', 'migrations');
}

/** Its locks are released at the end of the work, because the session ends. */
async function withConnection<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  // A lost connection rejects the current statement; without a listener for the event it would also end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await assertServerVersion(client);
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function assertServerVersion(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  const version = rows[0]!.server_version;
  if (Number.parseInt(version, 10) < OLDEST_SERVER) {
    throw new Error(`Broadsheet needs PostgreSQL ${OLDEST_SERVER} or newer; the server in DATABASE_URL is ${version}.`);
  }
}

/**
 * Takes the lock by attempts. A statement that waits for it would be a transaction, and an index that is created
 * concurrently waits for all of these.
 */
export async function lock(client: Client, log: MigrateOptions['log']): Promise<void> {
  // A statement_timeout of the server or the URL would interrupt long migrations.
  await client.query('SET statement_timeout = 0');
  const end = Date.now() + LOCK_LIMIT_MS;
  for (let attempt = 1; ; attempt += 1) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [PRISMA_LOCK]);
    if (rows[0]!.taken) return;
    if (attempt === 1) log?.info('Waiting for the migrations of another process');
    if (Date.now() > end) {
      throw new Error(
        `Another process has been migrating this database for more than ${LOCK_LIMIT_MS / 60_000} minutes: wait for it, or stop it.`,
      );
    }
    await delay(LOCK_INTERVAL_MS);
  }
}

interface WaitOptions {
  log: MigrateOptions['log'];
  tableLockLimit: number;
}

/** Applies a migration as soon as it gets its locks within the limit. */
async function applyWhenFree(
  client: Client,
  migration: Migration,
  { log, tableLockLimit }: WaitOptions,
): Promise<void> {
  const end = Date.now() + TABLE_LIMIT_MS;
  for (let pause = FIRST_RETRY_MS; ; pause = Math.min(pause * 2, TABLE_LOCK_LIMIT_MS)) {
    try {
      await apply(client, migration, tableLockLimit);
      return;
    } catch (error) {
      const { code } = ((error as Error).cause ?? {}) as { code?: string };
      const isBusy = code === LOCK_NOT_AVAILABLE || code === DEADLOCK_DETECTED;
      if (!isBusy || Date.now() > end) throw error;
      log?.info('A migration waits for a table that is in use, and is tried again', { migration: migration.name });
    }
    await delay(pause);
  }
}

async function apply(client: Client, migration: Migration, tableLockLimit: number): Promise<void> {
  await client.query(`BEGIN; SET LOCAL lock_timeout = ${tableLockLimit}`);
  try {
    await client.query(statementsOf(migration));
    await record(client, migration);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw failureOf(error, migration);
  }
}

/**
 * Applies a migration of one statement that no transaction may contain, such as CREATE INDEX CONCURRENTLY. One that failed
 * before has left an index that is not valid.
 */
async function applyAlone(client: Client, migration: Migration): Promise<void> {
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT indexrelid::regclass::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
       WHERE NOT indisvalid AND relnamespace = 'public'::regnamespace`,
    );
    for (const { name } of rows) await client.query(`DROP INDEX CONCURRENTLY ${name}`);
    await client.query(migration.script);
    await record(client, migration);
  } catch (error) {
    throw failureOf(error, migration);
  }
}

export function record(client: Client, { name, checksum }: Migration): Promise<unknown> {
  return client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ($1, $2, $3, statement_timestamp(), clock_timestamp(), 1)`,
    [randomUUID(), checksum, name],
  );
}

export function failureOf(error: unknown, { name, script }: Migration): Error {
  const message = `Migration ${name} failed${describePosition(error, script)}: ${(error as Error).message}`;
  return new Error(message, { cause: error });
}

function describePosition(error: unknown, script: string): string {
  if (!(error instanceof DatabaseError) || error.position === undefined) return '';
  return ` at line ${script.slice(0, Number(error.position)).split('\n').length}`;
}
