import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { isRoot, programEnvironment, unprivilegedUser } from '../src/database/embedded/process-user.ts';
import type { Closers } from './closers.ts';
import { until } from './gateway.ts';
import { freePort } from './postgres-server.ts';

const PROGRAM = process.env.PGBOUNCER ?? 'pgbouncer';

/** The version from which it keeps prepared statements in transaction mode. */
const LEAST = [1, 21] as const;

/** Whether a PgBouncer that keeps prepared statements is on the PATH, or named by PGBOUNCER. */
export const hasPgBouncer: boolean = isNewEnough(String(spawnSync(PROGRAM, ['--version']).stdout));

function isNewEnough(text: string): boolean {
  const [, major, minor] = /PgBouncer (\d+)\.(\d+)/.exec(text) ?? [];
  return Number(major) > LEAST[0] || (Number(major) === LEAST[0] && Number(minor) >= LEAST[1]);
}

export interface PgBouncer {
  /** Of a database of the server through the pooler. */
  urlOf(database: string): string;
  /** Connections that it has to the server. */
  serverConnections(): Promise<number>;
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** The settings that the operating guide names. */
const SETTINGS = {
  pool_mode: 'transaction',
  max_prepared_statements: '500',
  ignore_startup_parameters: 'statement_timeout,idle_in_transaction_session_timeout,plan_cache_mode,jit',
};

/** Starts PgBouncer before a server, with three connections for each database. @param own further settings */
export async function startPgBouncer(
  serverUrl: string,
  closers: Closers,
  own: Record<string, string> = {},
): Promise<PgBouncer> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-pgbouncer-'));
  closers.push(() => rm(directory, { recursive: true }));
  await chmod(directory, 0o755);
  const server = new URL(serverUrl);
  const port = await freePort();
  const settings = {
    ...SETTINGS,
    ...{ listen_addr: '127.0.0.1', listen_port: `${port}`, unix_socket_dir: '', auth_type: 'any' },
    ...{ default_pool_size: '3', max_client_conn: '500', server_login_retry: '1', admin_users: 'any', logfile: '' },
    ...own,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const target = `host=${server.hostname} port=${server.port} user=${server.username}`;
  const file = join(directory, 'pgbouncer.ini');
  await writeFile(file, `[databases]\n* = ${target}\n[pgbouncer]\n${lines.join('\n')}\n`);
  const urlOf = (database: string): string => `postgres://${server.username}@127.0.0.1:${port}/${database}`;
  let running: ChildProcess | null = null;

  async function start(): Promise<void> {
    running = spawn(PROGRAM, ['-q', file], {
      ...(isRoot() ? unprivilegedUser() : {}),
      cwd: directory,
      env: programEnvironment(),
      stdio: 'ignore',
    });
    await until('PgBouncer takes connections', () => answers(urlOf(server.pathname.slice(1))));
  }
  async function stop(): Promise<void> {
    const child = running;
    running = null;
    if (!child) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGQUIT');
    await ended;
  }
  closers.push(stop);
  await start();
  return {
    urlOf,
    stop,
    start,
    async serverConnections() {
      const sql = new pg.Client({ connectionString: serverUrl });
      await sql.connect();
      const { rows } = await sql.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
      );
      await sql.end();
      return rows[0]!.count;
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
