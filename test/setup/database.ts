import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../src/database/embedded/embedded.ts';
import { migrate } from '../../src/database/migrate/migrate.ts';
import { temporaryDirectory } from './temporary.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A server for the run and a database on it that no test changes. */
    database: { url: string; template: string };
  }
}

/**
 * Starts one PostgreSQL for the run, or uses the server that TEST_DATABASE_URL leads to, and makes the migrated
 * database that tests clone.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openServer(process.env.TEST_DATABASE_URL);
  try {
    const template = `broadsheet_template_${randomBytes(6).toString('hex')}`;
    await withClient(server.url, (client) => client.query(`CREATE DATABASE ${template}`));
    const url = new URL(server.url);
    url.pathname = template;
    await migrate(url.href);
    await prepareCopies(url.href);
    // What a test wrote to it would be in the databases of all tests that follow.
    await withClient(server.url, (client) => client.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`));
    project.provide('database', { url: server.url, template });
    return async () => {
      await withClient(server.url, (client) => client.query(`DROP DATABASE ${template}`));
      await server.close();
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function openServer(given: string | undefined): Promise<{ url: string; close(): Promise<void> }> {
  if (given) return { url: given, close: async () => {} };
  const dataDir = await mkdtemp(join(temporaryDirectory(), 'broadsheet-test-'));
  // Everything of the run's server is in this directory, also when root's stand-in has to reach it.
  await chmod(dataDir, 0o755);
  const server = await startEmbedded({ dataDir, sharedDir: dataDir, durable: false });
  await weakenPassword(server.url);
  return {
    url: server.url,
    async close() {
      await server.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Connections of tests are many and short, and half of what one takes is to derive a key from the password. */
async function weakenPassword(url: string): Promise<void> {
  const { username, password } = new URL(url);
  await withClient(url, (client) =>
    client.query(`SET scram_iterations = 1; ALTER ROLE ${username} PASSWORD '${password}'`),
  );
}

/**
 * Makes clones of the template cheaper: their catalogs are smaller and never written to by reads, and have the file from which a
 * connection loads what it needs to know of them. Tables of the gateway stay as migrations left them, and their statistics.
 */
async function prepareCopies(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT oid::regclass::text AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'pg_catalog'::regnamespace AND NOT relisshared`,
    );
    for (const { name } of rows) await client.query(`VACUUM (FULL, FREEZE) ${name}`);
  });
  // Its first statement writes that file.
  await withClient(url, (client) => client.query('SELECT 1'));
}

async function withClient(url: string, use: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}
