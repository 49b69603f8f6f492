import { randomUUID } from 'node:crypto';
import { link, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Cluster } from './cluster.ts';

/** Milliseconds after which a lock counts as left behind, whatever process has its id now: longer than any launch. */
const STALE_AFTER_MS = 120_000;

/** Tokens of the locks that this process holds: a lock with its id and another token is one of an earlier process. */
const heldTokens = new Set<string>();

/**
 * Runs work while no other gateway does so for this cluster. PostgreSQL itself cannot serve as the lock: of two
 * postmasters that start after a crash, one may remove the file postmaster.pid of the other.
 * @returns undefined, without running the work, while another gateway holds the lock
 */
export async function withLaunchLock<Result>(
  { data }: Cluster,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const path = join(dirname(data), 'launch.lock');
  const token = randomUUID();
  heldTokens.add(token);
  try {
    if (!(await take(path, token))) return undefined;
    try {
      return await work();
    } finally {
      await unlink(path).catch(() => {});
    }
  } finally {
    heldTokens.delete(token);
  }
}

async function take(path: string, token: string): Promise<boolean> {
  if (await create(path, token)) return true;
  const holder = await readFile(path, 'utf8').catch(() => '');
  if (!(await isStale(path, holder))) return false;
  // Of several gateways that find it stale, the renaming of one succeeds.
  const removed = `${path}.${token}`;
  const isRemoved = await rename(path, removed).then(
    () => true,
    () => false,
  );
  if (!isRemoved) return false;
  // Another gateway has replaced the stale lock since it was read: it gets its lock back.
  const isOther = (await readFile(removed, 'utf8').catch(() => holder)) !== holder;
  if (isOther) await link(removed, path).catch(() => {});
  await unlink(removed).catch(() => {});
  return !isOther && create(path, token);
}

function create(path: string, token: string): Promise<boolean> {
  return writeFile(path, `${process.pid} ${token}`, { flag: 'wx', mode: 0o600 }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

async function isStale(path: string, holder: string): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  if (Date.now() - mtimeMs > STALE_AFTER_MS) return true;
  const [pid = '', token = ''] = holder.split(' ');
  // The lock was just created, and its content is not written yet; or it has just been released.
  if (token === '') return false;
  if (Number(pid) === process.pid) return !heldTokens.has(token);
  return !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
