import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { canReach, isRoot, programEnvironment, unprivilegedUser } from '../src/database/embedded/process-user.ts';
import type { Closers } from './closers.ts';
import { until } from './gateway.ts';
import { freePort } from './postgres-server.ts';

/** Programs that the embedded PostgreSQL does not have. */
const BINARIES = ['18', '17', '16', '15'].map((version) => `/usr/lib/postgresql/${version}/bin`).find(existsSync);

export const hasReplication = BINARIES !== undefined;

export interface Standby {
  url: string;
  /** Replays nothing until `resume`. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface ReplicatedPostgres {
  url: string;
  /** @param delay milliseconds after a commit at which it is replayed */
  addStandby(delay: number): Promise<Standby>;
}

const run = promisify(execFile);

/** The programs of one installation, run by a user that PostgreSQL accepts. */
class Programs {
  readonly directory: string;
  readonly #closers: Closers;
  readonly #user = isRoot() ? unprivilegedUser() : {};

  constructor(directory: string, closers: Closers) {
    this.directory = directory;
    this.#closers = closers;
    if (!canReach(this.#user, directory)) throw new Error(`PostgreSQL's user cannot enter ${directory}.`);
  }

  get #options() {
    return { ...this.#user, cwd: this.directory, env: programEnvironment() };
  }

  async run(name: string, args: string[]): Promise<void> {
    await run(join(BINARIES!, name), args, this.#options);
  }

  /** Runs a server until it takes connections. @returns kills it */
  async serve(home: string, port: number, settings: Record<string, string>): Promise<() => Promise<void>> {
    const all = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', ...settings };
    const args = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawn(join(BINARIES!, 'postgres'), ['-D', home, ...args], { ...this.#options, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const stop = async (): Promise<void> => {
      child.kill('SIGQUIT');
      await ended;
    };
    this.#closers.push(stop);
    await until('the server takes connections', () => answers(urlOf(port)));
    return stop;
  }
}

/** Starts a PostgreSQL server that standby servers can follow. */
export async function startReplicatedPostgres(closers: Closers): Promise<ReplicatedPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-replication-'));
  closers.push(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o777);
  const programs = new Programs(directory, closers);
  const data = join(directory, 'primary');
  await programs.run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '--locale=C.UTF-8']);
  const port = await freePort();
  await programs.serve(data, port, { wal_level: 'replica', max_wal_senders: '5', hot_standby: 'on' });
  return { url: urlOf(port), addStandby: (delay) => addStandby(programs, { primary: port, delay }) };
}

async function addStandby(
  programs: Programs,
  { primary, delay }: { primary: number; delay: number },
): Promise<Standby> {
  const port = await freePort();
  const home = join(programs.directory, `standby-${port}`);
  const from = ['-h', '127.0.0.1', '-p', `${primary}`, '-U', 'postgres'];
  await programs.run('pg_basebackup', ['-D', home, ...from, '-R', '-c', 'fast']);
  const start = () => programs.serve(home, port, { recovery_min_apply_delay: `${delay}ms` });
  let stop = await start();
  const url = urlOf(port);
  const query = async (text: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  return {
    url,
    pause: () => query('SELECT pg_wal_replay_pause()'),
    resume: () => query('SELECT pg_wal_replay_resume()'),
    kill: () => stop(),
    async start() {
      stop = await start();
    },
  };
}

function urlOf(port: number): string {
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
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
