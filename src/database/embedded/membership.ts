// Gateways that share an embedded server register with an advisory lock in it. Each holds the lock shared, on a
// connection of its own, for as long as it runs; the server releases the lock of a killed gateway. A gateway that can
// take the lock exclusively is the last one: it stops the server while it holds the lock, so that no other gateway
// joins a server that is about to stop.
import { realpath } from 'node:fs/promises';
import { Client, DatabaseError } from 'pg';
import { type Cluster, ROLE } from './cluster.ts';
import { LOOPBACK, type Postmaster } from './postmaster.ts';

/** Key of the advisory lock; in ASCII, "BROA". */
const MEMBERS_LOCK = 0x42524f41;

/** The database of the lock: advisory locks belong to one database, and this one always exists. */
const LOCK_DATABASE = 'postgres';

/** Milliseconds to wait for a server on the same machine. */
const CONNECT_LIMIT_MS = 5_000;

const DUPLICATE_DATABASE = '42P04';
const UNIQUE_VIOLATION = '23505';

export function urlOf({ port }: Postmaster, { password }: Cluster, database: string): string {
  return `postgresql://${ROLE}:${password}@${LOOPBACK}:${port}/${database}`;
}

async function connect(postmaster: Postmaster, cluster: Cluster): Promise<Client> {
  const client = new Client({
    connectionString: urlOf(postmaster, cluster, LOCK_DATABASE),
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    application_name: 'broadsheet: member',
  });
  // The event 'end' reports a lost connection; an 'error' event without a listener would end the process.
  client.on('error', () => {});
  await client.connect();
  if (await servesCluster(client, cluster)) return client;
  await client.end();
  throw new Error('Another server listens on the port.');
}

/** A copy of a data directory has the password and the port of the original, whose server may be running. */
async function servesCluster(client: Client, { data }: Cluster): Promise<boolean> {
  const { rows } = await client.query<{ directory: string }>(`SELECT current_setting('data_directory') AS directory`);
  const [served, own] = await Promise.all([rows[0]!.directory, data].map((path) => realpath(path)));
  return served === own;
}

/**
 * Registers this gateway as a user of the server, for as long as the returned connection lives. Creates the gateway's
 * database if there is none. Rejects when the server does not answer, is not this cluster's, or is being stopped.
 */
export async function joinServer(postmaster: Postmaster, cluster: Cluster): Promise<Client> {
  // Scram authentication proves the password to both sides, so a foreign server on this port is rejected here, and one with
  // a copy of this data by its directory.
  const client = await connect(postmaster, cluster);
  try {
    if (!(await tryLock(client, 'pg_try_advisory_lock_shared'))) throw new Error('The server is being stopped.');
    // A shutdown may already have closed the connection that held the lock exclusively; then ours is in a server that
    // takes no new connections.
    await (await connect(postmaster, cluster)).end();
    await createDatabase(client);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** Unregisters this gateway. True when no other gateway uses the server; then none can join until `client` ends. */
export async function leaveServer(client: Client): Promise<boolean> {
  await client.query('SELECT pg_advisory_unlock_shared($1)', [MEMBERS_LOCK]);
  return tryLock(client, 'pg_try_advisory_lock');
}

/** Registers this gateway again after it has left. */
export async function stayInServer(client: Client): Promise<void> {
  await client.query('SELECT pg_advisory_lock_shared($1)', [MEMBERS_LOCK]);
}

async function tryLock(
  client: Client,
  lockFunction: 'pg_try_advisory_lock' | 'pg_try_advisory_lock_shared',
): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(`SELECT ${lockFunction}($1) AS locked`, [MEMBERS_LOCK]);
  return rows[0]!.locked;
}

async function createDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [ROLE]);
  if (rowCount === 1) return;
  await client.query(`CREATE DATABASE ${ROLE}`).catch((error: unknown) => {
    const code = error instanceof DatabaseError ? error.code : undefined;
    // Another gateway has created it at the same moment.
    if (code !== DUPLICATE_DATABASE && code !== UNIQUE_VIOLATION) throw error;
  });
}
