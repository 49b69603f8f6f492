import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeAll } from './closers.ts';
import { commandArguments } from './program.ts';
import { serve } from './serve.ts';

/** Milliseconds for a start and a stop on a machine that does other work. */
const START_AND_STOP = 120_000;

const closers: (() => unknown)[] = [];
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-signals-'));
  await chmod(dataDir, 0o755);
  closers.push(() => rm(dataDir, { recursive: true }));
});

afterEach(() => closeAll(closers));

const isServerLeft = (): boolean => existsSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'));

/** Runs the gateway as npm does: in a shell, which npm sends its signals to. */
async function serveInShell(): Promise<ChildProcess> {
  const shell = spawn('sh', ['-c', '"$@"; exit $?', 'sh', process.execPath, ...commandArguments()], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: dataDir, npm_lifecycle_event: 'start' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  shell.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  closers.push(() => shell.kill('SIGKILL'));
  await vi.waitUntil(() => log.includes('"Serving"'), { timeout: START_AND_STOP });
  return shell;
}

describe('a gateway', { timeout: START_AND_STOP }, () => {
  it('stops itself and its PostgreSQL once the shell has ended in which npm has started it', async () => {
    const shell = await serveInShell();
    expect(isServerLeft()).toBe(true);
    shell.kill('SIGTERM');
    await vi.waitUntil(() => !isServerLeft(), { timeout: START_AND_STOP });
  });

  it('stops itself and its PostgreSQL by SIGHUP, which it gets when its terminal closes', async () => {
    const { child, ended } = await serve({ DATA_DIR: dataDir }, closers);
    child.kill('SIGHUP');
    expect(await ended).toBe(0);
    expect(isServerLeft()).toBe(false);
  });

  it('takes a SIGINT that comes twice at once for one Ctrl-C, and stops its PostgreSQL', async () => {
    const { child, ended } = await serve({ DATA_DIR: dataDir }, closers);
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(isServerLeft()).toBe(false);
  });
});
