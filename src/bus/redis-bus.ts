import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import type { Bus } from './bus.ts';
import { type BusConnection, type BusConnectionEvents, createNetworkBus } from './network-bus.ts';

/** Longest wait for a connection, milliseconds. */
const CONNECT_TIMEOUT = 5_000;
/** Milliseconds of silence before TCP asks the other side for a sign of life, which keeps routers from forgetting us. */
const KEEP_ALIVE = 10_000;

export interface RedisBusOptions {
  url: string;
  /** What the names of channels begin with, for a server that others use too. */
  prefix: string;
  log: Logger;
}

/** The bus over Redis, for installations that have one and would rather spare PostgreSQL: PUBLISH and SUBSCRIBE. */
export function createRedisBus({ url, prefix, log }: RedisBusOptions): Bus {
  const sender = randomBytes(6).toString('base64url');
  return createNetworkBus({
    serverName: 'Redis',
    openConnection: (events) => openLink({ url, prefix, sender }, events),
    connectTimeout: CONNECT_TIMEOUT,
    log,
  });
}

interface RedisLinkOptions {
  url: string;
  prefix: string;
  /** Marks what this gateway publishes. */
  sender: string;
}

function openLink({ url, prefix, sender }: RedisLinkOptions, events: BusConnectionEvents): BusConnection {
  // A connection that subscribes may do nothing else. They live and end together.
  const subscriber = openConnection(url, 'broadsheet-bus-subscriber', events);
  const publisher = openConnection(url, 'broadsheet-bus-publisher', events);
  const both = [subscriber, publisher];
  const channelOf = (topic: string): string => prefix + topic;

  subscriber.redis.on('message', (channel: string, message: string) => {
    const [sequence, from] = message.split(' ', 2);
    // Whoever watches here was called when the topic was woken here.
    if (from !== sender) events.onWake(channel.slice(prefix.length), Number(sequence));
  });

  return {
    async connect() {
      await Promise.all(both.map(({ connect }) => connect()));
    },

    async subscribe(topics) {
      await subscriber.redis.subscribe(...topics.map(channelOf));
    },

    async unsubscribe(topics) {
      await subscriber.redis.unsubscribe(...topics.map(channelOf));
    },

    async publish(wakes) {
      const pipeline = publisher.redis.pipeline();
      for (const [topic, sequence] of wakes) pipeline.publish(channelOf(topic), `${sequence} ${sender}`);
      for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
    },

    async ping() {
      await Promise.all(both.map(({ redis }) => redis.ping()));
    },

    async close() {
      await Promise.all(both.map(({ close }) => close()));
    },
  };
}

interface Connection {
  redis: Redis;
  connect(): Promise<void>;
  close(): Promise<void>;
}

/** One connection that is made once: it neither comes back by itself nor keeps what it could not send. */
function openConnection(url: string, connectionName: string, { onLost }: BusConnectionEvents): Connection {
  const redis = new Redis(url, {
    connectionName,
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    autoResubscribe: false,
    connectTimeout: CONNECT_TIMEOUT,
    keepAlive: KEEP_ALIVE,
    // Publishing needs no data set, and the wait for one to load leaves a timer behind.
    enableReadyCheck: false,
    disableClientInfo: true,
    // Milliseconds that a goodbye may take.
    disconnectTimeout: 0,
  });
  let cause: unknown;
  let hasEnded = false;
  redis.on('error', (error) => {
    cause = error;
  });
  redis.on('end', () => {
    hasEnded = true;
    onLost(cause ?? new Error('The connection ended'));
  });

  return {
    redis,
    async connect() {
      try {
        await redis.connect();
        // Connected is said before the password was looked at.
        await redis.ping();
      } catch (error) {
        // That error says no more than that the connection is closed; the one before says why.
        throw cause ?? error;
      }
    },
    async close() {
      if (hasEnded) return;
      redis.disconnect();
      await new Promise((resolve) => redis.once('end', resolve));
    },
  };
}
