import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { inject } from 'vitest';

const OBJECT_IN_USE = '55006';

/** Milliseconds between tries while something is connected to the template, as autovacuum is for moments. */
const RETRY_AFTER_MS = 50;

const MOST_TRIES = 100;

export interface TestDatabase {
  url: string;
  /** Removes it, and ends what is still connected to it. */
  drop(): Promise<void>;
}

/**
 * A database of the caller's own: a clone of the migrated template, with the migrations' bookkeeping. Its files are copied, which
 * takes half as long as to log each page of it.
 */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(`TEMPLATE ${inject('database').template} STRATEGY file_copy`);
}

/** A database of the caller's own that has nothing in it. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('TEMPLATE template0');
}

async function createDatabase(how: string): Promise<TestDatabase> {
  const name = `broadsheet_test_${randomBytes(8).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} ${how}`);
  const url = new URL(inject('database').url);
  url.pathname = name;
  return { url: url.href, drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** Runs a statement on the run's server, outside of any test's database. */
export async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject('database').url });
  await client.connect();
  try {
    for (let tries = 1; ; tries += 1) {
      try {
        await client.query(statement);
        return;
      } catch (error) {
        const isBusy = error instanceof DatabaseError && error.code === OBJECT_IN_USE;
        if (!isBusy || tries === MOST_TRIES) throw error;
        await delay(RETRY_AFTER_MS);
      }
    }
  } finally {
    await client.end();
  }
}
