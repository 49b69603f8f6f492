import { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Log } from '../log.ts';
import type { Counters } from './counters.ts';

/** Milliseconds to wait for an answer. Counting is done while an article is locked: Redis answers in less than one. */
const ANSWER_TIMEOUT = 500;
/** Milliseconds of silence after a question at which a connection is given up: from then on nobody waits. */
const SILENCE_TIMEOUT = 1_000;
/** Before each key: other programs may use the same Redis. */
const PREFIX = 'broadsheet:limit';

export interface RedisCountersOptions {
  url: string;
  /** Milliseconds. */
  connectTimeout: number;
  log: Log;
}

/**
 * Counts in Redis, for several gateways together. While Redis is away, each counts for itself: nobody waits, nobody is
 * locked out, and there are still limits. It is tried again all the time.
 */
export async function openRedisCounters({ url, connectTimeout, log }: RedisCountersOptions): Promise<Counters> {
  const redis = new Redis(url, {
    connectTimeout,
    commandTimeout: ANSWER_TIMEOUT,
    socketTimeout: SILENCE_TIMEOUT,
    // What cannot be asked now is not asked later, when nobody waits for it.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    lazyConnect: true,
  });
  tellWhetherItIsThere(redis, log);
  // Waited for, so that the first requests find it; but a gateway starts without Redis as it goes on without it.
  await redis.connect().catch(() => {});
  return {
    of({ times, seconds }) {
      const options = { points: times, duration: seconds, keyPrefix: PREFIX };
      return new RateLimiterRedis({
        ...options,
        storeClient: redis,
        rejectIfRedisNotReady: true,
        insuranceLimiter: new RateLimiterMemory(options),
        // Who is over the limit is refused until the time is up without asking again.
        inMemoryBlockOnConsumed: times + 1,
      });
    },
    async close() {
      redis.disconnect();
    },
  };
}

/** Logs when Redis goes and when it comes, once each, however often it is tried in between. */
function tellWhetherItIsThere(redis: Redis, log: Log): void {
  let isAway = false;
  redis.on('error', (error: Error) => {
    if (isAway) return;
    isAway = true;
    log.error(`REDIS_URL: Redis does not answer (${error.message}); each gateway counts for itself until it does`);
  });
  redis.on('ready', () => {
    if (isAway) log.info('REDIS_URL: Redis answers again');
    isAway = false;
  });
}
