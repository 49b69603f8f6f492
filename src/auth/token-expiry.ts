import { CLOCK_SKEW } from './verify-token.ts';

/** Longest delay of a Node.js timer, in milliseconds: 24 days. */
const MAX_TIMER_DELAY = 2_147_483_647;

/**
 * When a token that has just been accepted stops being valid: at its `exp`. A token past its `exp` was accepted only
 * because of the allowed clock skew, and stays valid until that is over. Pure.
 * @param expiresAt `exp` in milliseconds since 1970; null for a token without one
 */
export function effectiveExpiry(expiresAt: number | null, now: number): number | null {
  if (expiresAt === null) return null;
  return expiresAt > now ? expiresAt : expiresAt + CLOCK_SKEW * 1_000;
}

/** @param expiresAt milliseconds since 1970; null never expires */
export function hasExpired(expiresAt: number | null): boolean {
  return expiresAt !== null && expiresAt <= Date.now();
}

/**
 * Calls `callback` once when the time has come, never synchronously.
 * @param expiresAt milliseconds since 1970; null never expires
 * @returns cancels the call
 */
export function onExpiry(expiresAt: number | null, callback: () => void): () => void {
  if (expiresAt === null) return () => {};
  let timer: NodeJS.Timeout;
  function check(): void {
    if (hasExpired(expiresAt)) callback();
    else timer = setTimeout(check, Math.min(expiresAt! - Date.now(), MAX_TIMER_DELAY)).unref();
  }
  timer = setTimeout(check, 0).unref();
  return () => clearTimeout(timer);
}
