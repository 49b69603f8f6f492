import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries } from '../src/database/embedded/binaries.ts';
import { createCluster, openCluster, ROLE } from '../src/database/embedded/cluster.ts';
import { isRoot, programEnvironment, unprivilegedUser } from '../src/database/embedded/process-user.ts';

/** A PostgreSQL server for one test, always on the same port. */
export interface PostgresServer {
  port: number;
  url: string;
  /** `fast` closes every connection and writes a checkpoint; `immediate` is like a crash. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** Resolves when the server takes connections. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

export async function startPostgres(): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-postgres-'));
  await chmod(directory, 0o755);
  const user = isRoot() ? unprivilegedUser() : {};
  const openDirectory = async (): Promise<string> => directory;
  const binaries = await findBinaries(user, openDirectory);
  const home = join(directory, 'postgres');
  await createCluster(home, binaries, {
    dataDir: directory,
    user,
    openSharedDir: openDirectory,
    durable: false,
  });
  const { data, password } = (await openCluster(home))!;
  const port = await freePort();
  const url = `postgresql://${ROLE}:${password}@127.0.0.1:${port}/postgres`;
  let running: ChildProcess | null = null;

  async function start(): Promise<void> {
    // Without fsync, commits survive the end of the process, which these tests need, but not a power cut.
    const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    while (!(await takesConnections(url))) {
      // It may exit at once: a killed server's memory stays in use for a moment.
      if (!running || running.exitCode !== null)
        running = spawn(binaries.postgres, ['-D', data, ...args], {
          ...user,
          cwd: dirname(data),
          env: programEnvironment(),
          stdio: 'ignore',
        });
      await delay(20);
    }
  }
  async function stop(mode: 'fast' | 'immediate'): Promise<void> {
    const server = running;
    running = null;
    if (!server || server.exitCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(SIGNALS[mode]);
    await exited;
  }

  // Stops the server also when the test's process ends before it calls close().
  const kill = (): boolean | undefined => running?.kill('SIGQUIT');
  process.once('exit', kill);
  await start();
  return {
    port,
    url,
    stop,
    start,
    async close() {
      await stop('immediate');
      process.off('exit', kill);
      await rm(directory, { recursive: true });
    },
  };
}

async function takesConnections(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** A port on which no process listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
