import { chmod, lstat, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Logger } from '../../logger.ts';
import { findBinaries } from './binaries.ts';
import { type Cluster, createCluster, openCluster, ownerOf, ROLE } from './cluster.ts';
import { keepMembership } from './keep-membership.ts';
import { joinServer, leaveServer, urlOf } from './membership.ts';
import {
  findPostmaster,
  type Installation,
  launchPostmaster,
  POLL_INTERVAL_MS,
  type Postmaster,
  stopPostmaster,
} from './postmaster.ts';
import { canReach, isRoot, type ProcessUser, unprivilegedUser } from './process-user.ts';

/** Where root stores files that the user of PostgreSQL cannot reach in `dataDir` or node_modules. */
const SHARED_DIR = '/var/lib/broadsheet';

/** Milliseconds for a start: usually 30, 600 with initdb, and longer when a crash has left much to recover. */
const START_LIMIT_MS = 60_000;

/** A postmaster that exits this many times will not start. A single exit can come from a port conflict or a race. */
const MAX_LAUNCHES = 5;

/** Milliseconds before the second launch, doubled for each further one: its memory stays in use for a moment. */
const RELAUNCH_DELAY_MS = 100;

/** Bytes of the server's log that an error message quotes. */
const LOG_TAIL_BYTES = 2_000;

interface EmbeddedOptions {
  /** The data is stored below it, in `postgres`. Created if missing. Only gateways of one machine or container share it. */
  dataDir: string;
  /** Receives the location of the data when it is not in `dataDir`. */
  log?: Pick<Logger, 'info'>;
  /**
   * False is faster, and loses data in a power cut; for tests.
   * @default true
   */
  durable?: boolean;
  /**
   * Where root stores files that the user of PostgreSQL cannot reach in `dataDir`.
   * @default /var/lib/broadsheet
   */
  sharedDir?: string;
}

interface EmbeddedServer {
  /** The gateway's database on a port of the loopback address, password included. */
  url: string;
  /** Stops the server, unless another gateway uses it. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded PostgreSQL, or joins the one that already runs on `dataDir`: that of another gateway, or one that a
 * killed gateway has left running. Rejects when there are no programs for this platform, and suggests DATABASE_URL;
 * rejects with the end of the server's log when the server takes no connections within 60 seconds.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const installation = await prepare(options);
  const { postmaster, connection } = await startOrJoin(installation);
  const membership = keepMembership(installation.cluster, connection);
  let stopping: Promise<void> | undefined;
  return {
    url: urlOf(postmaster, installation.cluster, ROLE),
    stop() {
      stopping ??= leaveOrStop(installation, membership.end());
      return stopping;
    },
  };
}

/** Finds the programs, the data and the user that runs them, and creates the data if there is none. */
async function prepare({
  dataDir,
  log,
  durable = true,
  sharedDir = SHARED_DIR,
}: EmbeddedOptions): Promise<Installation> {
  await mkdir(dataDir, { recursive: true });
  const realDir = await realpath(dataDir);
  const home = join(realDir, 'postgres');
  const existing = await openCluster(home);
  const user = existing ? await ownerOf(existing) : isRoot() ? unprivilegedUser() : {};
  const openShared = () => openSharedDir(sharedDir, user);
  const binaries = await findBinaries(user, isRoot() ? openShared : async () => realDir);
  if (!existing) await createCluster(home, binaries, { dataDir: realDir, user, openSharedDir: openShared, durable });
  const cluster = existing ?? (await openCluster(home))!;
  if (!cluster.data.startsWith(home))
    log?.info('The embedded PostgreSQL stores its data outside DATA_DIR', { directory: cluster.data });
  return { cluster, binaries, user, durable };
}

/** Opens a directory that only root can write to and every user can read. */
async function openSharedDir(directory: string, user: ProcessUser): Promise<string> {
  if ((await mkdir(directory, { recursive: true })) !== undefined) await chmod(directory, 0o755);
  const { uid, mode } = await lstat(directory);
  if (uid !== 0 || (mode & 0o022) !== 0)
    throw new Error(`${directory} must belong to root, and no other user may write to it: correct its owner and mode.`);
  if (!canReach(user, directory)) {
    throw new Error(
      `PostgreSQL does not run as root, and user ${user.uid} can enter neither this installation nor ${directory}: start the gateway as another user, or set DATABASE_URL.`,
    );
  }
  return directory;
}

async function startOrJoin(installation: Installation): Promise<{ postmaster: Postmaster; connection: Client }> {
  const { cluster } = installation;
  const logStart = await stat(cluster.logFile).then(
    ({ size }) => size,
    () => 0,
  );
  const deadline = Date.now() + START_LIMIT_MS;
  let launches = 0;
  let hasExited = () => true;
  let cause: unknown;
  while (Date.now() < deadline) {
    const postmaster = await findPostmaster(cluster);
    if (postmaster) {
      try {
        return { postmaster, connection: await joinServer(postmaster, cluster) };
      } catch (error) {
        // The server is starting, is being stopped, or is not this cluster's: a later check decides.
        cause = error;
      }
    } else if (hasExited()) {
      if (launches === MAX_LAUNCHES) break;
      if (launches > 0) await delay(RELAUNCH_DELAY_MS * 2 ** (launches - 1));
      launches += 1;
      hasExited = await launchPostmaster(installation);
    }
    await delay(POLL_INTERVAL_MS);
  }
  const launched = hasExited() ? undefined : await findPostmaster(cluster);
  if (launched) await stopPostmaster(installation, launched);
  const log = await readLogTail(cluster, logStart);
  throw new Error(`The embedded PostgreSQL did not start in ${cluster.data}. Its log ends with:\n${log}`, { cause });
}

async function readLogTail({ logFile }: Cluster, start: number): Promise<string> {
  const log = await readFile(logFile);
  return log
    .subarray(Math.max(start, log.length - LOG_TAIL_BYTES))
    .toString()
    .trim();
}

async function leaveOrStop(installation: Installation, membership: Promise<Client | undefined>): Promise<void> {
  const kept = await membership;
  const postmaster = await findPostmaster(installation.cluster);
  // A server that cannot be joined any more is already being stopped.
  const connection =
    kept ?? (postmaster && (await joinServer(postmaster, installation.cluster).catch(() => undefined)));
  if (!connection || !postmaster) return;
  try {
    if (await leaveServer(connection)) await stopPostmaster(installation, postmaster);
  } finally {
    await connection.end();
  }
}
