import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openPictures } from '../src/media/index.ts';
import { closeAll } from './closers.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { picture } from './fixtures/pictures.ts';
import { until } from './gateway.ts';
import { commandArguments, runCommand } from './program.ts';
import { write } from './seed.ts';

const closers: (() => unknown)[] = [];
let folder: string;
let one: { database: TestDatabase; sql: pg.Client };
/** Names of a picture that an article shows, and of one that nothing does. */
let shown: string;
let unused: string;

const at = (name: string): string => join(folder, name);
const files = async (name: string) =>
  (await readdir(at(name), { recursive: true }).catch(() => [])).filter((file) => file.includes('.')).sort();
const pathOf = (name: string) => join(name.slice(0, 2), name);

async function open() {
  const database = await createTestDatabase();
  const sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  closers.push(async () => {
    await sql.end();
    await database.drop();
  });
  return { database, sql };
}

const run = (database: TestDatabase, media: string, ...options: string[]) =>
  runCommand(options, { environment: { DATABASE_URL: database.url, MEDIA: at(media) }, directory: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'media commands '));
  closers.push(() => rm(folder, { recursive: true }));
  one = await open();
  await write(one.sql, { authors: [{ id: 1 }], articles: [{ id: 1 }] });
  const pictures = openPictures({ media: at('one'), mediaMaxSize: 500_000, databaseUrl: null, dataDir: folder })!;
  const add = async (colour: string) => {
    const stored = await pictures.add(await picture(9, 9, colour).png().toBuffer(), async ({ name }, size) => {
      await one.sql.query('INSERT INTO picture (name, bytes) VALUES ($1, $2)', [name, size]);
    });
    return stored.name;
  };
  [shown, unused] = [await add('#111'), await add('#eee')];
  await pictures.close();
  await one.sql.query('UPDATE article SET cover_url = $1', [`/media/${shown}`]);
});

afterAll(() => closeAll(closers));

describe('pictures', { timeout: 120_000 }, () => {
  it('are in a backup by name alone, which it says, and beside it with --media', async () => {
    expect((await run(one.database, 'one', 'backup', 'a.gz')).output).toContain(
      'The files of 2 pictures are not in it',
    );
    const backup = await run(one.database, 'one', 'backup', 'a.gz', '--media', 'copies', '--json');
    expect(JSON.parse(backup.output)).toMatchObject({ pictures: { copied: 2, missing: 0 } });
    expect(await files('copies')).toEqual([pathOf(shown), pathOf(unused)].sort());
    const two = await createTestDatabase();
    closers.push(two.drop);
    await writeFile(join(at('copies'), pathOf(unused)), 'something else');
    expect(await run(two, 'two', 'restore', 'a.gz', '--overwrite', '--media', 'none')).toMatchObject({
      code: 1,
      errors: expect.stringContaining('none'),
    });
    const restored = await run(two, 'two', 'restore', 'a.gz', '--overwrite', '--media', 'copies');
    expect(restored.errors).toBe('');
    expect(restored.output).toMatch(/1 pictures have their files(.|\n)*1 pictures have no file, or a damaged one/);
    expect(await files('two')).toEqual([pathOf(shown)]);
  });

  it('that nothing shows are removed by prune, with what ended processes have left', async () => {
    const partial = `${pathOf(unused)}.11111111-2222-3333-4444-555555555555.partial`;
    await writeFile(join(at('one'), partial), 'half');
    const before = new Date(Date.now() - 2 * 86_400_000);
    await utimes(join(at('one'), partial), before, before);
    const prune = async () => JSON.parse((await run(one.database, 'one', 'prune', '--json')).output).pruned.slice(-2);
    expect(await prune()).toEqual([
      { description: 'pictures that nothing shows', count: 0 },
      { description: 'files of pictures that were not complete', count: 1 },
    ]);
    await one.sql.query(`UPDATE picture SET unused_since = unused_since - interval '90 days'`);
    expect(await prune()).toMatchObject([{ count: 1 }, { count: 0 }]);
    expect(await files('one')).toEqual([pathOf(shown)]);
  });
});

describe('A process that is killed while it imports an archive', { timeout: 120_000 }, () => {
  it('leaves pictures that prune removes, and none that were there before', async () => {
    const source = await open();
    const names: string[] = [];
    const pictures = openPictures({ media: at('four'), mediaMaxSize: 500_000, databaseUrl: null, dataDir: folder })!;
    for (const colour of ['#111', '#777', '#eee'])
      await pictures.add(await picture(9, 9, colour).png().toBuffer(), async ({ name }, size) => {
        names.push(name);
        await source.sql.query('INSERT INTO picture (name, bytes) VALUES ($1, $2)', [name, size]);
      });
    await pictures.close();
    const [before, copied, last] = names.map(pathOf).sort();
    expect(await run(source.database, 'four', 'export', 'a.ndjson')).toMatchObject({ code: 0 });
    await mkdir(dirname(join(at('five'), before!)), { recursive: true });
    await copyFile(join(at('four'), before!), join(at('five'), before!));
    // A named pipe: the process that opens it to read waits.
    await rm(join(at('a.media'), last!));
    await promisify(execFile)('mkfifo', [join(at('a.media'), last!)]);
    const target = await open();
    const child = spawn(process.execPath, [...commandArguments(), 'import', 'a.ndjson'], {
      cwd: folder,
      env: { PATH: process.env.PATH, DATABASE_URL: target.database.url, MEDIA: at('five') },
      stdio: 'ignore',
    });
    closers.push(() => child.kill('SIGKILL'));
    const ended = new Promise((resolve) => child.once('close', resolve));
    await vi.waitUntil(async () => (await files('five')).includes(copied!), { timeout: 60_000 });
    child.kill('SIGKILL');
    await ended;
    await until('its connections have ended', async () => {
      const others = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'broadsheet%'`;
      return (await target.sql.query(others)).rowCount === 0;
    });
    const prune = () => run(target.database, 'five', 'prune');
    await prune();
    await target.sql.query(`UPDATE picture SET unused_since = unused_since - interval '90 days'`);
    expect((await prune()).output).toContain('1 pictures that nothing shows');
    expect(await files('five')).toEqual([before]);
    await rm(join(at('a.media'), last!));
    await copyFile(join(at('four'), last!), join(at('a.media'), last!));
    expect(await run(target.database, 'five', 'import', 'a.ndjson')).toMatchObject({ code: 0 });
    expect(await files('five')).toEqual([before, copied, last]);
  });
});

describe('Ctrl-C', { timeout: 120_000 }, () => {
  it('during an import with pictures leaves nothing half, and the next import completes it', async () => {
    const asked: string[] = [];
    let holds = true;
    const png = await picture(9, 9, '#777').png().toBuffer();
    const site = createServer((request, response) => {
      asked.push(request.url!);
      if (request.url === '/b.png' && holds) response.write(png.subarray(0, 20));
      else response.end(png);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    closers.push(() => {
      site.closeAllConnections();
      site.close();
    });
    await mkdir(at('site'));
    await writeFile(at('site/a.md'), '---\ntitle: A\ndate: 2024-01-01\n---\n![](/a.png) ![](/b.png)\n');
    const three = await open();
    const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const options = ['import', 'site', '--site', 'https://old.example', '--media', url];
    const child = spawn(process.execPath, [...commandArguments(), ...options], {
      cwd: folder,
      env: { PATH: process.env.PATH, DATABASE_URL: three.database.url, MEDIA: at('three') },
      stdio: 'ignore',
    });
    closers.push(() => child.kill('SIGKILL'));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await vi.waitUntil(() => asked.includes('/b.png'), { timeout: 60_000 });
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    const count = async () => (await three.sql.query('SELECT count(*)::int AS count FROM article')).rows[0].count;
    expect(await count()).toBe(0);
    expect((await files('three')).filter((name) => name.endsWith('.partial'))).toEqual([]);
    holds = false;
    expect(await run(three.database, 'three', ...options)).toMatchObject({ code: 0 });
    expect([await count(), await files('three')]).toEqual([1, [expect.stringMatching(/-9x9\.png$/)]]);
  });
});
