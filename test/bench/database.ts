import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded } from '../../src/database/embedded/embedded.ts';
import { migrate } from '../../src/database/migrate/migrate.ts';
import { projectRoot } from '../../src/root.ts';
import { COMMENTS, type Scale, scaleOf } from './seed/scale.ts';
import { type Seeding, seed, seededWith, seedName } from './seed/seed.ts';

export interface BenchDatabase {
  url: string;
  stop(): Promise<void>;
}

/**
 * The seeded database: the one at BENCH_DATABASE_URL, or one of our own under .data/bench, kept for the next run. It is
 * filled when it is new, or was filled by other code; that takes some minutes.
 * @throws when BENCH_DATABASE_URL holds articles that are not the benchmark's: filling begins with emptying
 */
export async function openDatabase(log: (line: string) => void): Promise<BenchDatabase> {
  const given = process.env.BENCH_DATABASE_URL;
  const scale = scaleOf(COMMENTS);
  const database = given ? { url: given, stop: async () => {} } : await openEmbedded(folderOf(scale), log);
  return fillIfNew(database, { scale, verified: false, log });
}

/** Where the embedded database of a scale has its files. */
export function folderOf(scale: Scale): string {
  return join(projectRoot, '.data', 'bench', seedName(scale));
}

export function openEmbedded(folder: string, log: (line: string) => void): Promise<BenchDatabase> {
  return startEmbedded({ dataDir: folder, log: { info: log, error: log } });
}

export type Filling = Omit<Seeding, 'client' | 'url'>;

/** Stops the database when it cannot be filled. */
export async function fillIfNew(database: BenchDatabase, filling: Filling): Promise<BenchDatabase> {
  try {
    await migrate(database.url, { log: { info: filling.log } });
    await fill(database.url, filling);
    return database;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function fill(url: string, filling: Filling): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const name = await seededWith(client);
    if (name === seedName(filling.scale)) return;
    const { rows } = await client.query<{ taken: boolean }>('SELECT EXISTS (SELECT FROM article) AS taken');
    if (name === null && rows[0]?.taken)
      throw new Error('BENCH_DATABASE_URL names a database with articles of its own; give the benchmark an empty one.');
    filling.log('Filling the database, once:');
    await seed({ client, url, ...filling });
  } finally {
    await client.end();
  }
}
