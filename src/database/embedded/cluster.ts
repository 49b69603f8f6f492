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

/** The server's only role, and the name of the gateway's database. */
export const ROLE = 'broadsheet';

const PASSWORD_BYTES = 24;

/** Milliseconds to create a cluster: 600 on an idle machine, 13,000 measured on one with a busy disk. */
const CREATE_LIMIT_MS = 120_000;

/** The files of an embedded server, below `<dataDir>/postgres`. */
export interface Cluster {
  /** PostgreSQL's own directory, owned by the user that runs it. */
  data: string;
  password: string;
  /** The server's log; it contains no text of a statement. */
  logFile: string;
}

/** Opens the cluster at `home`; undefined when there is none. Rejects when it exists and this user cannot open it. */
export async function openCluster(home: string): Promise<Cluster | undefined> {
  if (!(await exists(home))) return undefined;
  const directory = await realpath(home).catch((cause) => {
    throw new Error(
      `${home} is a link to a PostgreSQL data directory that does not exist: restore the directory, or remove the link.`,
      { cause },
    );
  });
  const password = await readFile(join(directory, 'password'), 'utf8').catch((cause) => {
    throw new Error(
      `This user cannot read the PostgreSQL data in ${directory}: start the gateway as the user that created it.`,
      { cause },
    );
  });
  return { data: join(directory, 'data'), password, logFile: join(directory, 'server.log') };
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

/** The user that runs the cluster's server: the owner of its data. */
export async function ownerOf({ data }: Cluster): Promise<ProcessUser> {
  if (!isRoot()) return {};
  const { uid, gid } = await stat(data);
  return { uid, gid };
}

interface NewCluster {
  dataDir: string;
  /** Runs the server. */
  user: ProcessUser;
  /** Opens the directory for the data when the user cannot reach `dataDir`. */
  openSharedDir: () => Promise<string>;
  /** False does not wait until the files are on disk. */
  durable: boolean;
}

/**
 * Creates the cluster at `home`, completely or not at all. When several gateways create it at once, all of them use the
 * first one that is complete.
 */
export async function createCluster(home: string, binaries: Binaries, options: NewCluster): Promise<void> {
  const isElsewhere = !canReach(options.user, options.dataDir);
  const parent = isElsewhere ? await options.openSharedDir() : options.dataDir;
  const directory = await mkdtemp(join(parent, 'postgres-'));
  try {
    await initialize(directory, binaries, options);
    // Both fail when `home` exists by now. A link at `home` leads to data in another directory.
    await (isElsewhere ? symlink(directory, home) : rename(directory, home));
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    if (!(await exists(home))) throw error;
  }
}

async function initialize(directory: string, { initdb }: Binaries, { user, durable }: NewCluster): Promise<void> {
  const data = join(directory, 'data');
  const passwordFile = join(directory, 'password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, randomBytes(PASSWORD_BYTES).toString('base64url'), { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) {
    // The user may enter the directory, but must not own it: an owner could replace the log file, which root writes, by
    // a link to another file.
    await chmod(directory, 0o711);
    await chown(data, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  await promisify(execFile)(
    initdb,
    [
      `--pgdata=${data}`,
      `--username=${ROLE}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Sorts by code point, so that the order does not depend on the machine's locales.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...(durable ? [] : ['--no-sync']),
    ],
    { ...user, cwd: directory, env: programEnvironment(), timeout: CREATE_LIMIT_MS },
  );
  if (user.uid !== undefined) await chown(passwordFile, process.geteuid!(), process.getegid!());
}
