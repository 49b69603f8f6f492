import { chmod, lstat, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { findBinaries } from './binaries.ts';
import { type Cluster, createCluster, openCluster, ownerOf, ROLE } from './cluster.ts';
import { joinServer, leaveServer, urlOf } from './membership.ts';
import { halt, type Launch, LOOK_EVERY_MS, launch, type Postmaster, runningPostmaster } from './postmaster.ts';
import { canReach, isRoot, type ProcessUser, unprivilegedUser } from './process-user.ts';

/** Where root keeps what the user that PostgreSQL runs as could not reach elsewhere. */
const SHARED_DIR = '/var/lib/broadsheet';

/** Milliseconds a start may take: 30 usually, 600 with initdb, longer when a crash has left much to recover. */
const START_LIMIT_MS = 60_000;

/** A server that ends this many times will not start; once may be a port taken, or a rival's start. */
const MOST_LAUNCHES = 5;

/** Milliseconds after the first end, doubled after each: a killed server's workers hold its memory for a moment. */
const RELAUNCH_AFTER_MS = 100;

/** Milliseconds before another try to join a server whose connection broke: it restarts after a crash of its own. */
const REJOIN_AFTER_MS = 1_000;

/** Bytes of the server's log that an error quotes. */
const LOG_TAIL_BYTES = 2_000;

export interface EmbeddedOptions {
  /** Where the data is kept, below `postgres`; made if missing. One machine's, and one container's, at a time. */
  dataDir: string;
  /** Told what a person who looks for the data would like to know. */
  log?: (line: string) => void;
  /** False gives up surviving a power cut for speed, as a test does; true unless said otherwise. */
  durable?: boolean;
  /** Where root keeps what cannot be reached below `dataDir`; /var/lib/broadsheet unless a test says otherwise. */
  sharedDir?: string;
}

export interface EmbeddedServer {
  /** The gateway's database on a port of the loopback address, password included. */
  url: string;
  /** Leaves the server, and stops it when no other gateway is using it. */
  stop(): Promise<void>;
}

/**
 * Starts a PostgreSQL of our own, or joins the one that is already running on `dataDir`: another gateway's, or one
 * that a killed gateway has left. Rejects, naming DATABASE_URL as the way out, where there are no programs for this
 * platform; rejects with the end of the server's log when it does not answer in 60 seconds.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const server = await prepare(options);
  const { postmaster, member } = await start(server);
  const membership = keep(server.cluster, member);
  let stopped: Promise<void> | undefined;
  return {
    url: urlOf(postmaster, server.cluster, ROLE),
    stop() {
      stopped ??= stop(server, membership.end());
      return stopped;
    },
  };
}

/** Finds the programs, the data and the user for them, and makes what is missing. */
async function prepare({ dataDir, log, durable = true, sharedDir = SHARED_DIR }: EmbeddedOptions): Promise<Launch> {
  await mkdir(dataDir, { recursive: true });
  const realDir = await realpath(dataDir);
  const home = joinPath(realDir, 'postgres');
  const found = await openCluster(home);
  const runner = found ? await ownerOf(found) : isRoot() ? unprivilegedUser() : {};
  const shared = () => openShared(sharedDir, runner);
  const binaries = await findBinaries(runner, isRoot() ? shared : async () => realDir);
  if (!found) await createCluster(home, binaries, { dataDir: realDir, runner, sharedDir: shared, durable });
  const cluster = found ?? (await openCluster(home))!;
  if (!cluster.data.startsWith(home)) log?.(`PostgreSQL keeps its data in ${cluster.data}.`);
  return { cluster, binaries, runner, durable };
}

/** A directory that is root's to write and everybody's to read. */
async function openShared(directory: string, runner: ProcessUser): Promise<string> {
  if ((await mkdir(directory, { recursive: true })) !== undefined) await chmod(directory, 0o755);
  const { uid, mode } = await lstat(directory);
  if (uid !== 0 || (mode & 0o022) !== 0) throw new Error(`${directory} must be root's, and nobody else's to write to.`);
  if (!canReach(runner, directory)) {
    throw new Error(
      `PostgreSQL does not run as root, and user ${runner.uid} can reach neither its files here nor ${directory}: start as another user, or set DATABASE_URL.`,
    );
  }
  return directory;
}

async function start(server: Launch): Promise<{ postmaster: Postmaster; member: Client }> {
  const { cluster } = server;
  const logStart = await stat(cluster.logFile).then(
    ({ size }) => size,
    () => 0,
  );
  const deadline = Date.now() + START_LIMIT_MS;
  let launches = 0;
  let hasEnded = () => true;
  let reason: unknown;
  while (Date.now() < deadline) {
    const postmaster = await runningPostmaster(cluster);
    if (postmaster) {
      try {
        return { postmaster, member: await joinServer(postmaster, cluster) };
      } catch (error) {
        // It is starting, or being stopped, or not what it seems: time tells.
        reason = error;
      }
    } else if (hasEnded()) {
      if (launches === MOST_LAUNCHES) break;
      if (launches > 0) await delay(RELAUNCH_AFTER_MS * 2 ** (launches - 1));
      launches += 1;
      hasEnded = await launch(server);
    }
    await delay(LOOK_EVERY_MS);
  }
  const ours = hasEnded() ? undefined : await runningPostmaster(cluster);
  if (ours) await halt(server, ours);
  throw new Error(
    `PostgreSQL does not start in ${cluster.data}. Its log ends with:\n${await tail(cluster, logStart)}`,
    {
      cause: reason,
    },
  );
}

async function tail({ logFile }: Cluster, from: number): Promise<string> {
  const log = await readFile(logFile);
  return log
    .subarray(Math.max(from, log.length - LOG_TAIL_BYTES))
    .toString()
    .trim();
}

interface Membership {
  /** Gives up keeping it. Resolves to its connection, if that is alive. */
  end(): Promise<Client | undefined>;
}

/** Renews the membership when its connection breaks, as it does when a crash makes the server restart itself. */
function keep(cluster: Cluster, first: Client): Membership {
  let member: Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let joining: Promise<void> = Promise.resolve();
  let ended = false;
  const hold = (client: Client) => {
    member = client;
    client.once('end', () => {
      member = undefined;
      joinLater();
    });
  };
  const joinLater = () => {
    if (ended) return;
    timer = setTimeout(() => {
      joining = rejoin().then(hold, joinLater);
    }, REJOIN_AFTER_MS).unref();
  };
  const rejoin = async () => {
    const postmaster = await runningPostmaster(cluster);
    if (!postmaster) throw new Error('no server is running');
    return joinServer(postmaster, cluster);
  };
  hold(first);
  return {
    async end() {
      ended = true;
      clearTimeout(timer);
      await joining;
      return member;
    },
  };
}

async function stop(server: Launch, membership: Promise<Client | undefined>): Promise<void> {
  const held = await membership;
  const postmaster = await runningPostmaster(server.cluster);
  // What cannot be joined any more is being stopped already.
  const member = held ?? (postmaster && (await joinServer(postmaster, server.cluster).catch(() => undefined)));
  if (!member || !postmaster) return;
  try {
    if (await leaveServer(member)) await halt(server, postmaster);
  } finally {
    await member.end();
  }
}
