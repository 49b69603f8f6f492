export { BackgroundQueue, hasTime } from './background-queue.ts';
export { EventLoopShare } from './event-loop-share.ts';
