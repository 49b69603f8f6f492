import type { OutageLog } from './outage-log.ts';

/** Adds up points by key, for several gateways together. A window of a key begins with the first points after the last one. */
export interface PointLedger {
  /** Rejects when the store cannot be reached. */
  add(key: string, points: number): Promise<LedgerEntry>;
}

/** The names are those of RateLimiterRes. */
export interface LedgerEntry {
  /** The points of all gateways in this window. */
  consumedPoints: number;
  /** Milliseconds until the window ends. */
  msBeforeNext: number;
}

/** @param limiter of rate-limiter-flexible; its `penalty` counts points and refuses none */
export function createPointLedger(
  limiter: { penalty(key: string, points: number): Promise<LedgerEntry> },
  outage: OutageLog,
): PointLedger {
  return {
    async add(key, points) {
      try {
        const entry = await limiter.penalty(key, points);
        outage.end();
        return entry;
      } catch (error) {
        outage.begin(error);
        throw error;
      }
    },
  };
}
