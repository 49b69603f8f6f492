import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BackupError } from '../src/backup/backup-error.ts';
import { checkBackup, restoreBackup, writeBackup } from '../src/backup/index.ts';
import { migrate, verify } from '../src/database/index.ts';
import { loadSample } from '../src/sample/load.ts';
import { closeAll } from './closers.ts';
import { createEmptyDatabase, createTestDatabase } from './database.ts';

const closers: (() => Promise<unknown>)[] = [];
let folder: string;
let dropSource: () => Promise<void>;
let source: { url: string; sql: pg.Client };
/** A backup of the source, and what it has. */
let original: Buffer;

beforeAll(async () => {
  const database = await createTestDatabase();
  const sql = await connect(database.url);
  await loadSample(sql);
  await sql.query(`
    INSERT INTO forbidden_word VALUES (E'a\\tb\\nc\\\\.'), ('\\.');
    INSERT INTO secret (name, value) VALUES ('receipt', '\\x00ff0a5c');
    INSERT INTO rate_limit VALUES ('k', 3, 5);
    UPDATE article SET title = 'counted by a trigger' WHERE id = 1`);
  source = { url: database.url, sql };
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-backup-'));
  await writeBackup({ url: source.url, file: join(directory, 'b') });
  original = await readFile(join(directory, 'b'));
  await rm(directory, { recursive: true });
  dropSource = database.drop;
});

afterAll(async () => {
  await source.sql.end();
  await dropSource();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-backup-'));
  closers.push(() => rm(folder, { recursive: true }));
});

afterEach(() => closeAll(closers));

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

async function run<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = await connect(url);
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

async function open(make = createEmptyDatabase): Promise<string> {
  const { url, drop } = await make();
  closers.push(drop);
  return url;
}

async function fileOf(content: Buffer): Promise<string> {
  const file = join(folder, 'backup.gz');
  await writeFile(file, content);
  return file;
}

/** All rows of all tables as text, but for what names transactions of one server. */
async function everything(url: string): Promise<Record<string, string[]>> {
  const tables = await run<{ name: string }>(
    url,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
     AND relname NOT IN ('_prisma_migrations', 'content_change', 'content_change_horizon') ORDER BY 1`,
  );
  const all: Record<string, string[]> = {};
  for (const { name } of tables)
    all[name] = (await run<{ row: string }>(url, `SELECT t::text AS row FROM ${name} t ORDER BY 1`)).map(
      ({ row }) => row,
    );
  return all;
}

async function restoreFailure(url: string, content: Buffer, overwrite = false): Promise<unknown> {
  const file = await fileOf(content);
  return restoreBackup({ url, file, overwrite }).catch((error: unknown) => error);
}

/** The backup, uncompressed, with a change. */
function altered(change: (text: string) => string): Buffer {
  const text = gunzipSync(original).toString('latin1');
  const changed = change(text);
  expect(changed).not.toBe(text);
  return gzipSync(Buffer.from(changed, 'latin1'));
}

describe('a backup', () => {
  it('restores every row of every table into an empty database, with migrations and triggers', async () => {
    const url = await open();
    const rows = await restoreBackup({ url, file: await fileOf(original), overwrite: false });
    const restored = await everything(url);
    expect(restored).toEqual(await everything(source.url));
    expect(rows).toEqual(Object.fromEntries(Object.entries(restored).map(([name, list]) => [name, list.length])));
    expect(await migrate(url)).toEqual([]);
    expect(await verify({ url, repair: false })).toEqual([]);
    await run(url, `UPDATE author SET name = 'Another name' WHERE kind <> 'GUEST' AND id = 1`);
    expect(await run(url, 'SELECT author_id FROM stale_name WHERE author_id = 1')).toHaveLength(1);
  });

  it('is of one moment, and readable by nobody else', async () => {
    const file = join(folder, 'b');
    let isChanged = false;
    const { rows } = await writeBackup({
      url: source.url,
      file,
      onProgress: () => {
        if (!isChanged)
          void source.sql.query(`INSERT INTO forbidden_word SELECT 'x' || n FROM generate_series(1, 9) n`);
        isChanged = true;
      },
    });
    closers.push(() => source.sql.query(`DELETE FROM forbidden_word WHERE word LIKE 'x%'`));
    expect(rows.forbidden_word).toBe(2);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('gives no id again that may have been given after it was made', async () => {
    const url = await open();
    await restoreBackup({ url, file: await fileOf(original), overwrite: false });
    const [before] = await run<{ last: string }>(source.url, 'SELECT last_value AS last FROM comment_id_seq');
    const [after] = await run<{ next: string }>(url, `SELECT nextval('comment_id_seq') AS next`);
    expect(Number(after!.next)).toBe(Number(before!.last) + 1_000_001);
  });

  it('that is aborted or cannot be written leaves no file', async () => {
    await expect(writeBackup({ url: source.url, file: join(folder, 'none', 'b') })).rejects.toThrow(/ENOENT/);
    const aborting = new AbortController();
    const writing = writeBackup({
      url: source.url,
      file: join(folder, 'b'),
      signal: aborting.signal,
      onProgress: () => aborting.abort(),
    });
    await expect(writing).rejects.toThrow(/abort/i);
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a database without tables is refused', async () => {
    const url = await open();
    await expect(writeBackup({ url, file: join(folder, 'b') })).rejects.toThrow(/no tables of Broadsheet/);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a restore', () => {
  it('into a database with content happens when it is asked to overwrite, and then replaces all', async () => {
    const url = await open(createTestDatabase);
    await run(url, `INSERT INTO author (slug, name, kind) VALUES ('other', 'Other', 'STAFF')`);
    await run(url, `SELECT setval('comment_id_seq', 5000000)`);
    const before = await everything(url);
    expect(await restoreFailure(url, original)).toMatchObject({
      message: expect.stringMatching(/has content.*--overwrite/),
    });
    expect(await everything(url)).toEqual(before);
    await restoreBackup({ url, file: await fileOf(original), overwrite: true });
    expect(await everything(url)).toEqual(await everything(source.url));
    const [next] = await run<{ next: string }>(url, `SELECT nextval('comment_id_seq') AS next`);
    expect(Number(next!.next)).toBe(6_000_001);
  });

  it('into a database with other migrations gives it those of the backup', async () => {
    const url = await open(createTestDatabase);
    // As a later version: it knows a table more, and a migration.
    await run(
      url,
      `CREATE TABLE added_later (id int); DROP TABLE provenance;
       INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('1', '', '20990101000000_later', now())`,
    );
    await restoreBackup({ url, file: await fileOf(original), overwrite: true });
    expect(await everything(url)).toEqual(await everything(source.url));
    expect(await migrate(url)).toEqual([]);
  });

  it("leaves an operator's own table alone, and leaves out the one that the backup has", async () => {
    const url = await open(createTestDatabase);
    await run(url, 'CREATE TABLE own (id int); INSERT INTO own VALUES (1)');
    await writeBackup({ url, file: join(folder, 'own') });
    await restoreBackup({ url, file: await fileOf(original), overwrite: true });
    expect(await everything(url)).toEqual({ ...(await everything(source.url)), own: ['(1)'] });
    const empty = await open();
    await restoreBackup({ url: empty, file: join(folder, 'own'), overwrite: false });
    expect(await everything(empty)).not.toHaveProperty('own');
  });

  it('is refused while others are connected', async () => {
    const url = await open();
    const other = await connect(url);
    try {
      expect(await restoreFailure(url, original)).toMatchObject({ message: expect.stringMatching(/in use \(1 other/) });
    } finally {
      await other.end();
    }
  });

  it('that is aborted changes nothing', async () => {
    const url = await open();
    const file = await fileOf(original);
    const aborting = new AbortController();
    const restoring = restoreBackup({
      url,
      file,
      overwrite: false,
      signal: aborting.signal,
      onProgress: () => aborting.abort(),
    });
    await expect(restoring).rejects.toThrow();
    expect(await everything(url)).toEqual({});
  });

  it('into a database with tables of other software is refused', async () => {
    const url = await open();
    await run(url, 'CREATE TABLE invoices (id int)');
    for (const overwrite of [false, true])
      expect(await restoreFailure(url, original, overwrite)).toMatchObject({
        message: expect.stringMatching(/other software/),
      });
    expect(await everything(url)).toEqual({ invoices: [] });
  });
});

describe('a file is refused, and changes nothing:', () => {
  const cases: [string, () => Buffer, RegExp][] = [
    ['cut', () => original.subarray(0, original.length - 100), /not complete/],
    ['cut to some bytes', () => original.subarray(0, 30), /not complete/],
    ['empty', () => Buffer.alloc(0), /no backup|not complete/],
    ['no backup', () => Buffer.from('CREATE TABLE'), /no backup/],
    ['a zipped file that is no backup', () => gzipSync('{"type":"broadsheet"}\n'), /no backup/],
    ['zipped zeros', () => gzipSync(Buffer.alloc(3_000_000)), /no backup/],
    ['damaged', () => flipped(original), /damaged|altered/],
    ['with other rows', () => altered((text) => text.replace('counted by', 'changed by')), /altered/],
    ['without its end', () => altered((text) => text.slice(0, text.lastIndexOf('{"type":"end"'))), /not complete/],
    ['of another version', () => altered((text) => text.replace('"version":1', '"version":2')), /version 2/],
    [
      'with a migration that this version does not have',
      () => resigned((text) => text.replace('20261123000000_foundation', '20990101000000_future')),
      /20990101000000_future is not one of this version/,
    ],
    [
      'with a table that is none',
      () => resigned((text) => text.replace('"name":"rate_limit"', '"name":"pg_authid"')),
      /rate_limit is missing/,
    ],
    [
      'with a column that is none',
      () =>
        resigned((text) => text.replace('"columns":["id","slug"', '"columns":["id","id) FROM PROGRAM \'true\' --"')),
      /has other columns/,
    ],
  ];
  it.each(cases)('%s', async (_, content, message) => {
    const url = await open();
    const failure = await restoreFailure(url, content());
    expect(failure).toBeInstanceOf(BackupError);
    expect((failure as BackupError).message).toMatch(message);
    expect(await everything(url)).toEqual({});
  });

  it('all but those that this version cannot take are found by reading alone', async () => {
    for (const [, content, message] of cases.slice(0, 10))
      await expect(checkBackup(await fileOf(content()))).rejects.toThrow(message);
  });
});

/** The backup with a change, and the checksum that fits it: made to do harm. */
function resigned(change: (text: string) => string): Buffer {
  return altered((text) => {
    const end = text.lastIndexOf('{"type":"end"');
    const body = change(text.slice(0, end));
    const sha256 = createHash('sha256').update(Buffer.from(body, 'latin1')).digest('hex');
    return body + text.slice(end).replace(/"sha256":"\w+"/, `"sha256":"${sha256}"`);
  });
}

function flipped(content: Buffer): Buffer {
  const copy = Buffer.from(content);
  copy[Math.floor(copy.length / 2)]! ^= 0xff;
  return copy;
}
