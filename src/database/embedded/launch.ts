import { readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Cluster } from './cluster.ts';
import { withLaunchLock } from './launch-lock.ts';
import { joinServer } from './membership.ts';
import { endOrphans } from './orphans.ts';
import {
  findPostmaster,
  type Installation,
  type Launched,
  lastPort,
  launchPostmaster,
  POLL_INTERVAL_MS,
  type Postmaster,
  stopPostmaster,
} from './postmaster.ts';

/** Milliseconds for a start: usually 30, 600 with initdb, and longer when a crash has left much to recover. */
const START_LIMIT_MS = 60_000;

/** A postmaster that exits this many times will not start. A single exit can come from a port conflict or a race. */
const MAX_LAUNCHES = 5;

/** Milliseconds before the second launch, doubled for each further one: its memory stays in use for a moment. */
const RELAUNCH_DELAY_MS = 100;

/** Milliseconds until a new process has written its id, which usually takes 10. */
const LAUNCH_LIMIT_MS = 10_000;

/** Bytes of the server's log that an error message quotes. */
const LOG_TAIL_BYTES = 2_000;

export interface JoinedServer {
  postmaster: Postmaster;
  /** Registers this gateway as a user of the server. */
  connection: Client;
}

/** Joins the server of the cluster, and starts it when none runs. Rejects with the end of its log when it does not start. */
export async function startOrJoin(installation: Installation): Promise<JoinedServer> {
  const { cluster } = installation;
  const logStart = await logSize(cluster);
  const deadline = Date.now() + START_LIMIT_MS;
  let launches = 0;
  let launched: Launched | undefined;
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
    } else if (!launched || launched.hasExited()) {
      if (launches === MAX_LAUNCHES) break;
      if (launches > 0) await delay(RELAUNCH_DELAY_MS * 2 ** (launches - 1));
      // Gateways that lost this server wait for it on its former port, unless another program listens there by now.
      const port = launches === 0 ? await lastPort(cluster) : undefined;
      launched = (await launchUnlessRunning(installation, port ?? null)) ?? launched;
      if (launched) launches += 1;
    }
    await delay(POLL_INTERVAL_MS);
  }
  const running = launched?.hasExited() === false ? await findPostmaster(cluster) : undefined;
  if (running) await stopPostmaster(installation, running);
  const log = await readLogTail(cluster, logStart);
  throw new Error(`The embedded PostgreSQL did not start in ${cluster.data}. Its log ends with:\n${log}`, { cause });
}

/**
 * Launches a postmaster when there is none. Resolves when it has written its process id, or has exited.
 * @param port null takes a free one
 * @returns undefined when there is one, or when another gateway is launching one
 */
export function launchUnlessRunning(installation: Installation, port: number | null): Promise<Launched | undefined> {
  const { cluster } = installation;
  return withLaunchLock(cluster, async () => {
    if (await findPostmaster(cluster)) return undefined;
    await endOrphans(installation);
    const launched = await launchPostmaster(installation, port);
    for (const end = Date.now() + LAUNCH_LIMIT_MS; !launched.hasExited() && Date.now() < end; ) {
      if ((await findPostmaster(cluster))?.pid === launched.pid) break;
      await delay(POLL_INTERVAL_MS);
    }
    return launched;
  });
}

export async function logSize({ logFile }: Cluster): Promise<number> {
  return stat(logFile).then(
    ({ size }) => size,
    () => 0,
  );
}

/** The end of the server's log, of what was written after `start`. */
export async function readLogTail({ logFile }: Cluster, start: number): Promise<string> {
  const log = await readFile(logFile);
  return log
    .subarray(Math.max(start, log.length - LOG_TAIL_BYTES))
    .toString()
    .trim();
}
