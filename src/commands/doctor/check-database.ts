import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Config } from '../../config.ts';
import { assertMigrated } from '../../database/index.ts';
import { type Finding, failure, ok, warning } from './finding.ts';

/** Seconds by which the clocks may differ. Tokens may be a minute off. */
const CLOCK_WARNING = 2;
const CLOCK_ERROR = 60;

/** Milliseconds until a notification must have arrived. */
const NOTIFICATION_LIMIT = 3_000;

/** Connections of a gateway besides those of DATABASE_CONNECTIONS: it cancels statements, and listens. */
const FURTHER_CONNECTIONS = 2;

const OLDEST_SERVER = 15;

/** Checks a database that answers. The connection is the caller's. */
export async function checkDatabase(client: pg.Client, config: Config, url: string): Promise<Finding[]> {
  return [
    await checkVersion(client),
    await checkEncoding(client),
    await checkWritable(client, config),
    await checkExtensions(client),
    await checkMigrations(url, config),
    await checkClock(client),
    await checkConnections(client, config),
    await checkDurability(client),
    ...(config.redisUrl === null ? [await checkNotifications(client, url)] : []),
  ];
}

async function setting(client: pg.Client, name: string): Promise<string> {
  const { rows } = await client.query<{ value: string }>('SELECT current_setting($1) AS value', [name]);
  return rows[0]!.value;
}

async function checkVersion(client: pg.Client): Promise<Finding> {
  const version = await setting(client, 'server_version');
  return Number.parseInt(version, 10) < OLDEST_SERVER
    ? failure('database version', `PostgreSQL ${version}; ${OLDEST_SERVER} or newer is needed`)
    : ok('database version', `PostgreSQL ${version}`);
}

async function checkEncoding(client: pg.Client): Promise<Finding> {
  const encoding = await setting(client, 'server_encoding');
  return encoding === 'UTF8'
    ? ok('encoding', encoding)
    : failure('encoding', `${encoding}; create the database with the encoding UTF8`);
}

async function checkWritable(client: pg.Client, { migrate }: Config): Promise<Finding> {
  const { rows } = await client.query<{ standby: boolean; may_create: boolean }>(
    `SELECT pg_is_in_recovery() AS standby, coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'),
       has_database_privilege(current_database(), 'CREATE')) AS may_create`,
  );
  const { standby, may_create } = rows[0]!;
  if (standby) return failure('writing', 'The server is a standby: DATABASE_URL must lead to the primary');
  if ((await setting(client, 'default_transaction_read_only')) === 'on')
    return failure('writing', 'default_transaction_read_only is on for this database or role');
  return may_create || !migrate
    ? ok('writing', 'The server takes changes')
    : failure('writing', 'This role may not create tables in the schema public, as migrations do');
}

async function checkExtensions(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT extname || ' ' || extversion AS name FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1`,
  );
  const names = rows.map(({ name }) => name).join(', ');
  return ok('extensions', `None is needed${names && `; there are ${names}`}`);
}

async function checkMigrations(url: string, config: Config): Promise<Finding> {
  try {
    await assertMigrated(url);
    return ok('migrations', 'All are applied');
  } catch (error) {
    const { message } = error as Error;
    const isPending = message.startsWith('The database lacks');
    return isPending && config.migrate
      ? warning('migrations', 'Some are pending; the next start of a gateway applies them')
      : failure('migrations', message);
  }
}

async function checkClock(client: pg.Client): Promise<Finding> {
  const sent = Date.now();
  const { rows } = await client.query<{ time: number }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS time',
  );
  const received = Date.now();
  // The database has read its clock between both.
  const behind = Math.max(sent - rows[0]!.time, rows[0]!.time - received, 0) / 1_000;
  const detail = `The clocks of this machine and of the database differ by ${behind.toFixed(1)} s`;
  if (behind >= CLOCK_ERROR) return failure('clock', detail);
  return behind >= CLOCK_WARNING ? warning('clock', detail) : ok('clock', detail);
}

async function checkConnections(client: pg.Client, { databaseConnections }: Config): Promise<Finding> {
  const { rows } = await client.query<{ most: number; used: number; role_limit: number; database_limit: number }>(
    `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most,
       (SELECT count(*)::int FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL) AS used,
       (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role_limit,
       (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database_limit`,
  );
  const { most, used, role_limit, database_limit } = rows[0]!;
  const allowed = Math.min(most, ...[role_limit, database_limit].filter((limit) => limit >= 0));
  const needed = databaseConnections + FURTHER_CONNECTIONS;
  const detail = `A gateway needs ${needed} (DATABASE_CONNECTIONS=${databaseConnections}), the server allows ${allowed}, and ${used} are in use`;
  if (needed > allowed) return failure('connections', detail);
  return needed > allowed - used ? warning('connections', detail) : ok('connections', detail);
}

async function checkDurability(client: pg.Client): Promise<Finding> {
  const off = [];
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit'])
    if ((await setting(client, name)) === 'off') off.push(name);
  return off.length > 0
    ? warning('durability', `Off: ${off.join(', ')}. What was committed may be lost in a crash`)
    : ok('durability', 'Commits survive a crash');
}

/** Gateways wake each other by notifications, which do not pass a pooler of transactions. */
async function checkNotifications(client: pg.Client, url: string): Promise<Finding> {
  const channel = `broadsheet_doctor_${process.pid}`;
  const sender = new pg.Client({ connectionString: url, application_name: 'broadsheet doctor' });
  sender.on('error', () => {});
  try {
    const received = new Promise<boolean>((resolve) => client.once('notification', () => resolve(true)));
    await client.query(`LISTEN ${channel}`);
    await sender.connect();
    await sender.query(`NOTIFY ${channel}`);
    const hasArrived = await Promise.race([received, delay(NOTIFICATION_LIMIT, false, { ref: false })]);
    return hasArrived
      ? ok('notifications', 'LISTEN and NOTIFY work')
      : failure('notifications', 'NOTIFY does not arrive: DATABASE_URL may lead to a transaction pooler');
  } catch (error) {
    return failure('notifications', `LISTEN and NOTIFY do not work: ${(error as Error).message}`);
  } finally {
    await sender.end().catch(() => {});
  }
}
