/** Most requests of a site are for few of its pages: this part of them for this part of the pages. */
const POPULAR_REQUESTS = 0.9;
const POPULAR_PAGES = 0.1;

/** Requests of a sequence: long enough to ask for each popular page several times. */
const LENGTH = 10_000;

/** A sequence in which the first tenth of some things is nine of ten, in random order and the same every time. */
export function byPopularity<Thing>(things: readonly Thing[]): Thing[] {
  const popular = Math.max(1, Math.round(POPULAR_PAGES * things.length));
  const chance = generator();
  const among = (from: number, to: number): Thing =>
    things[Math.min(things.length - 1, from + Math.floor(chance() * (to - from)))]!;
  return Array.from({ length: things.length === 1 ? 1 : LENGTH }, () =>
    chance() < POPULAR_REQUESTS ? among(0, popular) : among(popular, things.length),
  );
}

/** Numbers from 0 to 1 by a linear congruential generator (Numerical Recipes). */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
