import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { BenchDatabase } from './database.ts';
import type { Opening } from './opening.ts';

export interface DatabaseCopy {
  url: string;
  client: pg.Client;
}

/** A copy of a seeded database that lasts as long as the measuring: for what writes, so that the original stays as it was. */
export async function copyDatabase(opening: Opening, original: BenchDatabase): Promise<DatabaseCopy> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const source = new URL(original.url);
  const template = source.pathname.slice(1);
  const server = new URL(original.url);
  server.pathname = 'postgres';
  const { client: maintenance } = await opening(connect(server.href));
  await maintenance.query(`CREATE DATABASE ${name} TEMPLATE "${template}" STRATEGY file_copy`);
  await opening({
    stop: async () => {
      await maintenance.query(`DROP DATABASE ${name} WITH (FORCE)`);
    },
  });
  source.pathname = name;
  const { client } = await opening(connect(source.href));
  return { url: source.href, client };
}

export async function connect(url: string): Promise<{ client: pg.Client; stop(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return { client, stop: () => client.end() };
}
