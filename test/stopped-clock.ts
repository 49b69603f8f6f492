import { vi } from 'vitest';

/** Stops the clock that tokens expire by while something is done, so that none expires before a slow machine has done it. */
export async function whileClockStands<Result>(work: () => Promise<Result>): Promise<Result> {
  const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now());
  try {
    return await work();
  } finally {
    now.mockRestore();
  }
}
