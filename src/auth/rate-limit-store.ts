import type { PointLedger } from './point-ledger.ts';

/** At most so many actions in so many seconds. */
export interface RateLimit {
  times: number;
  seconds: number;
}

/** Counts actions by key. */
export interface RateLimiter {
  /** Counts one action. Rejects with a RateLimiterRes when the limit is exceeded. */
  consume(key: string): Promise<unknown>;
  /** Takes one counted action back. */
  reward(key: string): Promise<unknown>;
}

/** Stores the counters of rate limits. */
export interface RateLimitStore {
  createLimiter(limit: RateLimit): RateLimiter;
  /** Null when this is the only gateway. */
  openLedger: ((windowSeconds: number) => PointLedger) | null;
  close(): Promise<void>;
}
