import { Agent } from 'node:http';
import { createHistogram, performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { postFrom } from '../attackers/post-from.ts';
import type { Visit, VisitResult } from './visitors.ts';

async function visit({ url, bodies, readers, network, pause, seconds }: Visit): Promise<VisitResult> {
  const microseconds = createHistogram();
  const failures: Record<string, number> = {};
  const until = performance.now() + seconds * 1000;

  async function read(reader: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    // They do not all begin at once.
    await delay((pause * reader) / readers);
    for (let page = reader; performance.now() < until; page += readers) {
      const sentAt = performance.now();
      // Each page has a reader of its own: the budget of one is not measured.
      const sender = { agent, address: `${network}.${page % 250}.${reader}` };
      const failure = await postFrom(sender, url, bodies[page % bodies.length]!).then(
        ({ status, text }) =>
          status === 200 && text.startsWith('{"data":{') ? null : `${status} ${text.slice(0, 100)}`,
        String,
      );
      if (failure !== null) failures[failure] = (failures[failure] ?? 0) + 1;
      microseconds.record(Math.max(1, Math.round((performance.now() - sentAt) * 1000)));
      await delay(pause);
    }
    agent.destroy();
  }

  await Promise.all(Array.from({ length: readers }, (_, reader) => read(reader)));
  return {
    requests: microseconds.count,
    p50: microseconds.percentile(50) / 1000,
    p99: microseconds.percentile(99) / 1000,
    longest: microseconds.max / 1000,
    failures,
  };
}

process.on('message', async (job: Visit) => {
  process.send?.(await visit(job));
});
process.once('disconnect', () => process.exit());
