import { randomBytes } from 'node:crypto';
import type { Logger } from '../logger.ts';
import type { Bus } from './bus.ts';
import type { BusConnection, BusConnectionEvents } from './bus-connection.ts';
import { NetworkBus } from './network-bus.ts';
import { publishOnce } from './publish-once.ts';
import { CONNECT_TIMEOUT, openRedisClient } from './redis-client.ts';

export interface RedisBusOptions {
  url: string;
  /** Prefix of all channels, because other programs may use the same server. */
  prefix: string;
  log: Logger;
}

/** The bus over Redis PUBLISH and SUBSCRIBE, for installations that have Redis and want to relieve PostgreSQL. */
export function createRedisBus({ url, prefix, log }: RedisBusOptions): Bus {
  const sender = newSender();
  return new NetworkBus({
    serverName: 'Redis',
    openConnection: (events) => openConnection({ url, prefix, sender }, events),
    connectTimeout: CONNECT_TIMEOUT,
    log,
  });
}

/** Wakes the readers of logs that were replaced, on all gateways. */
export function publishOverRedis(
  { url, prefix }: Pick<RedisBusOptions, 'url' | 'prefix'>,
  topics: readonly string[],
): Promise<void> {
  return publishOnce((events) => openConnection({ url, prefix, sender: newSender() }, events), topics);
}

function newSender(): string {
  return randomBytes(6).toString('base64url');
}

interface RedisConnectionOptions {
  url: string;
  prefix: string;
  /** Marks what this gateway publishes. */
  sender: string;
}

function openConnection({ url, prefix, sender }: RedisConnectionOptions, events: BusConnectionEvents): BusConnection {
  // A Redis connection with subscriptions takes no other commands. The two live and end together.
  const subscriber = openRedisClient(url, 'broadsheet-bus-subscriber', events);
  const publisher = openRedisClient(url, 'broadsheet-bus-publisher', events);
  const both = [subscriber, publisher];
  const channelOf = (topic: string): string => prefix + topic;

  subscriber.redis.on('message', (channel: string, message: string) => {
    const [sequence, from] = message.split(' ', 2);
    // Listeners on this gateway were called when the topic was woken here.
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

    async publish(wakeUps) {
      const pipeline = publisher.redis.pipeline();
      for (const [topic, sequence] of wakeUps) pipeline.publish(channelOf(topic), `${sequence} ${sender}`);
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
