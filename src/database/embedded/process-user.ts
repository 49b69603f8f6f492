import { spawnSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The operating system's user that PostgreSQL runs as: empty when it is the gateway's own. */
export interface ProcessUser {
  uid?: number;
  gid?: number;
}

/** Users without privileges that root hands PostgreSQL to, the one made for it first. */
const STAND_INS = ['broadsheet', 'postgres', 'nobody'];

/** What Linux calls nobody; a number needs no entry in /etc/passwd. */
const NOBODY = 65534;

export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** Whom root runs PostgreSQL as, which refuses to run as root itself. */
export function unprivilegedUser(): Required<ProcessUser> {
  for (const name of STAND_INS) {
    const uid = idOf(name, '-u');
    const gid = idOf(name, '-g');
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  return { uid: NOBODY, gid: NOBODY };
}

function idOf(name: string, which: '-u' | '-g'): number {
  const { status, stdout } = spawnSync('id', [which, name], { encoding: 'utf8' });
  return status === 0 ? Number.parseInt(stdout, 10) : Number.NaN;
}

/** Whether the runner may pass through `directory` and all that is above it. */
export function canReach(runner: ProcessUser, directory: string): boolean {
  if (runner.uid === undefined) return true;
  let at = realpathSync(directory);
  for (;;) {
    const { mode, uid, gid } = statSync(at);
    const bits = uid === runner.uid ? mode >> 6 : gid === runner.gid ? mode >> 3 : mode;
    if ((bits & 1) === 0) return false;
    if (at === dirname(at)) return true;
    at = dirname(at);
  }
}

/** What PostgreSQL's programs see of the environment: no PG* variable changes them, and no secret is passed on. */
export function programEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  return { LC_ALL: 'C', ...(PATH && { PATH }), ...(SystemRoot && { SystemRoot }) };
}
