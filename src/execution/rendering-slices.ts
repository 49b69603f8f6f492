import { BackgroundQueue, EventLoopShare } from '../background/index.ts';

/** Part of the event loop's time that renderings take for long. Hundreds of groups of subscribers may follow one article. */
const PART = 1 / 8;
/** Milliseconds that they take at once after a time without any. */
const BURST = 25;

const renderings = new BackgroundQueue(new EventLoopShare(PART, BURST));

/** Renders an event when the event loop has time for it. */
export function renderInSlice<Result>(render: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => renderings.add(() => void render().then(resolve, reject)));
}
