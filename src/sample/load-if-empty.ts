import pg from 'pg';
import type { Logger } from '../logger.ts';
import { loadSample } from './load.ts';

/** Key of the advisory lock that gateways take here one after the other; any number that nothing else uses. */
const LOCK = 7_404_113;

/** Fills a database that has nothing in it with the sample content; one that has anything is left as it is. */
export async function loadSampleIfEmpty(url: string, log: Logger): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Held until the connection ends: of two gateways that start at once, one fills and the other finds it filled.
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const { rows } = await client.query<{ empty: boolean }>(
      'SELECT NOT EXISTS (SELECT FROM author) AND NOT EXISTS (SELECT FROM topic) AS empty',
    );
    if (!rows[0]?.empty) return;
    await loadSample(client);
    log.info('Filled the empty database with sample content; SAMPLE_CONTENT=off leaves it empty');
  } finally {
    await client.end();
  }
}
