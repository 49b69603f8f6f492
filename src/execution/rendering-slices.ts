import { setTimeout as delay } from 'node:timers/promises';
import { EventLoopShare } from './event-loop-share.ts';

/** Milliseconds of renderings in one round of the event loop. */
const LONGEST_SLICE = 5;

/** Hundreds of groups of subscribers may follow one article. */
const share = new EventLoopShare(1 / 4, 10 * LONGEST_SLICE);

/** The renderings of this round of the event loop; null before the first one. */
let slice: { start: number; ended: Promise<void> } | null = null;
/** While renderings rest because they took more than their share. */
let rest: Promise<void> | null = null;

/** Resolves when an event may be rendered: at once, or in a later round when renderings have taken the event loop for long. */
export async function waitForSlice(): Promise<void> {
  for (;;) {
    if (rest) {
      await rest;
      continue;
    }
    slice ??= beginSlice();
    if (performance.now() - slice.start < LONGEST_SLICE) return;
    await slice.ended;
  }
}

function beginSlice(): { start: number; ended: Promise<void> } {
  const start = performance.now();
  const ended = new Promise<void>((resolve) => {
    setImmediate(() => {
      slice = null;
      const milliseconds = share.add(performance.now() - start);
      if (milliseconds >= 1)
        rest = delay(milliseconds).then(() => {
          rest = null;
        });
      resolve();
    });
  });
  return { start, ended };
}
