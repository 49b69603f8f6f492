import { RateLimiterMemory } from 'rate-limiter-flexible';

/** So many times in so many seconds, and no more. */
export interface RateLimit {
  times: number;
  seconds: number;
}

/** Counts by key. */
export interface RateLimiter {
  /** Rejects with a RateLimiterRes what is one too many. */
  consume(key: string): Promise<unknown>;
  /** Takes one back. */
  reward(key: string): Promise<unknown>;
}

/** Where it is counted who does what how often. */
export interface RateLimitStore {
  limiter(allowance: RateLimit): RateLimiter;
  close(): Promise<void>;
}

/** Counts in this process, for this gateway alone. */
export const memoryRateLimitStore: RateLimitStore = {
  limiter: ({ times, seconds }) => new RateLimiterMemory({ points: times, duration: seconds, keyPrefix: '' }),
  close: async () => {},
};
