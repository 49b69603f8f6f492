import { RateLimiterRes } from 'rate-limiter-flexible';
import type { RateLimit, RateLimiter, RateLimitStore } from './rate-limit-store.ts';
import { WindowCache } from './window-cache.ts';

/**
 * Counters that are kept, some 200 bytes each. A sender may have any number of addresses: past this number the counter that
 * was used least recently is forgotten. RateLimiterMemory of rate-limiter-flexible would keep every one, with a timer.
 */
const MAX_COUNTERS = 50_000;

interface Counter {
  actions: number;
  /** When it begins again at 0, by `performance.now()`. */
  endsAt: number;
}

/** Counts in this process, for a single gateway, in windows that begin with the first action. */
export function openMemoryRateLimitStore(): RateLimitStore {
  return {
    createLimiter: createMemoryRateLimiter,
    openLedger: null,
    close: async () => {},
  };
}

/** Keeps a bounded number of counters and no timer. */
export function createMemoryRateLimiter({ times, seconds }: RateLimit): RateLimiter {
  const counters = new WindowCache<Counter>(MAX_COUNTERS);
  return {
    async consume(key) {
      const now = performance.now();
      let counter = counters.get(key, now);
      if (!counter) {
        counter = { actions: 0, endsAt: now + seconds * 1_000 };
        counters.add(key, counter, now);
      }
      counter.actions += 1;
      if (counter.actions > times) throw new RateLimiterRes(0, counter.endsAt - now, counter.actions, false);
    },
    async reward(key) {
      const counter = counters.get(key, performance.now());
      if (counter) counter.actions -= 1;
    },
  };
}
