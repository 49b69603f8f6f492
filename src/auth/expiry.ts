import { CLOCK_SKEW } from './token.ts';

/** Longest delay that a timer takes, in milliseconds: 24 days. */
const MAX_DELAY = 2_147_483_647;

/**
 * Calls `then` when a token is no longer taken.
 * @param expiresAt milliseconds since 1970; null for never
 * @returns forgets about it
 */
export function atExpiry(expiresAt: number | null, then: () => void): () => void {
  if (expiresAt === null) return () => {};
  const end = expiresAt + CLOCK_SKEW * 1_000;
  let timer: NodeJS.Timeout;
  function wait(): void {
    const left = end - Date.now();
    if (left <= 0) then();
    else timer = setTimeout(wait, Math.min(left, MAX_DELAY)).unref();
  }
  timer = setTimeout(wait, 0).unref();
  return () => clearTimeout(timer);
}
