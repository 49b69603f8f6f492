import { RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimitedAction } from '../../schema/content/context.ts';
import { RateLimitedError } from '../../schema/content/errors.ts';
import { isModerator } from '../../schema/content/roles.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { boundedCache } from './bounded-cache.ts';
import { type CostBudget, createCostBudget, UNLIMITED_BUDGET } from './cost-budget.ts';
import { type RequestIdentity, senderKey } from './identity.ts';
import type { RateLimit, RateLimiter, RateLimitStore } from './rate-limit-store.ts';
import { openMemoryRateLimitStore } from './rate-limit-store-memory.ts';
import { openPostgresRateLimitStore } from './rate-limit-store-postgres.ts';

const MINUTE = 60;
const HOUR = 3_600;

/** Senders over a limit that are refused from memory, some 200 bytes each. Past this number the store is asked again. */
const MAX_REFUSED = 50_000;

/**
 * The limits of a sender, the shortest window first. For a small blog: far above what people do, far below what a program
 * can do.
 */
const LIMITS: Readonly<Record<RateLimitedAction, readonly RateLimit[]>> = {
  comment: [
    { times: 10, seconds: MINUTE },
    { times: 100, seconds: HOUR },
  ],
  // A client repeats a request a few times when its connection is bad.
  repeat: [{ times: 60, seconds: MINUTE }],
  edit: [{ times: 20, seconds: MINUTE }],
  remove: [{ times: 20, seconds: MINUTE }],
  react: [{ times: 60, seconds: MINUTE }],
  report: [{ times: 10, seconds: 10 * MINUTE }],
  // Allows an editor that saves every few seconds, and a writer who works on two articles at once.
  article: [{ times: 30, seconds: MINUTE }],
  profile: [{ times: 10, seconds: MINUTE }],
  // An article with many pictures, dropped into an editor at once.
  upload: [
    { times: 60, seconds: MINUTE },
    { times: 600, seconds: HOUR },
  ],
};

export interface RateLimits {
  /** Counts an action. @throws RateLimitedError when it exceeds a limit; then nothing is counted */
  consume(identity: RequestIdentity, action: RateLimitedAction): Promise<void>;
  costBudget: CostBudget;
  close(): Promise<void>;
}

export interface RateLimitOptions {
  /** The database. */
  url: string;
  /** Prefix of every key in Redis. */
  redisPrefix: string;
  config: Pick<Config, 'rateLimits' | 'costBudget' | 'redisUrl' | 'statementTimeout' | 'connectTimeout'>;
  log: Logger;
  /** Called when a sender is refused: for an action, or for the cost of an operation. */
  onRefusal?: ((reason: 'rate_limit' | 'cost_budget') => void) | undefined;
}

/** Opens the rate limits with the store that RATE_LIMITS names. */
export async function openRateLimits(options: RateLimitOptions): Promise<RateLimits> {
  const store = await openStore(options);
  if (!store) return { consume: async () => {}, costBudget: UNLIMITED_BUDGET, close: async () => {} };
  return {
    consume: createConsume(store, () => options.onRefusal?.('rate_limit')),
    costBudget: createCostBudget({
      store,
      pointsPerMinute: options.config.costBudget,
      log: options.log,
      onRefusal: () => options.onRefusal?.('cost_budget'),
    }),
    close: store.close,
  };
}

interface Counter {
  limiter: RateLimiter;
  key: string;
}

function createConsume(store: RateLimitStore, onRefusal: () => void): RateLimits['consume'] {
  const limiters = new Map(
    Object.values(LIMITS)
      .flat()
      .map((limit) => [limit, store.createLimiter(limit)] as const),
  );
  /**
   * When each counter over its limit begins again, by `performance.now()`. Until then the store is not asked, so refusals cost next
   * to nothing. rate-limiter-flexible can remember this itself, but without a bound.
   */
  const refusedUntil = boundedCache<number>(MAX_REFUSED);

  return async (identity, action) => {
    // Moderators work through whole queues.
    if (isModerator(identity.viewer)) return;
    const sender = senderKey(identity);
    const counters = LIMITS[action].map((limit): Counter => {
      return { limiter: limiters.get(limit)!, key: `${action}:${limit.seconds}:${sender}` };
    });
    const now = performance.now();
    const remembered = Math.max(...counters.map(({ key }) => (refusedUntil.get(key) ?? 0) - now));
    if (remembered > 0) {
      onRefusal();
      throw rateLimitedFor(remembered);
    }

    const counted: Counter[] = [];
    // One after another, from the shortest window on: what a minute refuses must not count under the hour, not even for a
    // moment, in which another request would find the hour's limit exceeded.
    for (const counter of counters) {
      const wait = await waitAfterConsuming(counter);
      if (wait === 0) {
        counted.push(counter);
        continue;
      }
      refusedUntil.set(counter.key, performance.now() + wait);
      // Otherwise `retryAfterSeconds` would be too short.
      await Promise.all(counted.map(({ limiter, key }) => limiter.reward(key)));
      onRefusal();
      throw rateLimitedFor(wait);
    }
  };
}

/** @returns milliseconds until the limit allows the action; 0 when it does now, and has counted it */
async function waitAfterConsuming({ limiter, key }: Counter): Promise<number> {
  try {
    await limiter.consume(key);
    return 0;
  } catch (error) {
    if (error instanceof RateLimiterRes) return Math.max(1, error.msBeforeNext);
    throw error;
  }
}

/** @param wait milliseconds until every exceeded limit allows the action again */
function rateLimitedFor(wait: number): RateLimitedError {
  return new RateLimitedError(Math.max(1, Math.ceil(wait / 1_000)));
}

/** Null when RATE_LIMITS is off. */
async function openStore({ url, redisPrefix, config, log }: RateLimitOptions): Promise<RateLimitStore | null> {
  switch (config.rateLimits) {
    case 'off':
      return null;
    case 'memory':
      return openMemoryRateLimitStore();
    case 'postgres':
      return openPostgresRateLimitStore({ url, config, log });
    case 'redis': {
      const { openRedisRateLimitStore } = await import('./rate-limit-store-redis.ts');
      return openRedisRateLimitStore({
        url: config.redisUrl!,
        prefix: redisPrefix,
        connectTimeout: config.connectTimeout,
        log,
      });
    }
  }
}
