import { spawnSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The operating system's user that runs PostgreSQL; empty for the gateway's own user. */
export interface ProcessUser {
  uid?: number;
  gid?: number;
}

/** Unprivileged users that run PostgreSQL when the gateway is started by root, in order of preference. */
const UNPRIVILEGED_USERS = ['broadsheet', 'postgres', 'nobody'];

/** The uid and gid of nobody on Linux; a process can run under them without an entry in /etc/passwd. */
const NOBODY = 65534;

export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** The user that runs PostgreSQL when the gateway is started by root: PostgreSQL refuses to run as root. */
export function unprivilegedUser(): Required<ProcessUser> {
  for (const name of UNPRIVILEGED_USERS) {
    const uid = idOf(name, '-u');
    const gid = idOf(name, '-g');
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  return { uid: NOBODY, gid: NOBODY };
}

function idOf(name: string, option: '-u' | '-g'): number {
  const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' });
  return status === 0 ? Number.parseInt(stdout, 10) : Number.NaN;
}

/** Whether the user may enter `directory` and every directory above it. */
export function canReach(user: ProcessUser, directory: string): boolean {
  if (user.uid === undefined) return true;
  let current = realpathSync(directory);
  for (;;) {
    const { mode, uid, gid } = statSync(current);
    const bits = uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode;
    if ((bits & 1) === 0) return false;
    if (current === dirname(current)) return true;
    current = dirname(current);
  }
}

/** The environment of PostgreSQL's programs: no PG* variable configures them, and they receive no secret. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  return { LC_ALL: 'C', ...(PATH && { PATH }), ...(SystemRoot && { SystemRoot }) };
}
