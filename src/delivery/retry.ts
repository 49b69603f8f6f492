import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds before something that failed is tried again: at first, and at most. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 2_000;

/**
 * Does something until it succeeds, ever more rarely, at moments that differ from those of others who wait for the same.
 * @param isWanted asked before each try
 * @param onFailure called after each failure
 * @returns null when it was no longer wanted
 */
export async function retryUntilDone<Value>(
  work: () => Promise<Value>,
  { isWanted, onFailure }: { isWanted(): boolean; onFailure(error: unknown): void },
): Promise<Value | null> {
  for (let wait = FIRST_WAIT; isWanted(); wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      return await work();
    } catch (error) {
      onFailure(error);
      await delay(wait * (0.5 + Math.random() / 2), undefined, { ref: false });
    }
  }
  return null;
}
