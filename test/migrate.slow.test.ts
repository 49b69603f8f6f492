import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { assertMigrated, migrate } from '../src/database/migrate/migrate.ts';
import { createLogger } from '../src/logger.ts';
import { projectRoot } from '../src/root.ts';
import { start } from '../src/start.ts';
import { closeAll } from './closers.ts';
import { createEmptyDatabase, createTestDatabase } from './database.ts';
import { runCommand } from './program.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(() => closeAll(closers));

async function open(create = createEmptyDatabase) {
  const { url, drop } = await create();
  closers.push(drop);
  const client = new Client({ connectionString: url });
  await client.connect();
  closers.push(() => client.end());
  const query = async (sql: string) => (await client.query(sql)).rows;
  return { url, query };
}

/** The project's migrations, followed by one more. */
async function migrationsAnd(name: string, script: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-migrations-'));
  closers.push(() => rm(directory, { recursive: true }));
  await cp(join(projectRoot, 'prisma', 'migrations'), directory, { recursive: true });
  await mkdir(join(directory, name));
  await writeFile(join(directory, name, 'migration.sql'), script);
  return directory;
}

const LAST = '29991231000000_last';

describe('migrate', () => {
  it('builds the schema in an empty database, and logs and records each applied migration', async () => {
    const { url, query } = await open();
    const logged: unknown[] = [];
    const applied = await migrate(url, { log: { info: (message, fields) => logged.push([message, fields]) } });
    expect(applied.length).toBeGreaterThan(0);
    expect(logged).toEqual(applied.map((migration) => ['Applied a migration', { migration }]));
    expect(await query('SELECT count(*)::int FROM article')).toEqual([{ count: 0 }]);
    expect(
      await query(`SELECT migration_name, length(checksum) AS digits, length(id) AS id, finished_at >= started_at AS finished,
                          logs, rolled_back_at, applied_steps_count AS steps
                   FROM _prisma_migrations ORDER BY started_at`),
    ).toEqual(
      applied.map((name) => ({
        migration_name: name,
        digits: 64,
        id: 36,
        finished: true,
        logs: null,
        rolled_back_at: null,
        steps: 1,
      })),
    );
  });

  it('applies nothing to a database that is up to date', async () => {
    const { url } = await open();
    await migrate(url);
    expect(await migrate(url)).toEqual([]);
  });

  it('applies each migration once when several gateways start together', async () => {
    const { url, query } = await open();
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(await query('SELECT migration_name FROM _prisma_migrations ORDER BY started_at')).toEqual(
      applied.flat().map((migration_name) => ({ migration_name })),
    );
  });

  it('waits while Prisma holds its migration lock', async () => {
    const { url, query } = await open();
    await query('SELECT pg_advisory_lock(72707369)');
    const logged: string[] = [];
    const migrating = migrate(url, { log: { info: (message) => logged.push(message) } });
    await expect.poll(() => logged).toEqual(['Waiting for the migrations of another process']);
    expect(await query(`SELECT to_regclass('article') AS found`)).toEqual([{ found: null }]);
    await query('SELECT pg_advisory_unlock(72707369)');
    expect((await migrating).length).toBeGreaterThan(0);
  });

  it('applies only the new migrations to an older database', async () => {
    const { url, query } = await open(createTestDatabase);
    const directory = await migrationsAnd(LAST, 'CREATE TABLE added (id int)');
    expect(await migrate(url, { directory })).toEqual([LAST]);
    expect(await query('SELECT * FROM added')).toEqual([]);
  });

  it('needs no other right of its role than to create tables in the schema', async () => {
    const { url, query } = await open();
    await query('GRANT USAGE, CREATE ON SCHEMA public TO pg_monitor');
    await migrate(`${url}?options=-c%20role%3Dpg_monitor`);
    await assertMigrated(url);
  });

  it('rolls a failing migration back, and names its line in the error', async () => {
    const { url, query } = await open();
    const directory = await migrationsAnd(LAST, 'CREATE TABLE added (id int);\nSELECT missing_column;');
    await expect(migrate(url, { directory })).rejects.toThrow(
      `Migration ${LAST} failed at line 2: column "missing_column" does not exist`,
    );
    expect(await query(`SELECT to_regclass('added') AS found`)).toEqual([{ found: null }]);
    expect(await query(`SELECT FROM _prisma_migrations WHERE migration_name = '${LAST}'`)).toEqual([]);
    expect(await query(`SELECT to_regclass('article') IS NOT NULL AS kept`)).toEqual([{ kept: true }]);
    expect(await migrate(url)).toEqual([]);
  });
});

describe('a migration of a table in use', () => {
  it('lets readers through while it waits, and is applied as soon as it can be', async () => {
    const { url, query } = await open(createTestDatabase);
    const directory = await migrationsAnd(LAST, 'ALTER TABLE article ADD COLUMN added int');
    await query('BEGIN');
    await query('LOCK TABLE article IN ACCESS SHARE MODE');
    const logged: string[] = [];
    const log = { info: (message: string) => logged.push(message) };
    const migrating = migrate(url, { directory, log, tableLockLimit: 100 });
    await expect.poll(() => logged.length).toBeGreaterThan(1);
    expect(new Set(logged)).toEqual(new Set(['A migration waits for a table that is in use, and is tried again']));
    const reader = new Client({ connectionString: url });
    await reader.connect();
    closers.push(() => reader.end());
    await expect
      .poll(() => query(`SELECT FROM pg_locks WHERE NOT granted AND relation = 'article'::regclass`))
      .toHaveLength(1);
    expect((await reader.query('SELECT count(*)::int AS count FROM article')).rows).toEqual([{ count: 0 }]);
    await query('COMMIT');
    expect(await migrating).toEqual([LAST]);
  });

  it('creates an index without a transaction beside other gateways that start, also after a failed attempt', async () => {
    const { url, query } = await open(createTestDatabase);
    const directory = await migrationsAnd(
      LAST,
      '-- Without a transaction: writers need not wait.\nCREATE UNIQUE INDEX CONCURRENTLY added ON topic (name);',
    );
    const twice = 'duplicate';
    await query(`INSERT INTO topic (slug, name) VALUES ('a', '${twice}'), ('b', '${twice}')`);
    await expect(migrate(url, { directory })).rejects.toThrow(`Migration ${LAST} failed`);
    await query(`UPDATE topic SET name = slug`);
    const applied = await Promise.all([migrate(url, { directory }), migrate(url, { directory })]);
    expect(applied.flat()).toEqual([LAST]);
    expect(await query(`SELECT indisvalid FROM pg_index WHERE indexrelid = 'added'::regclass`)).toEqual([
      { indisvalid: true },
    ]);
  });
});

describe('without migrations at the start', () => {
  it('a gateway does not start while there are pending ones, and changes nothing', async () => {
    const { url, query } = await open();
    const config = readConfig({ PORT: '0', DATABASE_URL: url, MIGRATE: 'off', LOG_LEVEL: 'error' });
    const log = createLogger({ level: 'error' });
    await expect(start({ config, log })).rejects.toThrow(
      /^The database lacks \d+ of the migrations of this version, from 20261123000000_foundation on: run `broadsheet migrate`, or start with MIGRATE=on\.$/,
    );
    expect(await query(`SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`)).toEqual([]);
    expect(await runCommand(['migrate'], { environment: { DATABASE_URL: url, MIGRATE: 'off' } })).toMatchObject({
      code: 0,
    });
    const gateway = await start({ config, log });
    await gateway.stop();
  });
});

describe('migrate refuses', () => {
  it('a migration that changed after it was applied', async () => {
    const { url, query } = await open(createTestDatabase);
    await query(`UPDATE _prisma_migrations SET checksum = repeat('0', 64)`);
    await expect(migrate(url)).rejects.toThrow(/has changed since it was applied/);
  });

  it('no migration of which a checkout has only converted the line endings', async () => {
    const { url } = await open();
    await migrate(url, { directory: await migrationsAnd(LAST, 'SELECT 1;\nSELECT 2;\n') });
    const converted = await migrationsAnd(LAST, 'SELECT 1;\r\nSELECT 2;\r\n');
    expect(await migrate(url, { directory: converted })).toEqual([]);
  });

  it('a database with a migration of a newer version that takes something away, and one that this version lacks between its own', async () => {
    const name = '29991231000000_contract_last';
    const newer = await open();
    await migrate(newer.url, { directory: await migrationsAnd(name, 'SELECT 1') });
    await expect(migrate(newer.url)).rejects.toThrow(`The database has migration ${name}, with which this version`);
    const other = await open();
    await migrate(other.url, { directory: await migrationsAnd('20261124000000_other', 'SELECT 1') });
    await expect(migrate(other.url)).rejects.toThrow(/has migration 20261124000000_other, with which/);
  });

  it('no database with a migration of a newer version that only adds: a release runs on the schema of the next one', async () => {
    const { url } = await open();
    await migrate(url, { directory: await migrationsAnd(LAST, 'CREATE TABLE added (id int)') });
    expect(await migrate(url)).toEqual([]);
    await assertMigrated(url);
  });

  it('a database with an unfinished migration, until an operator resolves it', async () => {
    const { url, query } = await open(createTestDatabase);
    await query(`UPDATE _prisma_migrations SET finished_at = NULL, logs = 'out of disk'`);
    await expect(migrate(url)).rejects.toThrow(/did not finish \(out of disk\): .*prisma migrate resolve/);
    await query('UPDATE _prisma_migrations SET finished_at = now()');
    expect(await migrate(url)).toEqual([]);
  });

  it('a database with tables of other software, and changes nothing in it', async () => {
    const { url, query } = await open();
    await query('CREATE TABLE wp_posts (id int)');
    await expect(migrate(url)).rejects.toThrow(/tables of other software \(wp_posts\)/);
    expect(await query(`SELECT to_regclass('_prisma_migrations') AS found`)).toEqual([{ found: null }]);
  });

  it('a URL without a server', async () => {
    await expect(migrate('postgresql://nobody@127.0.0.1:1/nothing')).rejects.toThrow(/ECONNREFUSED/);
  });
});
