import pg from 'pg';
import type { Logger } from '../logger.ts';

/** Key of the advisory lock under which gateways check and load; any number that no other lock uses. */
const LOCK = 7_404_113;

/** Loads the sample content into an empty database, and leaves any other database as it is. */
export async function loadSampleIfEmpty(url: string, log: Logger): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Held until the connection ends. Of two gateways that start together, the second finds the content loaded.
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const { rows } = await client.query<{ empty: boolean }>(
      'SELECT NOT EXISTS (SELECT FROM author) AND NOT EXISTS (SELECT FROM topic) AS empty',
    );
    if (!rows[0]?.empty) return;
    const { loadSample } = await import('./load.ts');
    await loadSample(client);
    log.info('Filled the empty database with sample content; SAMPLE_CONTENT=off leaves it empty');
  } finally {
    await client.end();
  }
}
