import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { projectRoot } from '../src/root.ts';
import { closeAll } from './closers.ts';
import { createEmptyDatabase, createTestDatabase } from './database.ts';
import { openPrismaEngine } from './setup/prisma-engine.ts';

const schema = readFileSync(join(projectRoot, 'prisma', 'schema.prisma'), 'utf8');

// Everything that schema.prisma can describe, one line each; it cannot describe triggers, functions and storage.
const CATALOG = `
  SELECT format('column %s.%s %s%s%s', relname, attname, format_type(atttypid, atttypmod),
                CASE WHEN attnotnull THEN ' NOT NULL' END, ' DEFAULT ' || pg_get_expr(adbin, adrelid)) AS line
  FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
    AND relname <> '_prisma_migrations'
  UNION ALL
  SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
  -- PostgreSQL 18 lists NOT NULL here as well.
  WHERE connamespace = 'public'::regnamespace AND contype <> 'n' AND conrelid IS DISTINCT FROM to_regclass('_prisma_migrations')
  UNION ALL
  SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
  UNION ALL
  SELECT format('enum %s %s', typname, (SELECT string_agg(enumlabel, ' ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
  FROM pg_type t WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
  ORDER BY line`;

let fromSchema: string[];

const closers: (() => Promise<unknown>)[] = [];

afterEach(() => closeAll(closers));

async function open(create: typeof createTestDatabase) {
  const { url, drop } = await create();
  closers.push(drop);
  const client = new Client({ connectionString: url });
  await client.connect();
  closers.push(() => client.end());
  return { url, client };
}

async function catalog(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(CATALOG);
  return rows.map(({ line }) => line);
}

/** The catalog of a database that Prisma creates from a schema. */
async function declared(from: string): Promise<string[]> {
  const { url, client } = await open(createEmptyDatabase);
  const engine = await openPrismaEngine(url, from);
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: from }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    await client.query(stdout!);
  } finally {
    engine.free();
  }
  return catalog(client);
}

/** The catalog of the migrated database, after additional SQL. */
async function migrated(more = 'SELECT'): Promise<string[]> {
  const { client } = await open(createTestDatabase);
  await client.query(more);
  return catalog(client);
}

function without(lines: string[], others: string[]): string[] {
  return lines.filter((line) => !others.includes(line));
}

beforeAll(async () => {
  fromSchema = await declared(schema);
});

it('schema.prisma and the migrations describe the same database', async () => {
  const lines = await migrated();
  expect(lines.length).toBeGreaterThan(100);
  expect(fromSchema).toEqual(lines);
});

it('a field of schema.prisma without a migration is reported', async () => {
  const drifted = schema.replace('model Author {', 'model Author {\n  nickname String?');
  expect(without(await declared(drifted), await migrated())).toEqual(['column author.nickname text']);
});

it.each([
  ['a column', `ALTER TABLE author ADD nickname text`, 'column author.nickname text'],
  [
    'another default',
    `ALTER TABLE topic ALTER article_count SET DEFAULT 1`,
    'column topic.article_count integer NOT NULL DEFAULT 1',
  ],
  ['an index', `CREATE INDEX odd ON topic (name)`, 'index CREATE INDEX odd ON public.topic USING btree (name)'],
  ['a constraint', `ALTER TABLE topic ADD CONSTRAINT odd UNIQUE (name)`, 'constraint topic odd UNIQUE (name)'],
  ['a value of an enumeration', `ALTER TYPE "AuthorKind" ADD VALUE 'BOT'`, 'enum AuthorKind STAFF MEMBER GUEST BOT'],
])('%s that is missing in schema.prisma is reported', async (_kind, sql, line) => {
  expect(without(await migrated(sql), fromSchema)).toContain(line);
});

it('Prisma reads the recorded migrations as its own: all applied, none edited, none missing', async () => {
  const { url, client } = await open(createTestDatabase);
  const migrationsList = readMigrationsForPrisma();
  const filters = { externalTables: [], externalEnums: [] };
  const engine = await openPrismaEngine(url, schema);
  try {
    const diagnose = () => engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters });
    const intact = { history: null, failedMigrationNames: [], editedMigrationNames: [], hasMigrationsTable: true };
    expect(await diagnose()).toMatchObject(intact);
    expect(await engine.applyMigrations({ migrationsList, filters })).toEqual({ appliedMigrationNames: [] });

    await client.query(`UPDATE _prisma_migrations SET checksum = repeat('0', 64)`);
    const names = migrationsList.migrationDirectories.map(({ path }) => path);
    expect(await diagnose()).toMatchObject({ ...intact, editedMigrationNames: names });
  } finally {
    engine.free();
  }
});

function readMigrationsForPrisma() {
  const baseDir = join(projectRoot, 'prisma', 'migrations');
  const read = (...path: string[]) => readFileSync(join(baseDir, ...path), 'utf8');
  const directories = readdirSync(baseDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: read('migration_lock.toml') },
    migrationDirectories: directories.map(({ name: path }) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: read(path, 'migration.sql') },
      },
    })),
    shadowDbInitScript: '',
  };
}
