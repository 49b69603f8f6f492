import { type RateLimiterAbstract, RateLimiterMemory } from 'rate-limiter-flexible';

/** So many times in so many seconds, and no more. */
export interface Allowance {
  times: number;
  seconds: number;
}

/** Where it is counted who does what how often. */
export interface Counters {
  /** Counts by key, and rejects with a RateLimiterRes what is one too many. */
  of(allowance: Allowance): RateLimiterAbstract;
  close(): Promise<void>;
}

/** Counts in this process, for this gateway alone. */
export const memoryCounters: Counters = {
  of: ({ times, seconds }) => new RateLimiterMemory({ points: times, duration: seconds, keyPrefix: '' }),
  close: async () => {},
};
