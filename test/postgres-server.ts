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

/** A PostgreSQL of the test's own, always on the same port. */
export interface PostgresServer {
  port: number;
  url: string;
  /** `fast` ends every connection and writes everything down; `immediate` is as if it had crashed. */
  stop(how: 'fast' | 'immediate'): Promise<void>;
  /** Resolves when it takes connections. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

export async function startPostgres(): Promise<PostgresServer> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-postgres-'));
  await chmod(directory, 0o755);
  const runner = isRoot() ? unprivilegedUser() : {};
  const here = async (): Promise<string> => directory;
  const binaries = await findBinaries(runner, here);
  const home = join(directory, 'postgres');
  await createCluster(home, binaries, { dataDir: directory, runner, sharedDir: here, durable: false });
  const { data, password } = (await openCluster(home))!;
  const port = await freePort();
  const url = `postgresql://${ROLE}:${password}@127.0.0.1:${port}/postgres`;
  let running: ChildProcess | null = null;

  async function start(): Promise<void> {
    // What is committed survives the end of its process, as it must here, but no power cut.
    const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off' };
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    while (!(await answers(url))) {
      // It may end at once: what was cut off holds its memory for a moment longer.
      if (!running || running.exitCode !== null)
        running = spawn(binaries.postgres, ['-D', data, ...words], {
          ...runner,
          cwd: dirname(data),
          env: programEnvironment(),
          stdio: 'ignore',
        });
      await delay(20);
    }
  }
  async function stop(how: 'fast' | 'immediate'): Promise<void> {
    const server = running;
    running = null;
    if (!server || server.exitCode !== null) return;
    const exited = once(server, 'exit');
    server.kill(SIGNALS[how]);
    await exited;
  }

  // Also when the test's process ends before it could close what it opened.
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

async function answers(url: string): Promise<boolean> {
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

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
