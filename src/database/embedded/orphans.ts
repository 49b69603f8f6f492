import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { type ProcessUser, programEnvironment } from './process-user.ts';

const run = promisify(execFile);

/** Milliseconds for the processes to end by themselves, which most do at once, and after each signal. */
const GRACE_MS = 250;
const POLL_INTERVAL_MS = 20;

/** A name for the cluster's processes, which PostgreSQL writes into the title of each. */
export function processName({ data }: Pick<Cluster, 'data'>): string {
  return `broadsheet-${createHash('sha256').update(data).digest('hex').slice(0, 12)}`;
}

interface Orphans {
  cluster: Cluster;
  binaries: Binaries;
  user: ProcessUser;
}

/**
 * Ends what a killed postmaster has left. A process that executes a statement notices the end of its postmaster only when
 * the statement ends, and as long as one lives no new server starts. The next start recovers, as after any crash.
 */
export async function endOrphans({ cluster, binaries, user }: Orphans): Promise<void> {
  const name = processName(cluster);
  for (const signal of [null, 'QUIT', 'KILL']) {
    let pids = await processesOf(name);
    // pg_ctl sends the signal as PostgreSQL's user: as root, a wrong process id could reach any process.
    if (signal)
      for (const pid of pids)
        await run(binaries.pgCtl, ['kill', signal, `${pid}`], {
          ...user,
          cwd: dirname(cluster.data),
          env: programEnvironment(),
        }).catch(() => {});
    for (const end = Date.now() + GRACE_MS; pids.length > 0 && Date.now() < end; pids = await processesOf(name))
      await delay(POLL_INTERVAL_MS);
    if (pids.length === 0) return;
  }
}

/** The server processes with this name; their titles begin with "postgres: <name>: ". The postmaster is not one of them. */
async function processesOf(name: string): Promise<number[]> {
  const title = `postgres: ${name}: `;
  if (process.platform === 'win32') return [];
  if (process.platform !== 'linux') {
    const { stdout } = await run('ps', ['-axo', 'pid=,command=']).catch(() => ({ stdout: '' }));
    const lines = stdout.split('\n').filter((line) => line.includes(title));
    return lines.map((line) => Number.parseInt(line, 10));
  }
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const titles = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, i) => titles[i]!.startsWith(title)).map(Number);
}
