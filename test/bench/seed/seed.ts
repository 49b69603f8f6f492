import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';
import { rebuildThreads, verify } from '../../../src/database/index.ts';
import { CHANCE } from './chance.ts';
import { content } from './content.ts';
import { discussions, LOG } from './discussions.ts';
import { dropIndexes, restoreIndexes } from './indexes.ts';
import type { Scale } from './scale.ts';
import { buildSearchDocuments } from './search-documents.ts';

const HERE = new URL('./', import.meta.url);
const MIGRATIONS = new URL('../../../prisma/migrations/', import.meta.url);
const DERIVED = new URL('../../../src/database/derived/', import.meta.url);

/** Names what a seeded database holds: changes with the code that fills it and with the migrations before it. */
export function seedName(scale: Scale): string {
  const hash = createHash('sha256').update(JSON.stringify(scale));
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
 * Empties a migrated database and fills it, the same way every time. The role must be a superuser: while rows are loaded, no
 * trigger derives columns from each of them; they are computed afterwards, for all at once.
 * @param log told of each step with the seconds it took
 * @throws when it is to be verified, and something that derives from other rows is wrong
 */
export async function seed({ client, url, scale, verified, log }: Seeding): Promise<void> {
  const step = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await work();
    log(`  ${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  };
  const run = async (statements: readonly string[]): Promise<void> => {
    for (const statement of statements) await client.query(statement);
  };
  await restoreIndexes(client);
  await client.query(CHANCE);
  await client.query('CREATE TABLE bench.seed (name text)');
  await client.query(`TRUNCATE author, topic, article, comment, search_document, search_word, provenance, idempotency_key,
    stale_name, content_change CASCADE`);
  await client.query(`SET work_mem = '128MB'; SET maintenance_work_mem = '512MB'`);
  await dropIndexes(client);
  await client.query('SET session_replication_role = replica');
  await step('content', () => run(content(scale)));
  await step('comments', () => run([...discussions(scale), 'ANALYZE']));
  await step('threads', () => inTransaction(client, () => rebuildThreads(client)));
  await step('log', () => client.query(LOG));
  await client.query('RESET session_replication_role');
  for (const table of ['author', 'topic', 'article', 'comment'])
    await client.query(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM "${table}"))`);
  await client.query('DROP TABLE bench.discussion, bench.draft, bench.sentence; ANALYZE');
  if (scale.isSearchable) await step('search', () => buildSearchDocuments(client, url));
  // Every row was written more than once: FULL, so that what is measured is not the room that the loading left.
  await step('vacuum', () => client.query('VACUUM (FULL)'));
  await step('indexes', () => restoreIndexes(client));
  // And again, for the visibility map, which FULL leaves empty and index-only scans need.
  await step('visibility', () => client.query('VACUUM (ANALYZE)'));
  if (verified) await step('verification', () => requireVerified(url));
  await client.query('INSERT INTO bench.seed VALUES ($1)', [seedName(scale)]);
}

export interface Seeding {
  client: pg.Client;
  /** Of the same database. */
  url: string;
  scale: Scale;
  /** Check afterwards all that derives from other rows; it takes as long as everything before it. */
  verified: boolean;
  log(line: string): void;
}

async function inTransaction(client: pg.Client, work: () => Promise<unknown>): Promise<void> {
  await client.query('BEGIN');
  await work();
  await client.query('COMMIT');
}

async function requireVerified(url: string): Promise<void> {
  const findings = await verify({ url, repair: false });
  if (findings.length > 0)
    throw new Error(findings.map(({ count, description }) => `${count} ${description}`).join('\n'));
}
