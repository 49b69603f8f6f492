import { EventLoopShare } from './event-loop-share.ts';

/** Milliseconds of renderings until the event loop serves others. */
const LONGEST_SLICE = 5;

/** Renderings of events: hundreds of groups of subscribers may follow one article. */
const share = new EventLoopShare(1 / 4, 10 * LONGEST_SLICE);

let sliceStart = 0;
let nextSlice: Promise<void> | null = null;

/** Resolves at once, or when the event loop has served others if renderings have taken it for long. */
export async function waitForSlice(): Promise<void> {
  for (let taken = performance.now() - sliceStart; taken >= LONGEST_SLICE; taken = performance.now() - sliceStart) {
    // The first one after a pause has taken nothing yet.
    nextSlice ??= share.spend(Math.min(taken, LONGEST_SLICE)).then(() => {
      sliceStart = performance.now();
      nextSlice = null;
    });
    await nextSlice;
  }
}
