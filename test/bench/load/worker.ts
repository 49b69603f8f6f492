import { createHistogram, performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import type { Job, Measurement } from './load.ts';

/** Keeps `connections` requests under way for `seconds`, and counts the answers that arrive in that time. */
function run({ url, bodies, connections, seconds, leastBytes }: Job): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const microseconds = createHistogram();
    let bytes = 0;
    let tooShort = 0;
    let clients = 0;
    const start = performance.now();
    const deadline = start + seconds * 1000;
    const load = autocannon(
      {
        url,
        connections,
        duration: seconds,
        sampleInt: 100,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        // Each connection begins elsewhere in the round, so that they do not all ask for the same at once.
        setupClient(client) {
          const first = Math.floor((clients++ * bodies.length) / connections);
          client.setRequests([...bodies.slice(first), ...bodies.slice(0, first)].map((body) => ({ body })));
        },
      },
      (error, { errors, non2xx }) => {
        if (error) return reject(error);
        if (errors > 0 || non2xx > 0 || tooShort > 0)
          return reject(
            new Error(`${url}: ${errors} requests failed, ${non2xx} were refused, ${tooShort} answers were too short.`),
          );
        resolve({
          perSecond: microseconds.count / seconds,
          p50: microseconds.percentile(50) / 1000,
          p99: microseconds.percentile(99) / 1000,
          bytes: bytes / microseconds.count,
        });
      },
    );
    load.on('response', (_client: unknown, _status: number, size: number, milliseconds: number) => {
      if (performance.now() > deadline) return;
      microseconds.record(Math.max(1, Math.round(milliseconds * 1000)));
      bytes += size;
      if (size < leastBytes) tooShort++;
    });
  });
}

process.on('message', async (job: Job) => {
  process.send?.(await run(job));
});
process.once('disconnect', () => process.exit());
