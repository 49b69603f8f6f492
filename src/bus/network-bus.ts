import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import type { Bus, BusTotals, WakeListener } from './bus.ts';
import { BusSession, type BusSessionOptions } from './bus-session.ts';
import { PendingWakeUps } from './pending-wake-ups.ts';
import { TopicListeners } from './topic-listeners.ts';
import { TopicSubscriptions } from './topic-subscriptions.ts';

/** Milliseconds before the first attempt to reconnect, doubled with every attempt that fails. */
const FIRST_WAIT = 50;
/** Longest wait between attempts in milliseconds: as long as between the checks that make up for lost wake-ups. */
const LONGEST_WAIT = 2_000;
/** Topics whose wake-ups may be pending: about a megabyte. */
const MAX_PENDING_TOPICS = 10_000;

export interface NetworkBusOptions extends Pick<BusSessionOptions, 'openConnection' | 'connectTimeout'> {
  /** Name of the server in log lines. */
  serverName: string;
  log: Logger;
}

/**
 * The bus between gateways. Listeners on this gateway are called directly; a connection to a server reaches the others.
 *
 *     disconnected -> connecting -> subscribing -> connected -> disconnected -> ...
 *
 * - disconnected: waits before the next attempt, longer after each one that failed.
 * - connecting: opens a new connection, which keeps nothing of the one before.
 * - subscribing: subscribes to every topic that is watched here.
 * - connected: receives wake-ups; publishes pending ones, changes subscriptions and pings, one request at a time.
 *
 * Any failure in any state leads to disconnected, and a new connection is the only way in which anything is repaired.
 * Callers never wait: wake-ups are kept while there is no connection, and the next attempt is at most LONGEST_WAIT away.
 */
export class NetworkBus implements Bus {
  readonly #options: NetworkBusOptions;
  readonly #listeners = new TopicListeners();
  readonly #subscriptions = new TopicSubscriptions();
  readonly #pending = new PendingWakeUps(MAX_PENDING_TOPICS);
  readonly #closing = new AbortController();
  #session: BusSession | null = null;
  /** The loss of the connection is in the log, and its return is not yet. */
  #isLossLogged = false;
  readonly #reconnecting: Promise<void>;
  readonly totals: BusTotals = { published: 0, received: 0, lost: 0 };

  constructor(options: NetworkBusOptions) {
    this.#options = options;
    this.#reconnecting = this.#reconnectLoop();
  }

  get isConnected(): boolean {
    return this.#session?.isReceiving ?? false;
  }

  wake(topic: string, sequence: number, published?: () => void): void {
    this.#listeners.notify(topic, sequence);
    // Kept while there is no connection: other gateways may be connected, and then do not know that they miss anything.
    this.#pending.add(topic, sequence, published);
    this.#session?.wakeLoop();
  }

  watch(topic: string, listener: WakeListener): () => void {
    if (this.#listeners.add(topic, listener)) {
      this.#subscriptions.add(topic);
      this.#session?.wakeLoop();
    }
    let isWatching = true;
    // Otherwise it is called with the topic's other listeners, once the server has confirmed the subscription.
    if (this.isConnected && this.#subscriptions.isConfirmed(topic)) queueMicrotask(() => isWatching && listener(null));
    return () => {
      isWatching = false;
      if (!this.#listeners.delete(topic, listener)) return;
      this.#subscriptions.delete(topic);
      this.#session?.wakeLoop();
    };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#session?.close();
    await this.#reconnecting;
  }

  async #reconnectLoop(): Promise<void> {
    const { signal } = this.#closing;
    let failures = 0;
    while (!signal.aborted) {
      try {
        // Not on connecting: attempts that are accepted and lost at once must become less frequent, too.
        await this.#runConnection(() => {
          failures = 0;
        });
      } catch (error) {
        if (signal.aborted) return;
        this.totals.lost += 1;
        this.#logLoss(error);
      }
      // Random, so that gateways that lost the same server do not all reconnect at the same moment.
      const wait = Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT) * (0.5 + Math.random() / 2);
      failures += 1;
      await delay(wait, undefined, { signal }).catch(() => {});
    }
  }

  /** @throws the reason why the connection ended */
  #runConnection(onStable: () => void): Promise<never> {
    const { openConnection, connectTimeout } = this.#options;
    this.#session = new BusSession({
      openConnection,
      connectTimeout,
      listeners: this.#listeners,
      subscriptions: this.#subscriptions,
      pending: this.#pending,
      totals: this.totals,
    });
    return this.#session.run({ onReceiving: () => this.#logReconnection(), onStable });
  }

  #logLoss(cause: unknown): void {
    if (this.#isLossLogged) return;
    this.#isLossLogged = true;
    const { log, serverName } = this.#options;
    log.error('The bus disconnected; wake-ups from other gateways arrive up to 2 s late until it reconnects', {
      bus: serverName,
      err: cause,
    });
  }

  #logReconnection(): void {
    if (!this.#isLossLogged) return;
    this.#isLossLogged = false;
    const { log, serverName } = this.#options;
    log.info('The bus reconnected', { bus: serverName });
  }
}
