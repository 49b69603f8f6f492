import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isRoot, programEnvironment, unprivilegedUser } from '../src/database/embedded/process-user.ts';
import { freePort } from './postgres-server.ts';

/** Where Debian's packages have the programs of each version. */
const PACKAGES = '/usr/lib/postgresql';

/** The programs of the oldest PostgreSQL of the system that Broadsheet supports; null when it has none. */
export function findSystemPostgres(): string | null {
  const versions = existsSync(PACKAGES) ? readdirSync(PACKAGES).map(Number) : [];
  const [version] = versions.filter((number) => number >= 15).sort((a, b) => a - b);
  return version === undefined ? null : join(PACKAGES, `${version}`, 'bin');
}

/** Starts a server of the system with an empty database, which takes no password. */
export async function startSystemPostgres(programs: string): Promise<{ url: string; close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'broadsheet-system-'));
  await chmod(directory, 0o755);
  const user: { uid?: number; gid?: number } = isRoot() ? unprivilegedUser() : {};
  if (user.uid !== undefined) await chown(directory, user.uid, user.gid!);
  const data = join(directory, 'data');
  const port = await freePort();
  const options = { ...user, cwd: directory, env: programEnvironment() };
  const run = (program: string, ...args: string[]) => promisify(execFile)(join(programs, program), args, options);
  await run('initdb', '-D', data, '-U', 'broadsheet', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync');
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off`;
  await run('pg_ctl', '-D', data, '-w', '-l', join(directory, 'log'), '-o', settings, 'start');
  return {
    url: `postgresql://broadsheet@127.0.0.1:${port}/postgres`,
    async close() {
      await run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      await rm(directory, { recursive: true });
    },
  };
}
