// Builds before a start when a source is newer than the last build. An unchanged checkout starts at once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = ['schema', 'src', 'prisma/client', '.config', 'package-lock.json'];
const built = join(root, 'dist', 'main.js');
// The process that builds holds it: two builds at once would overwrite each other's files.
const lock = join(root, 'node_modules', '.broadsheet-build');
// Milliseconds after which a lock is taken to be left by a build that was killed.
const LOCK_LIVES = 300_000;
const LOOK_EVERY = 100;

/** Time of the newest change below a path, in milliseconds since 1970. */
function changed(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => changed(join(path, name))));
}

function isStale() {
  const newest = Math.max(...sources.map((source) => changed(join(root, source))));
  return !existsSync(built) || statSync(built).mtimeMs < newest;
}

function takeLock() {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (since > 0 && Date.now() - since > LOCK_LIVES) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function build() {
  const { status } = spawnSync(process.execPath, [join(root, '.config/build.mjs')], { cwd: root, stdio: 'inherit' });
  return status ?? 1;
}

if (isStale()) {
  // Ctrl-C reaches the build as well and ends it; without this handler the lock below would not be released.
  let isInterrupted = false;
  const interrupt = () => {
    isInterrupted = true;
  };
  process.on('SIGINT', interrupt);
  let status = 0;
  while (!takeLock()) await delay(LOOK_EVERY);
  try {
    // The process that held the lock before may have built it.
    if (isStale()) status = build();
  } finally {
    rmSync(lock, { recursive: true, force: true });
    process.off('SIGINT', interrupt);
  }
  if (isInterrupted || status !== 0) process.exit(status || 130);
}
