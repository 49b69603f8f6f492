import { chmod, lstat, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../logger.ts';
import { findBinaries } from './binaries.ts';
import { createCluster, openCluster, ownerOf, ROLE } from './cluster.ts';
import { startOrJoin } from './launch.ts';
import { urlOf } from './membership.ts';
import { findPostmaster, type Installation } from './postmaster.ts';
import { canReach, isRoot, type ProcessUser, unprivilegedUser } from './process-user.ts';
import { Supervisor } from './supervisor.ts';

/** Where root stores files that the user of PostgreSQL cannot reach in `dataDir` or node_modules. */
const SHARED_DIR = '/var/lib/broadsheet';

interface EmbeddedOptions {
  /** The data is stored below it, in `postgres`. Created if missing. Only gateways of one machine or container share it. */
  dataDir: string;
  /** Receives the location of the data when it is not in `dataDir`, and when the server has ended unexpectedly. */
  log?: Pick<Logger, 'info' | 'error'>;
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
  /** Whether nothing else uses the server; then nothing else can until it is stopped. */
  takeOver(): Promise<boolean>;
  /** Stops the server, unless another gateway uses it. */
  stop(): Promise<void>;
}

/** The address of the server that runs on `dataDir`; null when none runs. Starts nothing. */
export async function findRunningServer(dataDir: string): Promise<string | null> {
  const cluster = await openCluster(join(dataDir, 'postgres'));
  const postmaster = cluster && (await findPostmaster(cluster));
  return cluster && postmaster ? urlOf(postmaster, cluster, ROLE) : null;
}

/**
 * Starts an embedded PostgreSQL and keeps it running, or joins the one that already runs on `dataDir`: that of another gateway, or one that a
 * killed gateway has left running. Rejects when there are no programs for this platform, and suggests DATABASE_URL;
 * rejects with the end of the server's log when the server takes no connections within 60 seconds.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const installation = await prepare(options);
  const server = await startOrJoin(installation);
  const supervisor = new Supervisor(installation, server, options.log);
  let stopping: Promise<void> | undefined;
  return {
    url: urlOf(server.postmaster, installation.cluster, ROLE),
    takeOver: () => supervisor.takeOver(),
    stop() {
      stopping ??= supervisor.end();
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
