import { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { inTime } from '../in-time.ts';
import type { Logger } from '../logger.ts';
import { createOutageLog, type OutageLog } from './outage-log.ts';
import { createPointLedger } from './point-ledger.ts';
import type { RateLimit, RateLimiter, RateLimitStore } from './rate-limit-store.ts';
import { createMemoryRateLimiter } from './rate-limit-store-memory.ts';

/** Milliseconds to wait for a reply; Redis usually replies within one. Then the connection is closed, so that later commands do not wait. */
const REPLY_TIMEOUT = 500;
/** Milliseconds without a reply after which a connection is closed that is not ready yet. */
const SOCKET_TIMEOUT = 5_000;

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
    socketTimeout: SOCKET_TIMEOUT,
    // Milliseconds that closing may take.
    disconnectTimeout: 0,
    // A command that cannot be sent now fails at once: memory counts in its place.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
  });
  const outage = createOutageLog(log, {
    begin: 'Redis does not store rate limits; each gateway counts on its own until it does: check REDIS_URL',
    end: 'Redis stores rate limits again',
  });
  redis.on('error', outage.begin).on('ready', outage.end);
  // The first requests find Redis connected; a gateway also starts while Redis is unavailable.
  await redis.connect().catch(() => {});

  const replied = <Reply>(reply: Promise<Reply>): Promise<Reply> =>
    inTime(reply, REPLY_TIMEOUT, () => {
      redis.disconnect(true);
      return new Error(`Redis did not reply within ${REPLY_TIMEOUT} ms`);
    });

  function createSharedLimiter({ times, seconds }: RateLimit) {
    const limiter = new RateLimiterRedis({
      points: times,
      duration: seconds,
      keyPrefix: `${prefix}limit`,
      storeClient: redis,
      rejectIfRedisNotReady: true,
    });
    return {
      consume: (key: string) => replied(limiter.consume(key)),
      reward: (key: string) => replied(limiter.reward(key)),
      penalty: (key: string, points: number) => replied(limiter.penalty(key, points)),
    };
  }

  return {
    createLimiter: (limit) => insure(createSharedLimiter(limit), createMemoryRateLimiter(limit), outage),
    openLedger: (windowSeconds) => createPointLedger(createSharedLimiter({ times: 0, seconds: windowSeconds }), outage),
    async close() {
      redis.disconnect();
    },
  };
}

/** Counts with another limiter while the first one fails. */
function insure(shared: RateLimiter, fallback: RateLimiter, outage: OutageLog): RateLimiter {
  async function run(command: (limiter: RateLimiter) => Promise<unknown>): Promise<unknown> {
    try {
      const result = await command(shared);
      outage.end();
      return result;
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      outage.begin(error);
      return command(fallback);
    }
  }
  return {
    consume: (key) => run((limiter) => limiter.consume(key)),
    reward: (key) => run((limiter) => limiter.reward(key)),
  };
}
