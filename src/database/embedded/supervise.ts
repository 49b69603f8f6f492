import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Logger } from '../../logger.ts';
import { type JoinedServer, launchUnlessRunning, logSize, readLogTail } from './launch.ts';
import { joinServer, leaveServer } from './membership.ts';
import { findPostmaster, type Installation, type Launched, stopPostmaster } from './postmaster.ts';

/** Milliseconds between attempts to join a server that starts; its recovery usually takes less than 500. */
const JOIN_INTERVAL_MS = 50;

/** Milliseconds before the second launch in a row, doubled for each further one. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1_000;

/** Milliseconds after which a server counts as stable: if it ends later, it is launched again at once. */
const STABLE_AFTER_MS = 10_000;

/** Milliseconds for the last gateway to join a server that is starting, so that it can stop it. */
const LEAVE_LIMIT_MS = 3_000;

export interface Supervision {
  /** Supervises no longer, and stops the server unless another gateway uses it. */
  end(): Promise<void>;
}

/**
 * Keeps the server running and this gateway registered in it. When the server has ended, one of its gateways launches it
 * again, on the same port, so that connections reconnect by themselves; the others join it.
 */
export function supervise(
  installation: Installation,
  { postmaster: { port }, connection: first }: JoinedServer,
  log: Pick<Logger, 'info' | 'error'> | undefined,
): Supervision {
  const { cluster } = installation;
  const ending = new AbortController();
  let connection: Client | undefined;
  let launched: Launched | undefined;
  let recovering: Promise<void> = Promise.resolve();
  /** Launches since the server was stable. */
  let launches = 0;
  let joinedAt = 0;

  const pause = (milliseconds: number): Promise<void> =>
    delay(milliseconds, undefined, { signal: ending.signal, ref: false }).catch(() => {});

  function use(client: Client): void {
    connection = client;
    joinedAt = performance.now();
    client.once('end', () => {
      connection = undefined;
      if (!ending.signal.aborted) recovering = recover();
    });
  }

  async function recover(): Promise<void> {
    const lostAt = performance.now();
    if (lostAt - joinedAt > STABLE_AFTER_MS) launches = 0;
    const logStart = await logSize(cluster);
    let isReported = false;
    while (!ending.signal.aborted) {
      try {
        const postmaster = await findPostmaster(cluster);
        if (postmaster) {
          use(await joinServer(postmaster, cluster));
          if (isReported)
            log?.info('The embedded PostgreSQL runs again', {
              afterMilliseconds: Math.round(performance.now() - lostAt),
            });
          return;
        }
        if (!isReported) log?.error('The embedded PostgreSQL has ended unexpectedly; it is started again');
        isReported = true;
        if (!launched || launched.hasExited()) await relaunch(logStart);
      } catch {
        // The server is starting or is being stopped: a later check decides.
      }
      await pause(JOIN_INTERVAL_MS);
    }
  }

  async function relaunch(logStart: number): Promise<void> {
    if (launches > 0) await pause(Math.min(FIRST_WAIT_MS * 2 ** (launches - 1), LONGEST_WAIT_MS));
    if (ending.signal.aborted) return;
    const attempt = await launchUnlessRunning(installation, port);
    if (!attempt) return;
    launched = attempt;
    launches += 1;
    if (attempt.hasExited()) {
      const err = new Error(`The server's log ends with:\n${await readLogTail(cluster, logStart)}`);
      log?.error('The embedded PostgreSQL could not be started again and will be retried', { err });
    }
  }

  use(first);
  return {
    async end() {
      ending.abort();
      await recovering;
      await leaveOrStop(installation, { connection, launched });
    },
  };
}

interface Membership {
  /** Undefined when it was lost. */
  connection: Client | undefined;
  /** The last postmaster that this gateway has launched. */
  launched: Launched | undefined;
}

async function leaveOrStop(installation: Installation, { connection, launched }: Membership): Promise<void> {
  const { cluster } = installation;
  for (const end = Date.now() + LEAVE_LIMIT_MS; Date.now() < end; await delay(JOIN_INTERVAL_MS)) {
    const postmaster = await findPostmaster(cluster);
    // It was killed, or another gateway has stopped it.
    if (!postmaster) {
      await connection?.end();
      return;
    }
    let isLast: boolean;
    try {
      connection ??= await joinServer(postmaster, cluster);
      isLast = await leaveServer(connection);
    } catch {
      // The connection was lost, or the server is starting or being stopped.
      await connection?.end().catch(() => {});
      connection = undefined;
      continue;
    }
    try {
      if (isLast) await stopPostmaster(installation, postmaster);
    } finally {
      await connection.end();
    }
    return;
  }
  // It takes no connections, so no other gateway uses it.
  const starting = await findPostmaster(cluster);
  if (starting && starting.pid === launched?.pid) await stopPostmaster(installation, starting);
}
