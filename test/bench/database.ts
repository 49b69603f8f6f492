import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../../src/database/embedded/embedded.ts';
import { migrate } from '../../src/database/migrate/migrate.ts';
import { projectRoot } from '../../src/root.ts';
import { seed, seededWith, seedName } from './seed/seed.ts';

export interface BenchDatabase {
  url: string;
  stop(): Promise<void>;
}

/**
 * The seeded database: the one at BENCH_DATABASE_URL, or one of our own under .data/bench, kept for the next run. It is
 * filled when it is new, or was filled by other code; that takes a minute or two.
 * @throws when BENCH_DATABASE_URL holds articles that are not the benchmark's: filling begins with emptying
 */
export async function openDatabase(log: (line: string) => void): Promise<BenchDatabase> {
  const given = process.env.BENCH_DATABASE_URL;
  const database = given
    ? { url: given, stop: async () => {} }
    : await startEmbedded({ dataDir: join(projectRoot, '.data', 'bench', seedName()), log: { info: log, error: log } });
  try {
    await migrate(database.url, { log: { info: log } });
    await fill(database.url, log);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function fill(url: string, log: (line: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const name = await seededWith(client);
    if (name === seedName()) return;
    const { rows } = await client.query<{ taken: boolean }>('SELECT EXISTS (SELECT FROM article) AS taken');
    if (name === null && rows[0]?.taken)
      throw new Error('BENCH_DATABASE_URL names a database with articles of its own; give the benchmark an empty one.');
    log('Filling the database, once:');
    await seed(client, log);
  } finally {
    await client.end();
  }
}
