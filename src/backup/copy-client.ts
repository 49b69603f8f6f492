import pg from 'pg';

/** Milliseconds to wait for a connection. */
const CONNECT_LIMIT = 10_000;

/** Milliseconds after which the server notices that this process has ended, and rolls back what it was doing. */
const CHECK_INTERVAL = 1_000;

export async function openCopyClient(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: CONNECT_LIMIT,
    keepAlive: true,
  });
  // A lost connection makes the running statement fail. Without a listener it would also end the process.
  client.on('error', () => {});
  await client.connect();
  // Not every system can: then it notices with the next row.
  await client.query(`SET client_connection_check_interval = ${CHECK_INTERVAL}`).catch(() => {});
  return client;
}
