import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds before the first retry, doubled with every failure. */
const FIRST_WAIT = 100;
const LONGEST_WAIT = 2_000;

/**
 * Retries until the work succeeds. Waits are random, so that callers that failed together do not all retry at once.
 * @param isWanted checked before each attempt
 * @param onFailure called after each failure
 * @returns null when the work was no longer wanted
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
