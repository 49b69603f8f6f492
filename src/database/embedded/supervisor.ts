import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Logger } from '../../logger.ts';
import { type JoinedServer, launchUnlessRunning, logSize, readLogTail } from './launch.ts';
import { joinServer, leaveServer, stayInServer } from './membership.ts';
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

type SupervisorLog = Pick<Logger, 'info' | 'error'> | undefined;

/**
 * Keeps the server running and this gateway registered in it. When the server has ended, one of its gateways launches it
 * again, on the same port, so that connections reconnect by themselves; the others join it.
 */
export class Supervisor {
  readonly #installation: Installation;
  readonly #port: number;
  readonly #log: SupervisorLog;
  readonly #ending = new AbortController();
  #connection: Client | undefined;
  #launched: Launched | undefined;
  #recovering: Promise<void> = Promise.resolve();
  /** Launches since the server was stable. */
  #launches = 0;
  #joinedAt = 0;

  constructor(installation: Installation, { postmaster, connection }: JoinedServer, log: SupervisorLog) {
    this.#installation = installation;
    this.#port = postmaster.port;
    this.#log = log;
    this.#use(connection);
  }

  /** Supervises no longer, and stops the server unless another gateway uses it. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#recovering;
    await leaveOrStop(this.#installation, { connection: this.#connection, launched: this.#launched });
  }

  /** Whether no other process uses the server; then none can join it until this one ends. */
  async takeOver(): Promise<boolean> {
    const connection = this.#connection;
    if (!connection) return false;
    if (await leaveServer(connection)) return true;
    await stayInServer(connection);
    return false;
  }

  #use(client: Client): void {
    this.#connection = client;
    this.#joinedAt = performance.now();
    client.once('end', () => {
      this.#connection = undefined;
      if (!this.#ending.signal.aborted) this.#recovering = this.#recover();
    });
  }

  async #recover(): Promise<void> {
    const { cluster } = this.#installation;
    const lostAt = performance.now();
    if (lostAt - this.#joinedAt > STABLE_AFTER_MS) this.#launches = 0;
    let hasEnded = false;
    for (; !this.#ending.signal.aborted; await this.#pause(JOIN_INTERVAL_MS)) {
      const postmaster = await findPostmaster(cluster);
      if (!postmaster) {
        if (!hasEnded) this.#log?.error('The embedded PostgreSQL has ended unexpectedly; it is started again');
        hasEnded = true;
        if (!this.#launched || this.#launched.hasExited()) await this.#relaunch();
        continue;
      }
      // A server that is starting or is being stopped takes no connection: a later check decides.
      const connection = await joinServer(postmaster, cluster).catch(() => undefined);
      if (!connection) continue;
      this.#use(connection);
      const afterMilliseconds = Math.round(performance.now() - lostAt);
      if (hasEnded) this.#log?.info('The embedded PostgreSQL runs again', { afterMilliseconds });
      return;
    }
  }

  async #relaunch(): Promise<void> {
    const { cluster } = this.#installation;
    if (this.#launches > 0) await this.#pause(Math.min(FIRST_WAIT_MS * 2 ** (this.#launches - 1), LONGEST_WAIT_MS));
    if (this.#ending.signal.aborted) return;
    try {
      const logStart = await logSize(cluster);
      const launched = await launchUnlessRunning(this.#installation, this.#port);
      if (!launched) return;
      this.#launched = launched;
      this.#launches += 1;
      if (launched.hasExited()) throw new Error(`Its log ends with:\n${await readLogTail(cluster, logStart)}`);
    } catch (err) {
      this.#log?.error('The embedded PostgreSQL could not be started again and will be retried', { err });
    }
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#ending.signal, ref: false }).catch(() => {});
  }
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
