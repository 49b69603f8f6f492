export { BackgroundQueue, hasTime } from './background-queue.ts';
export { BackgroundWork } from './background-work.ts';
export { EventLoopShare } from './event-loop-share.ts';
