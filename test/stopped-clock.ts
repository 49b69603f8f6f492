import { vi } from 'vitest';

/** Stops the clock while something is done, so that no token expires, and no deadline ends, before a slow machine has done it. */
export async function whileClockStands<Result>(work: () => Promise<Result>): Promise<Result> {
  const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now());
  try {
    return await work();
  } finally {
    now.mockRestore();
  }
}
