import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { migrate } from '../src/database/migrate/migrate.ts';
import { projectRoot } from '../src/root.ts';
import { createEmptyDatabase, createTestDatabase } from './database.ts';

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

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

describe('migrating', () => {
  it('builds the schema in an empty database and names what it applied', async () => {
    const { url, query } = await open();
    const lines: string[] = [];
    const applied = await migrate(url, { log: (line) => lines.push(line) });
    expect(applied.length).toBeGreaterThan(0);
    expect(lines).toEqual(applied.map((name) => `Applied migration ${name}.`));
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

  it('does nothing the second time', async () => {
    const { url } = await open();
    await migrate(url);
    expect(await migrate(url)).toEqual([]);
  });

  it('applies each migration once when gateways start together', async () => {
    const { url, query } = await open();
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(await query('SELECT migration_name FROM _prisma_migrations ORDER BY started_at')).toEqual(
      applied.flat().map((migration_name) => ({ migration_name })),
    );
  });

  it('waits while Prisma is migrating', async () => {
    const { url, query } = await open();
    await query('SELECT pg_advisory_lock(72707369)');
    const migrating = migrate(url);
    await expect
      .poll(() => query(`SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`))
      .toEqual([{ count: 1 }]);
    expect(await query(`SELECT to_regclass('article') AS found`)).toEqual([{ found: null }]);
    await query('SELECT pg_advisory_unlock(72707369)');
    expect((await migrating).length).toBeGreaterThan(0);
  });

  it('adds what is new to a database that is behind', async () => {
    const { url, query } = await open(createTestDatabase);
    const directory = await migrationsAnd(LAST, 'CREATE TABLE novelty (id int)');
    expect(await migrate(url, { directory })).toEqual([LAST]);
    expect(await query('SELECT * FROM novelty')).toEqual([]);
  });

  it('leaves nothing of a migration that fails, and says where it failed', async () => {
    const { url, query } = await open();
    const directory = await migrationsAnd(LAST, 'CREATE TABLE novelty (id int);\nSELECT nothing_like_that;');
    await expect(migrate(url, { directory })).rejects.toThrow(
      `Migration ${LAST} failed at line 2: column "nothing_like_that" does not exist`,
    );
    expect(await query(`SELECT to_regclass('novelty') AS found`)).toEqual([{ found: null }]);
    expect(await query(`SELECT FROM _prisma_migrations WHERE migration_name = '${LAST}'`)).toEqual([]);
    expect(await query(`SELECT to_regclass('article') IS NOT NULL AS kept`)).toEqual([{ kept: true }]);
    expect(await migrate(url)).toEqual([]);
  });
});

describe('migrating refuses', () => {
  it('a migration that changed after it was applied', async () => {
    const { url, query } = await open(createTestDatabase);
    await query(`UPDATE _prisma_migrations SET checksum = repeat('0', 64)`);
    await expect(migrate(url)).rejects.toThrow(/has changed since it was applied/);
  });

  it('no checkout that merely turned the line ends', async () => {
    const { url } = await open();
    await migrate(url, { directory: await migrationsAnd(LAST, 'SELECT 1;\nSELECT 2;\n') });
    const turned = await migrationsAnd(LAST, 'SELECT 1;\r\nSELECT 2;\r\n');
    expect(await migrate(url, { directory: turned })).toEqual([]);
  });

  it('a database that a newer version has migrated', async () => {
    const { url } = await open();
    await migrate(url, { directory: await migrationsAnd(LAST, 'SELECT 1') });
    await expect(migrate(url)).rejects.toThrow(`The database has migration ${LAST}, which this version`);
  });

  it('a migration that Prisma began and did not finish, until it is resolved', async () => {
    const { url, query } = await open(createTestDatabase);
    await query(`UPDATE _prisma_migrations SET finished_at = NULL, logs = 'out of disk'`);
    await expect(migrate(url)).rejects.toThrow(/has not finished \(out of disk\): .*prisma migrate resolve/);
    await query('UPDATE _prisma_migrations SET finished_at = now()');
    expect(await migrate(url)).toEqual([]);
  });

  it('tables of other software, and leaves them alone', async () => {
    const { url, query } = await open();
    await query('CREATE TABLE wp_posts (id int)');
    await expect(migrate(url)).rejects.toThrow(/tables of other software \(wp_posts\)/);
    expect(await query(`SELECT to_regclass('_prisma_migrations') AS found`)).toEqual([{ found: null }]);
  });

  it('an address where no server answers', async () => {
    await expect(migrate('postgresql://nobody@127.0.0.1:1/nothing')).rejects.toThrow(/ECONNREFUSED/);
  });
});
