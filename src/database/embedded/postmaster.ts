import { execFile, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import type { Cluster } from './cluster.ts';
import { type ProcessUser, programEnvironment } from './process-user.ts';

const run = promisify(execFile);

export const LOOPBACK = '127.0.0.1';

/** Milliseconds between looks at a server that starts or stops: it takes 30 to do either. */
export const LOOK_EVERY_MS = 10;

/** Milliseconds a fast shutdown may take, which writes the last checkpoint, before the server is cut off. */
const SHUTDOWN_LIMIT_MS = 30_000;

/** Milliseconds a server that is cut off may take to end; it recovers at its next start. */
const CUT_OFF_LIMIT_MS = 5_000;

/** Settings for a machine that is shared with the gateway and more. */
const SETTINGS = {
  listen_addresses: LOOPBACK,
  // No socket file: the password is the way in for every user of the machine.
  unix_socket_directories: '',
  max_connections: 100,
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // The log tells of the server. Errors of statements reach the gateway, and their texts hold what people wrote.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

/** What a test can do without: data that survives a power cut. */
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export interface Launch {
  cluster: Cluster;
  binaries: Binaries;
  runner: ProcessUser;
  durable: boolean;
}

/** The process that listens for a cluster's connections. */
export interface Postmaster {
  pid: number;
  port: number;
}

/** The postmaster of the cluster, whoever started it; undefined when none is running, whatever postmaster.pid says. */
export async function runningPostmaster(cluster: Cluster): Promise<Postmaster | undefined> {
  const named = await namedPostmaster(cluster);
  return named && (await isPostmaster(named.pid, cluster)) ? named : undefined;
}

async function namedPostmaster({ data }: Cluster): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  // Process, directory, time of start, port: see miscadmin.h of PostgreSQL.
  const [pid, , , port] = text.split('\n').map(Number);
  return pid && port && pid > 0 ? { pid, port } : undefined;
}

/** Whether the process is this cluster's PostgreSQL: a number in a file left behind may be anybody's by now. */
async function isPostmaster(pid: number, { data }: Cluster): Promise<boolean> {
  if (process.platform === 'linux') {
    // A process that has ended and is not yet collected has no words left.
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return words.split('\0').includes(data);
  }
  if (process.platform === 'win32') {
    const { stdout } = await run('tasklist', ['/fi', `pid eq ${pid}`]);
    return stdout.includes('postgres');
  }
  const { stdout } = await run('ps', ['-o', 'command=', '-p', `${pid}`]).catch(() => ({ stdout: '' }));
  return stdout.includes(data);
}

/**
 * Starts a postmaster that outlives us. Resolves as soon as it runs, not when it answers, to a function that tells
 * whether it has ended; it ends at once where another one has the cluster, for PostgreSQL lets only one have it.
 */
export async function launch({ cluster, binaries, runner, durable }: Launch): Promise<() => boolean> {
  const settings = { ...SETTINGS, ...(durable ? {} : NOT_DURABLE), port: await freePort() };
  const stale = await namedPostmaster(cluster);
  const log = await open(cluster.logFile, 'a', 0o600);
  try {
    const child = spawn(
      binaries.postgres,
      ['-D', cluster.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      {
        ...runner,
        cwd: dirname(cluster.data),
        env: {
          ...programEnvironment(),
          // PostgreSQL refuses to start while the process in postmaster.pid lives, even if that number went to a
          // stranger. It makes an exception for what this variable names, and goes on to check that the cluster's
          // shared memory is in nobody's use. Removing the file ourselves could remove one that was just written.
          ...(stale && { PG_GRANDPARENT_PID: `${stale.pid}` }),
        },
        // A group of its own: Ctrl-C goes to the gateway's, which still has to finish its work.
        detached: true,
        windowsHide: true,
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    child.unref();
    let ended = false;
    child.on('exit', () => {
      ended = true;
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    return () => ended;
  } finally {
    await log.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error(`There is no free port on ${LOOPBACK}.`);
  return address.port;
}

/** Ends the postmaster and its connections, and waits until it has. Rejects when it does not end. */
export async function halt({ cluster, binaries, runner }: Launch, { pid }: Postmaster): Promise<void> {
  const isGone = async () => !(await isPostmaster(pid, cluster));
  // Sent by PostgreSQL's own program as its own user: root would reach any process that the file happened to name.
  const send = (signal: string) =>
    run(binaries.pgCtl, ['kill', signal, `${pid}`], {
      ...runner,
      cwd: dirname(cluster.data),
      env: programEnvironment(),
    }).catch(async (error) => {
      if (!(await isGone())) throw error;
    });

  await send('INT');
  if (await comesTrue(isGone, SHUTDOWN_LIMIT_MS)) return;
  await send('QUIT');
  if (await comesTrue(isGone, CUT_OFF_LIMIT_MS)) return;
  throw new Error(`PostgreSQL (process ${pid}) does not end.`);
}

async function comesTrue(condition: () => Promise<boolean>, limit: number): Promise<boolean> {
  const deadline = Date.now() + limit;
  while (Date.now() < deadline) {
    if (await condition()) return true;
    await delay(LOOK_EVERY_MS);
  }
  return false;
}
