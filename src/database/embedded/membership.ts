import { Client, DatabaseError } from 'pg';
import { type Cluster, ROLE } from './cluster.ts';
import { LOOPBACK, type Postmaster } from './postmaster.ts';

// Gateways that use one server know of each other through a lock that the server keeps. A gateway holds it shared on
// a connection of its own while it runs, so that a killed one has left without a word; the one that can take it
// alone is the last, and stops the server while it holds it, so that nobody joins what is about to end.

/** Says what the lock is for, to whoever looks into pg_locks. */
const USERS = 0x42524f41;

/** Where the lock is held: locks are a database's own, and this one is always there. */
const MEETING_PLACE = 'postgres';

/** Milliseconds to wait for a server on the same machine. */
const CONNECT_LIMIT_MS = 5_000;

const DUPLICATE_DATABASE = '42P04';
const UNIQUE_VIOLATION = '23505';

export function urlOf({ port }: Postmaster, { password }: Cluster, database: string): string {
  return `postgresql://${ROLE}:${password}@${LOOPBACK}:${port}/${database}`;
}

async function connect(postmaster: Postmaster, cluster: Cluster): Promise<Client> {
  const client = new Client({
    connectionString: urlOf(postmaster, cluster, MEETING_PLACE),
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    application_name: 'broadsheet: in use',
  });
  // The server's end is told by 'end'; without a listener for the error the process would end too.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/**
 * Joins those who use the server; the connection is the membership. Makes the gateway's database if there is none.
 * Rejects when the server does not answer, is not this cluster's, or is being stopped by its last user.
 */
export async function joinServer(postmaster: Postmaster, cluster: Cluster): Promise<Client> {
  // The password proves both sides to each other, so a stranger on this port is found out here.
  const client = await connect(postmaster, cluster);
  try {
    if (!(await tryLock(client, 'pg_try_advisory_lock_shared'))) throw new Error('the server is being stopped');
    // A shutdown ends the connection that held the lock before ours, perhaps: then we have it in a server that
    // takes no connections any more.
    await (await connect(postmaster, cluster)).end();
    await createDatabase(client);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** Leaves. True when nobody else is using the server, and nobody can join it until `client` ends. */
export async function leaveServer(client: Client): Promise<boolean> {
  await client.query('SELECT pg_advisory_unlock_shared($1)', [USERS]);
  return tryLock(client, 'pg_try_advisory_lock');
}

async function tryLock(client: Client, how: 'pg_try_advisory_lock' | 'pg_try_advisory_lock_shared'): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(`SELECT ${how}($1) AS taken`, [USERS]);
  return rows[0]!.taken;
}

async function createDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [ROLE]);
  if (rowCount === 1) return;
  await client.query(`CREATE DATABASE ${ROLE}`).catch((error: unknown) => {
    const code = error instanceof DatabaseError ? error.code : undefined;
    // Another gateway's first start at the same moment.
    if (code !== DUPLICATE_DATABASE && code !== UNIQUE_VIOLATION) throw error;
  });
}
