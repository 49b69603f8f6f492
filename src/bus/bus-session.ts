import { setTimeout as delay } from 'node:timers/promises';
import { inTime } from '../in-time.ts';
import type { BusTotals } from './bus.ts';
import type { BusConnection, BusConnectionEvents } from './bus-connection.ts';
import type { PendingWakeUps } from './pending-wake-ups.ts';
import type { TopicListeners } from './topic-listeners.ts';
import type { TopicSubscriptions } from './topic-subscriptions.ts';

/** Milliseconds between pings: a dead connection can look open. */
const PING_INTERVAL = 2_000;
/** Milliseconds after which a server that has not answered counts as lost; its answers take less than one. */
const ANSWER_TIMEOUT = 3_000;
/**
 * Milliseconds from a publication to the next, in which wake-ups collect. Otherwise 800 comments a second would be as many statements,
 * each of which PostgreSQL sends to all gateways.
 */
const PUBLISH_INTERVAL = 5;
/** Topics in one request: PostgreSQL takes 20 ms for these, and longer the more topics it has. */
const MAX_TOPICS_PER_REQUEST = 1_000;

export interface BusSessionOptions {
  /** Creates a connection that has not connected yet. */
  openConnection(events: BusConnectionEvents): BusConnection;
  /** Longest wait for a connection, milliseconds. */
  connectTimeout: number;
  listeners: TopicListeners;
  subscriptions: TopicSubscriptions;
  pending: PendingWakeUps;
  /** Counts wake-ups. */
  totals: BusTotals;
}

export interface BusSessionEvents {
  /** From now on the wake-ups of all watched topics are received. */
  onReceiving(): void;
  /** The connection has lasted until its first ping, and was not lost as soon as it was made. */
  onStable(): void;
}

/** The life of one connection: it connects, subscribes to all watched topics, and then sends requests one at a time. */
export class BusSession {
  readonly #options: BusSessionOptions;
  readonly #connection: BusConnection;
  readonly #lost = new AbortController();
  #isSubscribed = false;
  /** Ends the wait of a loop that has nothing to send. */
  #wakeLoop = (): void => {};

  constructor(options: BusSessionOptions) {
    this.#options = options;
    this.#connection = options.openConnection({
      onWake: (topic, sequence) => {
        options.totals.received += 1;
        // Of another program, or of another release: a number that is none would compare as neither more nor less ever after.
        options.listeners.notify(topic, Number.isSafeInteger(sequence) ? sequence : null);
      },
      onLost: (cause) => {
        this.#lost.abort(cause);
        this.#wakeLoop();
      },
    });
  }

  /** True while wake-ups from other gateways are received. */
  get isReceiving(): boolean {
    return this.#isSubscribed && !this.#lost.signal.aborted;
  }

  /** There is something new to send. */
  wakeLoop(): void {
    this.#wakeLoop();
  }

  /** @throws the reason why the connection ended */
  async run({ onReceiving, onStable }: BusSessionEvents): Promise<never> {
    const { connectTimeout, subscriptions } = this.#options;
    try {
      await this.#answered(this.#connection.connect(), connectTimeout);
      subscriptions.reset();
      const topics: string[] = [];
      while (subscriptions.hasChanges) topics.push(...(await this.#updateSubscriptions()));
      this.#isSubscribed = true;
      onReceiving();
      this.#notifyOfLoss(topics);
      return await this.#sendLoop(onStable);
    } finally {
      this.#lost.abort();
      await this.#connection.close();
    }
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #sendLoop(onStable: () => void): Promise<never> {
    const { subscriptions, pending } = this.#options;
    let pingAt = performance.now() + PING_INTERVAL;
    for (;;) {
      this.#lost.signal.throwIfAborted();
      const untilPing = pingAt - performance.now();
      if (untilPing <= 0) {
        await this.#answered(this.#connection.ping());
        onStable();
        pingAt = performance.now() + PING_INTERVAL;
      } else if (subscriptions.hasChanges) this.#notifyOfLoss(await this.#updateSubscriptions());
      else if (!pending.isEmpty) {
        await this.#publishAll();
        await delay(PUBLISH_INTERVAL, undefined, { signal: this.#lost.signal }).catch(() => {});
      } else await this.#idle(untilPing);
    }
  }

  /** @returns the topics whose wake-ups are received from now on */
  async #updateSubscriptions(): Promise<string[]> {
    const { subscriptions } = this.#options;
    const { subscribe, unsubscribe } = subscriptions.takeChanges(MAX_TOPICS_PER_REQUEST);
    if (unsubscribe.length > 0) await this.#answered(this.#connection.unsubscribe(unsubscribe));
    if (subscribe.length > 0) await this.#answered(this.#connection.subscribe(subscribe));
    subscriptions.confirm(subscribe);
    return subscribe;
  }

  async #publishAll(): Promise<void> {
    const { pending, totals } = this.#options;
    const wakeUps = pending.takeAll();
    const callbacks = pending.takeCallbacks();
    try {
      await this.#answered(this.#connection.publish(wakeUps));
      totals.published += wakeUps.length;
      for (const published of callbacks) published();
    } catch (error) {
      // They may have been published all the same; a wake-up that arrives twice does no harm.
      for (const [topic, sequence] of wakeUps) pending.add(topic, sequence);
      pending.keepCallbacks(callbacks);
      throw error;
    }
  }

  /** Wake-ups before the subscription may have been lost. */
  #notifyOfLoss(topics: readonly string[]): void {
    for (const topic of topics) this.#options.listeners.notify(topic, null);
  }

  /** Resolves when the loop is woken, or when the time is over. */
  #idle(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wakeLoop(), milliseconds);
      this.#wakeLoop = () => {
        clearTimeout(timer);
        this.#wakeLoop = () => {};
        resolve();
      };
    });
  }

  async #answered(answer: Promise<void>, timeout = ANSWER_TIMEOUT): Promise<void> {
    await inTime(answer, timeout, () => new Error(`The bus server did not answer within ${timeout} ms`));
    this.#lost.signal.throwIfAborted();
  }
}
