import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Logger } from '../logger.ts';
import type { RateLimiter, RateLimitStore } from './rate-limit-store.ts';

/** Milliseconds to wait for a reply; Redis usually replies within one. */
const COMMAND_TIMEOUT = 500;
/** Milliseconds without a reply after which the connection is closed, so that later commands do not wait for it. */
const SOCKET_TIMEOUT = 1_000;

interface RedisRateLimitOptions {
  url: string;
  /** Prefix of every key: the Redis server may be shared. */
  prefix: string;
  /** Milliseconds. */
  connectTimeout: number;
  log: Logger;
}

/**
 * Counts in Redis, for several gateways together. While Redis is unavailable, each gateway counts in its own memory, so
 * requests neither wait nor fail, and limits still apply. Redis is tried again with every action.
 */
export async function openRedisRateLimitStore({
  url,
  prefix,
  connectTimeout,
  log,
}: RedisRateLimitOptions): Promise<RateLimitStore> {
  const redis = new Redis(url, {
    connectTimeout,
    commandTimeout: COMMAND_TIMEOUT,
    socketTimeout: SOCKET_TIMEOUT,
    // A command that cannot be sent now fails at once: memory counts in its place.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
  });
  const outage = createOutageLog(log);
  redis.on('error', outage.begin).on('ready', outage.end);
  // The first requests find Redis connected; a gateway also starts while Redis is unavailable.
  await redis.connect().catch(() => {});

  return {
    createLimiter({ times, seconds }) {
      const options = { points: times, duration: seconds, keyPrefix: `${prefix}limit` };
      const shared = new RateLimiterRedis({
        ...options,
        storeClient: redis,
        rejectIfRedisNotReady: true,
        // A key over its limit is refused from memory until the time is up, without another command.
        inMemoryBlockOnConsumed: times + 1,
      });
      const fallback = new RateLimiterMemory(options);

      async function run(command: (limiter: RateLimiter) => Promise<unknown>): Promise<unknown> {
        try {
          const result = await command(shared);
          outage.end();
          return result;
        } catch (error) {
          if (error instanceof RateLimiterRes) throw error;
          outage.begin(error as Error);
          return command(fallback);
        }
      }
      return {
        consume: (key) => run((limiter) => limiter.consume(key)),
        reward: (key) => run((limiter) => limiter.reward(key)),
      };
    },
    async close() {
      redis.disconnect();
    },
  };
}

/** Logs the begin and the end of an outage once each, however many commands fail in between. */
function createOutageLog(log: Logger): { begin(error: Error): void; end(): void } {
  let isDown = false;
  return {
    begin(error) {
      if (!isDown)
        log.error('Redis does not store rate limits; each gateway counts on its own until it does: check REDIS_URL', {
          err: error,
        });
      isDown = true;
    },
    end() {
      if (isDown) log.info('Redis stores rate limits again');
      isDown = false;
    },
  };
}
