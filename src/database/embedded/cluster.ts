import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { canReach, isRoot, type ProcessUser, programEnvironment } from './process-user.ts';

/** The one role of the server, and the database the gateway works in. */
export const ROLE = 'broadsheet';

const PASSWORD_BYTES = 24;

/** Milliseconds to make a cluster: 600 on a quiet machine, 13,000 seen on one whose disk was busy. */
const CREATE_LIMIT_MS = 120_000;

/** What a data directory keeps of its server, below `<dataDir>/postgres`. */
export interface Cluster {
  /** PostgreSQL's own directory; belongs to the user it runs as. */
  data: string;
  password: string;
  /** What the server says; it is never sent statements' texts. */
  logFile: string;
}

/** The cluster at `home`; undefined when there has not been one. Rejects when it is there and not ours to open. */
export async function openCluster(home: string): Promise<Cluster | undefined> {
  if (!(await exists(home))) return undefined;
  const place = await realpath(home).catch((cause) => {
    throw new Error(`${home} leads to PostgreSQL's data elsewhere, which is gone: restore it, or remove the link.`, {
      cause,
    });
  });
  const password = await readFile(join(place, 'password'), 'utf8').catch((cause) => {
    throw new Error(`PostgreSQL's data in ${place} cannot be opened by this user: start as the one who made it.`, {
      cause,
    });
  });
  return { data: join(place, 'data'), password, logFile: join(place, 'server.log') };
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}

/** Whom the server of a cluster runs as: whoever owns its data, which is not the gateway's user when that is root. */
export async function ownerOf({ data }: Cluster): Promise<ProcessUser> {
  if (!isRoot()) return {};
  const { uid, gid } = await stat(data);
  return { uid, gid };
}

export interface NewCluster {
  dataDir: string;
  runner: ProcessUser;
  /** Where the data goes when the runner cannot reach `dataDir`. */
  sharedDir: () => Promise<string>;
  /** False leaves out waiting for the disk, as a test does. */
  durable: boolean;
}

/**
 * Makes the cluster that will be found at `home`: whole, or not at all. When several gateways do so at once, one of
 * them wins, and all use its cluster.
 */
export async function createCluster(home: string, binaries: Binaries, to: NewCluster): Promise<void> {
  const elsewhere = !canReach(to.runner, to.dataDir);
  const fresh = await mkdtemp(join(elsewhere ? await to.sharedDir() : to.dataDir, 'postgres-'));
  try {
    await initialise(fresh, binaries, to);
    // Both fail when something stands at `home` by now; a link is how data that lies elsewhere is found again.
    await (elsewhere ? symlink(fresh, home) : rename(fresh, home));
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    if (!(await exists(home))) throw error;
  }
}

async function initialise(place: string, { initdb }: Binaries, { runner, durable }: NewCluster): Promise<void> {
  const data = join(place, 'data');
  const passwordFile = join(place, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, randomBytes(PASSWORD_BYTES).toString('base64url'), { mode: 0o600 });
  if (runner.uid !== undefined && runner.gid !== undefined) {
    // Passable, but not the runner's: it must not be able to put links where root writes the log.
    await chmod(place, 0o711);
    await chown(data, runner.uid, runner.gid);
    await chown(passwordFile, runner.uid, runner.gid);
  }
  await promisify(execFile)(
    initdb,
    [
      `--pgdata=${data}`,
      `--username=${ROLE}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Sorts by code point on every machine, whatever its locales are.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    { ...runner, cwd: place, env: programEnvironment(), timeout: CREATE_LIMIT_MS },
  );
  if (runner.uid !== undefined) await chown(passwordFile, process.geteuid!(), process.getegid!());
}
