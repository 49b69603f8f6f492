import { Crowd } from './crowd.ts';
import type { Job } from './jobs.ts';

const crowds = new Map<string, Crowd>();

async function run(job: Job): Promise<unknown> {
  let crowd = crowds.get(job.crowd);
  if (!crowd) {
    crowd = new Crowd();
    crowds.set(job.crowd, crowd);
  }
  switch (job.kind) {
    case 'join':
      return crowd.join(job);
    case 'reset':
      return crowd.reset();
    case 'await':
      return crowd.events(job.events, job.within);
    case 'awaitCaughtUp':
      return crowd.caughtUp(job.within);
    case 'lateness':
      return crowd.lateness(job.sentAt);
    case 'pause':
      return crowd.pause(job.readers);
    case 'resume':
      return crowd.resume(job.readers);
    case 'awaitClosed':
      return crowd.closed(job.readers, job.within);
    case 'rejoin':
      return crowd.rejoin();
    case 'leave':
      return crowd.leave();
  }
}

process.on('message', async (job: Job) => {
  process.send?.((await run(job)) ?? 'done');
});
process.once('disconnect', () => process.exit());
