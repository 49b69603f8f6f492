import pg from 'pg';

/** Reads the database as it is at one moment. Gateways may run meanwhile. @param url connection URL */
export async function readSnapshot<Result>(url: string, read: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: 'broadsheet export' });
  await client.connect();
  // A lost connection makes the running statement fail. Without a listener it would also end the process.
  client.on('error', () => {});
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query(
      `SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'`,
    );
    return await read(client);
  } finally {
    await client.end();
  }
}
