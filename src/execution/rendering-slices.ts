import { BackgroundQueue, EventLoopShare } from '../background/index.ts';

/** Renderings at a time that are not limited: those of a discussion whose readers use a few documents. */
const FEW = 8;
/** Part of the event loop's time that the others take for long. Hundreds of groups of subscribers may follow one article. */
const PART = 1 / 10;
/** Milliseconds that they take at once after a time without any. */
const BURST = 10;

const few = new BackgroundQueue();
const many = new BackgroundQueue(new EventLoopShare(PART, BURST));
let unfinished = 0;

/** Renders an event when the event loop has time for it. */
export function renderInSlice<Result>(render: () => Promise<Result>): Promise<Result> {
  const queue = unfinished < FEW ? few : many;
  unfinished += 1;
  return new Promise<Result>((resolve, reject) => queue.add(() => void render().then(resolve, reject))).finally(() => {
    unfinished -= 1;
  });
}
