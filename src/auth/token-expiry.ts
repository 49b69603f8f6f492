import { CLOCK_SKEW } from './verify-token.ts';

/** Longest delay that a timer takes, in milliseconds: 24 days. */
const MAX_DELAY = 2_147_483_647;

/**
 * When a token that was just taken lets nobody in any longer: at its own end. One that is past its end already was
 * taken because clocks differ, and is good for as long as clocks may differ. Pure.
 * @param expiresAt what the token says, in milliseconds since 1970; null for never
 */
export function effectiveExpiry(expiresAt: number | null, now: number): number | null {
  if (expiresAt === null) return null;
  return expiresAt > now ? expiresAt : expiresAt + CLOCK_SKEW * 1_000;
}

/** Whether that time has come. */
export function hasExpired(endsAt: number | null): boolean {
  return endsAt !== null && endsAt <= Date.now();
}

/**
 * Calls `then` at that time.
 * @returns forgets about it
 */
export function onExpiry(endsAt: number | null, then: () => void): () => void {
  if (endsAt === null) return () => {};
  let timer: NodeJS.Timeout;
  function wait(): void {
    if (hasExpired(endsAt)) then();
    else timer = setTimeout(wait, Math.min(endsAt! - Date.now(), MAX_DELAY)).unref();
  }
  timer = setTimeout(wait, 0).unref();
  return () => clearTimeout(timer);
}
