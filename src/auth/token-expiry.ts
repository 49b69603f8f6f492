import { CLOCK_SKEW } from './verify-token.ts';

/**
 * Longest milliseconds from one look at the clock to the next. Node.js keeps a list for each different delay, of a timer that is
 * cancelled and does not keep the process running until the delay is over: with delays of hours, each request of a member left 90
 * bytes until its token expired. The clock may also be set.
 */
const LONGEST_DELAY = 60_000;
/** Delays are multiples of this many milliseconds, so that there are few. */
const DELAY_STEP = 50;

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
    else timer = setTimeout(check, delayUntil(expiresAt!)).unref();
  }
  timer = setTimeout(check, 0).unref();
  return () => clearTimeout(timer);
}

function delayUntil(expiresAt: number): number {
  const rest = expiresAt - Date.now();
  return Math.min(Math.ceil(rest / DELAY_STEP) * DELAY_STEP, LONGEST_DELAY);
}
