import { Redis } from 'ioredis';
import type { BusConnectionEvents } from './bus-connection.ts';

/** Longest wait for a connection, milliseconds. */
export const CONNECT_TIMEOUT = 5_000;
/** Milliseconds without traffic before TCP sends a keep-alive probe, so that routers keep the connection. */
const KEEP_ALIVE = 10_000;

export interface RedisClient {
  redis: Redis;
  connect(): Promise<void>;
  close(): Promise<void>;
}

/** A client that connects once: it does not reconnect, and drops commands that it could not send. */
export function openRedisClient(
  url: string,
  connectionName: string,
  { onLost }: Pick<BusConnectionEvents, 'onLost'>,
): RedisClient {
  const redis = new Redis(url, {
    connectionName,
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    autoResubscribe: false,
    connectTimeout: CONNECT_TIMEOUT,
    keepAlive: KEEP_ALIVE,
    // Publishing needs no data set, and waiting for one that is being loaded leaves a timer behind.
    enableReadyCheck: false,
    disableClientInfo: true,
    // Milliseconds that closing may take.
    disconnectTimeout: 0,
  });
  let cause: unknown;
  let hasEnded = false;
  redis.on('error', (error) => {
    cause = error;
  });
  redis.on('end', () => {
    hasEnded = true;
    onLost(cause ?? new Error('The connection to Redis ended'));
  });

  return {
    redis,
    async connect() {
      try {
        await redis.connect();
        // connect() resolves before Redis has checked the password.
        await redis.ping();
      } catch (error) {
        // This error says only that the connection is closed; the one before has the reason.
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
