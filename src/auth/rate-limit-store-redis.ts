import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Logger } from '../logger.ts';
import type { RateLimiter, RateLimitStore } from './rate-limit-store.ts';

/** Milliseconds to wait for an answer. Counting is done while an article is locked: Redis answers in less than one. */
const ANSWER_TIMEOUT = 500;
/** Milliseconds of silence after a question at which a connection is given up: from then on nobody waits. */
const SILENCE_TIMEOUT = 1_000;
export interface RedisRateLimitOptions {
  url: string;
  /** Before each key: others may use the same Redis. */
  prefix: string;
  /** Milliseconds. */
  connectTimeout: number;
  log: Logger;
}

/**
 * Counts in Redis, for several gateways together. While Redis is away or cannot count, each counts for itself: nobody
 * waits, nobody is locked out, and there are still limits. It is tried again all the time.
 */
export async function openRedisRateLimitStore({
  url,
  prefix,
  connectTimeout,
  log,
}: RedisRateLimitOptions): Promise<RateLimitStore> {
  const redis = new Redis(url, {
    connectTimeout,
    commandTimeout: ANSWER_TIMEOUT,
    socketTimeout: SILENCE_TIMEOUT,
    // What cannot be asked now is not asked later, when nobody waits for it.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
  });
  const { fails, counts } = tellingOnce(log);
  redis.on('error', fails).on('ready', counts);
  // Waited for, so that the first requests find it; but a gateway starts without Redis as it goes on without it.
  await redis.connect().catch(() => {});

  return {
    limiter({ times, seconds }) {
      const options = { points: times, duration: seconds, keyPrefix: `${prefix}limit` };
      const shared = new RateLimiterRedis({
        ...options,
        storeClient: redis,
        rejectIfRedisNotReady: true,
        // Who is over the limit is refused until the time is up without asking again.
        inMemoryBlockOnConsumed: times + 1,
      });
      const own = new RateLimiterMemory(options);

      async function count(by: (counter: RateLimiter) => Promise<unknown>): Promise<unknown> {
        try {
          const counted = await by(shared);
          counts();
          return counted;
        } catch (error) {
          if (error instanceof RateLimiterRes) throw error;
          fails(error as Error);
          return by(own);
        }
      }
      return {
        consume: (key) => count((counter) => counter.consume(key)),
        reward: (key) => count((counter) => counter.reward(key)),
      };
    },
    async close() {
      redis.disconnect();
    },
  };
}

/** Logs when Redis ceases to count and when it does again, once each, however often it is tried in between. */
function tellingOnce(log: Logger): { fails(error: Error): void; counts(): void } {
  let isFailing = false;
  return {
    fails(error) {
      if (!isFailing)
        log.error('Redis does not answer (REDIS_URL); each gateway counts rate limits for itself until it does', {
          err: error,
        });
      isFailing = true;
    },
    counts() {
      if (isFailing) log.info('Redis counts rate limits again');
      isFailing = false;
    },
  };
}
