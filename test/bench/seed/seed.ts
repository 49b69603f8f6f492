import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { rebuildThreads } from '../../../src/database/derived/thread-repair.ts';
import { CHANCE } from './chance.ts';
import { CONTENT } from './content.ts';
import { DISCUSSIONS, LOG } from './discussions.ts';

const HERE = new URL('./', import.meta.url);
const MIGRATIONS = new URL('../../../prisma/migrations/', import.meta.url);
const DERIVED = new URL('../../../src/database/derived/', import.meta.url);

/** Names what a seeded database holds: changes with the code that fills it and with the migrations before it. */
export function seedName(): string {
  const hash = createHash('sha256');
  for (const folder of [HERE, DERIVED])
    for (const file of readdirSync(folder).sort()) hash.update(readFileSync(new URL(file, folder)));
  for (const folder of readdirSync(MIGRATIONS, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)))
    if (folder.isDirectory()) hash.update(readFileSync(new URL(`${folder.name}/migration.sql`, MIGRATIONS)));
  return hash.digest('hex').slice(0, 16);
}

/** What a database was seeded with: a name, `unfinished`, or null when no one seeded it. */
export async function seededWith(client: pg.Client): Promise<string | null> {
  const known = await client.query<{ found: boolean }>(`SELECT to_regclass('bench.seed') IS NOT NULL AS found`);
  if (!known.rows[0]?.found) return null;
  const seed = await client.query<{ name: string }>('SELECT name FROM bench.seed');
  return seed.rows[0]?.name ?? 'unfinished';
}

/**
 * Empties a migrated database and fills it, the same way every time.
 * @param log told of each step with the seconds it took
 */
export async function seed(client: pg.Client, log: (line: string) => void): Promise<void> {
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await work();
    log(`  ${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  };
  await client.query(CHANCE);
  await client.query('CREATE TABLE bench.seed (name text)');
  await client.query('TRUNCATE author, topic, article, comment, search_document, provenance, idempotency_key CASCADE');
  await step('content', async () => {
    for (const statement of CONTENT) await client.query(statement);
  });
  await step('comments', async () => {
    for (const statement of DISCUSSIONS) await client.query(statement);
  });
  await client.query('ANALYZE');
  await step('threads', async () => {
    await client.query('BEGIN');
    await rebuildThreads(client);
    await client.query('COMMIT');
  });
  await step('log', () => client.query(LOG));
  for (const table of ['author', 'topic', 'article', 'comment'])
    await client.query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM "${table}"))`);
  await client.query('DROP TABLE bench.discussion, bench.draft, bench.sentence');
  // Every row was written more than once: FULL, so that what is measured is not the room that the loading left.
  await step('vacuum', () => client.query('VACUUM (FULL, ANALYZE)'));
  // And again, for the visibility map, which FULL leaves empty and index-only scans need.
  await step('visibility', () => client.query('VACUUM (ANALYZE)'));
  await client.query('INSERT INTO bench.seed VALUES ($1)', [seedName()]);
}
