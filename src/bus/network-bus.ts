import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import { type Bus, TopicListeners } from './bus.ts';
import { PendingWakeUps, type WakeUp } from './pending-wake-ups.ts';
import { TopicSubscriptions } from './topic-subscriptions.ts';

/** Milliseconds between questions whether the server still answers: a connection can be dead and look alive. */
const CHECK_EVERY = 2_000;
/** Milliseconds after which a server that has not answered counts as gone; what is asked of it takes less than one. */
const ANSWER_WITHIN = 3_000;
/** Milliseconds before the first try to connect again, doubled with every try that fails. */
const FIRST_WAIT = 50;
/** Milliseconds between tries at most: no longer than between the looks that make up for what is not heard. */
const LONGEST_WAIT = 2_000;
/** Topics that a server is asked for at once: PostgreSQL takes 20 ms, and longer the more it is listened to for. */
const TOPICS_AT_ONCE = 1_000;
/** Topics that may wait to be sent: about a megabyte. */
const OUTBOX_LIMIT = 10_000;

/** One connection to the server that carries wake-ups between gateways. It is asked one thing at a time. */
export interface BusConnection {
  /** @throws the reason when it cannot be */
  connect(): Promise<void>;
  /** Resolves when what is woken from then on is heard. */
  subscribe(topics: readonly string[]): Promise<void>;
  unsubscribe(topics: readonly string[]): Promise<void>;
  publish(wakes: readonly WakeUp[]): Promise<void>;
  /** Resolves when the server answers, on every way that it has to. */
  ping(): Promise<void>;
  /** Ends it at once. Whatever it is doing fails. */
  close(): Promise<void>;
}

export interface BusConnectionEvents {
  /** A topic was woken by another gateway. */
  onWake(topic: string, sequence: number): void;
  /** The connection has ended, for whatever reason. */
  onLost(cause: unknown): void;
}

export interface NetworkBusOptions {
  /** What the server is called in the log. */
  serverName: string;
  /** Makes a link that has not connected yet. */
  openConnection(events: BusConnectionEvents): BusConnection;
  /** Longest wait for a connection, milliseconds. */
  connectTimeout: number;
  log: Logger;
}

/**
 * The bus between gateways: a function call within this one, and a link to a server that tells the others.
 *
 *     waiting -> connecting -> listening to everything watched -> heard -> waiting -> ...
 *
 * Any failure leads back to waiting and a new link, which knows nothing of the one before; that is the only way
 * anything is repaired. The next link is never further away than LONGEST_WAIT, and nobody waits for it.
 */
export function createNetworkBus({
  serverName: name,
  openConnection: open,
  connectTimeout,
  log,
}: NetworkBusOptions): Bus {
  const watchers = new TopicListeners();
  const topics = new TopicSubscriptions();
  const outbox = new PendingWakeUps(OUTBOX_LIMIT);
  const closing = new AbortController();
  let link: BusConnection | null = null;
  let isConnected = false;
  let isAway = false;
  /** Ends the wait of a link that has nothing to do. */
  let rouse = (): void => {};

  async function linkForEver(): Promise<void> {
    let failures = 0;
    while (!closing.signal.aborted) {
      try {
        await converse(() => {
          failures = 0;
        });
      } catch (error) {
        if (closing.signal.aborted) return;
        if (!isAway)
          log.error('The bus lost its connection; events of other gateways arrive late until it is back', {
            bus: name,
            err: error,
          });
        isAway = true;
      }
      // Gateways that lost the same server do not come back to it all at once.
      const wait = Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT) * (0.5 + Math.random() / 2);
      failures += 1;
      await delay(wait, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  /**
   * Everything that is said over one link, one thing after another.
   * @param onProven called when it has lasted: one that breaks at once every time is to be tried less and less often
   * @throws the reason why it ended
   */
  async function converse(onProven: () => void): Promise<void> {
    const lost = new AbortController();
    const made = open({
      onWake: (topic, sequence) => watchers.notify(topic, sequence),
      onLost(cause) {
        // The end of one that was given up says nothing about the next.
        if (lost.signal.aborted) return;
        lost.abort(cause);
        isConnected = false;
        rouse();
      },
    });
    link = made;

    async function answered(answer: Promise<void>, within = ANSWER_WITHIN): Promise<void> {
      await inTime(answer, within);
      lost.signal.throwIfAborted();
    }

    /** @returns topics that are heard from now on */
    async function tellChanges(): Promise<string[]> {
      const { subscribe: listen, unsubscribe: unlisten } = topics.takeChanges(TOPICS_AT_ONCE);
      if (unlisten.length > 0) await answered(made.unsubscribe(unlisten));
      if (listen.length > 0) await answered(made.subscribe(listen));
      topics.confirm(listen);
      return listen;
    }

    async function sendAll(): Promise<void> {
      const wakes = outbox.takeAll();
      try {
        await answered(made.publish(wakes));
      } catch (error) {
        // They may have arrived all the same; hearing them twice is nothing.
        for (const [topic, sequence] of wakes) outbox.add(topic, sequence);
        throw error;
      }
    }

    try {
      await answered(made.connect(), connectTimeout);
      topics.reset();
      const again: string[] = [];
      while (topics.hasChanges) again.push(...(await tellChanges()));
      comeBack();
      callAll(again);
      let checkAt = performance.now() + CHECK_EVERY;
      while (!lost.signal.aborted) {
        const left = checkAt - performance.now();
        if (left <= 0) {
          await answered(made.ping());
          onProven();
          checkAt = performance.now() + CHECK_EVERY;
        } else if (topics.hasChanges) callAll(await tellChanges());
        else if (!outbox.isEmpty) await sendAll();
        else await idle(left);
      }
      lost.signal.throwIfAborted();
    } finally {
      lost.abort();
      isConnected = false;
      await made.close();
    }
  }

  function comeBack(): void {
    isConnected = true;
    if (isAway) log.info('The bus is connected again', { bus: name });
    isAway = false;
  }

  /** What they were woken with until now may have been missed. */
  function callAll(heard: readonly string[]): void {
    for (const topic of heard) watchers.notify(topic, null);
  }

  /** Resolves when something is to be said, or when the time is up. */
  function idle(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => rouse(), milliseconds);
      rouse = () => {
        clearTimeout(timer);
        rouse = () => {};
        resolve();
      };
    });
  }

  const linking = linkForEver();
  return {
    get isConnected() {
      return isConnected;
    },

    wake(topic, sequence) {
      watchers.notify(topic, sequence);
      // Kept while there is no link: the others, whose links may hold, do not know that they miss anything.
      outbox.add(topic, sequence);
      rouse();
    },

    watch(topic, listener) {
      if (watchers.add(topic, listener)) {
        topics.add(topic);
        rouse();
      }
      let isWatching = true;
      // Otherwise it is called with the topic's others, when the server has agreed.
      if (isConnected && topics.isSubscribed(topic)) queueMicrotask(() => isWatching && listener(null));
      return () => {
        isWatching = false;
        if (!watchers.delete(topic, listener)) return;
        topics.delete(topic);
        rouse();
      };
    },

    async close() {
      closing.abort();
      await link?.close();
      await linking;
    },
  };
}

/** @throws when the answer takes longer than `milliseconds` */
async function inTime(answer: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new Error(`No answer within ${milliseconds} ms`));
    // When this process itself was held up, the answer lies here unread: timers run first, then what has arrived.
    timer = setTimeout(() => setImmediate(giveUp), milliseconds);
  });
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
