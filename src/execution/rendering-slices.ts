import { EventLoopShare } from './event-loop-share.ts';

/** Milliseconds of renderings in one round of the event loop. */
const LONGEST_SLICE = 5;

/** Hundreds of groups of subscribers may follow one article. */
const share = new EventLoopShare(1 / 5, 10 * LONGEST_SLICE);

/** Renderings that have not begun, oldest first. */
const waiting: (() => void)[] = [];
/** When the renderings of this round of the event loop began; null before the first one. */
let sliceStart: number | null = null;
/** Renderings rest because they took more than their share. */
let isResting = false;

/**
 * Renders an event: at once, or in a later round of the event loop when renderings have taken it for long. Each begins after
 * the one before, so the time that it took is known.
 */
export function renderInSlice<Result>(render: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    waiting.push(() => void render().then(resolve, reject));
    renderWaiting();
  });
}

function renderWaiting(): void {
  while (waiting.length > 0 && !isResting) {
    sliceStart ??= beginSlice();
    if (performance.now() - sliceStart >= LONGEST_SLICE) return;
    waiting.shift()!();
  }
}

function beginSlice(): number {
  const start = performance.now();
  setImmediate(() => {
    sliceStart = null;
    const rest = share.add(performance.now() - start);
    if (rest < 1) return renderWaiting();
    isResting = true;
    setTimeout(() => {
      isResting = false;
      renderWaiting();
    }, rest);
  });
  return start;
}
