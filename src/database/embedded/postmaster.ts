import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { processName } from './orphans.ts';
import { type ProcessUser, programEnvironment } from './process-user.ts';

const run = promisify(execFile);

export const LOOPBACK = '127.0.0.1';

/** Milliseconds between checks of a server that starts or stops, which takes about 30. */
export const POLL_INTERVAL_MS = 10;

/** Milliseconds that a fast shutdown may take, which writes the last checkpoint. */
const FAST_SHUTDOWN_LIMIT_MS = 30_000;

/** Milliseconds that an immediate shutdown may take, after which the next start recovers. */
const IMMEDIATE_SHUTDOWN_LIMIT_MS = 5_000;

/** Settings for a machine that also runs the gateway and other programs. */
const SETTINGS = {
  listen_addresses: LOOPBACK,
  // No Unix socket: every user of the machine needs the password.
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: '128MB',
  // Bounds what a start after a crash has to replay: at most a few seconds of work.
  max_wal_size: '256MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The log has events of the server only. The gateway gets the errors of statements, whose texts contain private data.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/** Settings for a test, whose data need not survive a power cut, and are deleted before they need a vacuum. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' };

/**
 * Ports for the server: below those that systems take for outgoing connections (from 32,768 on Linux). Otherwise a client
 * that reconnects while the server is down could occupy its port, even with a connection to itself.
 */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_767;

/** Everything that starts and stops the server of a cluster. */
export interface Installation {
  cluster: Cluster;
  binaries: Binaries;
  /** Runs PostgreSQL's programs. */
  user: ProcessUser;
  durable: boolean;
}

/** A postmaster that was started and may not take connections yet. */
export interface Launched {
  pid: number | undefined;
  hasExited(): boolean;
}

/** The process that listens for a cluster's connections. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** The running postmaster of the cluster, which any gateway may have started; undefined when none runs. */
export async function findPostmaster(cluster: Cluster): Promise<Postmaster | undefined> {
  const recorded = await readPostmasterFile(cluster);
  return recorded && (await isPostmaster(recorded.pid, cluster)) ? recorded : undefined;
}

/** The content of postmaster.pid, which a crash leaves behind. */
async function readPostmasterFile({ data }: Cluster): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  // Process id, data directory, start time, port: see miscadmin.h of PostgreSQL.
  const [pid, , , port] = text.split('\n').map(Number);
  return pid && port && pid > 0 ? { pid, port } : undefined;
}

/** Whether the process is the cluster's PostgreSQL: the operating system may have given its id to another process. */
async function isPostmaster(pid: number, { data }: Cluster): Promise<boolean> {
  if (process.platform === 'linux') {
    // The command line of a zombie process is empty.
    const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return commandLine.split('\0').includes(data);
  }
  if (process.platform === 'win32') {
    const { stdout } = await run('tasklist', ['/fi', `pid eq ${pid}`]);
    return stdout.includes('postgres');
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', `${pid}`]).catch(() => ({ stdout: '' }));
  return stdout.includes(data);
}

/** The port of the cluster's last postmaster, which clients of a running gateway still use; undefined when it was stopped. */
export async function lastPort(cluster: Cluster): Promise<number | undefined> {
  return (await readPostmasterFile(cluster))?.port;
}

/**
 * Starts a postmaster that outlives this process. Resolves when its process runs, before it takes connections. It exits
 * at once when the cluster already has a postmaster.
 * @param port null takes a free one
 */
export async function launchPostmaster(
  { cluster, binaries, user, durable }: Installation,
  port: number | null,
): Promise<Launched> {
  const settings = {
    ...SETTINGS,
    ...(durable ? {} : NOT_DURABLE),
    cluster_name: processName(cluster),
    port: port ?? (await findFreePort()),
  };
  const stale = await readPostmasterFile(cluster);
  const log = await open(cluster.logFile, 'a', 0o600);
  try {
    const child = spawn(
      binaries.postgres,
      ['-D', cluster.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...user,
        cwd: dirname(cluster.data),
        env: {
          ...programEnvironment(),
          // PostgreSQL refuses to start while the process in postmaster.pid lives, even when that id belongs to another
          // program by now. It ignores the process that this variable names, and then still checks that no process uses
          // the cluster's shared memory. Removing the file here could remove one that was just written.
          ...(stale && { PG_GRANDPARENT_PID: `${stale.pid}` }),
        },
        // A process group of its own: Ctrl-C signals the gateway's group, and the gateway still has to finish its work.
        detached: true,
        windowsHide: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    child.unref();
    let hasExited = false;
    child.on('exit', () => {
      hasExited = true;
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return { pid: child.pid, hasExited: () => hasExited };
  } finally {
    await log.close();
  }
}

async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT + 1);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) =>
      server.once('error', () => resolve(false)).listen(port, LOOPBACK, () => resolve(true)),
    );
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
  throw new Error(`There is no free port on ${LOOPBACK}.`);
}

/** Stops the postmaster with all its connections, and waits for its end. Rejects when it does not end. */
export async function stopPostmaster({ cluster, binaries, user }: Installation, { pid }: Postmaster): Promise<void> {
  const hasEnded = async () => !(await isPostmaster(pid, cluster));
  // pg_ctl sends the signal as PostgreSQL's user: as root, a wrong process id could reach any process.
  const send = (signal: string) =>
    run(binaries.pgCtl, ['kill', signal, `${pid}`], {
      ...user,
      cwd: dirname(cluster.data),
      env: programEnvironment(),
    }).catch(async (error) => {
      if (!(await hasEnded())) throw error;
    });

  await send('INT');
  if (await waitUntil(hasEnded, FAST_SHUTDOWN_LIMIT_MS)) return;
  await send('QUIT');
  if (await waitUntil(hasEnded, IMMEDIATE_SHUTDOWN_LIMIT_MS)) return;
  throw new Error(`The embedded PostgreSQL (process ${pid}) did not stop: end the process by hand.`);
}

/** @returns whether the condition has become true within `limit` milliseconds */
async function waitUntil(condition: () => Promise<boolean>, limit: number): Promise<boolean> {
  const deadline = Date.now() + limit;
  while (Date.now() < deadline) {
    if (await condition()) return true;
    await delay(POLL_INTERVAL_MS);
  }
  return false;
}
