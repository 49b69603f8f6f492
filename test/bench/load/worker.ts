import { createHistogram, performance } from 'node:perf_hooks';
import autocannon from 'autocannon';
import type { Job, LoadRequest, Measurement } from './load.ts';

/** Requests that one connection holds, at most: each connection encodes its own. */
const MOST_EACH = 400;

/** Keeps `connections` requests under way for `seconds`, and counts the answers that arrive in that time. */
function run({ url, requests, connections, seconds, leastBytes, status }: Job): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const microseconds = createHistogram();
    const refused: Record<number, number> = {};
    let bytes = 0;
    let answers = 0;
    let tooShort = 0;
    let clients = 0;
    const deadline = performance.now() + seconds * 1000;
    const load = autocannon(
      {
        url,
        connections,
        duration: seconds,
        sampleInt: 100,
        setupClient(client) {
          client.setRequests(shareOf(requests, clients++, connections).map(encoded));
        },
      },
      (error, { errors }) => {
        if (error) return reject(error);
        const statuses = JSON.stringify(refused);
        if (errors > 0 || statuses !== '{}' || tooShort > 0)
          return reject(
            new Error(`${url}: ${errors} requests failed, by status: ${statuses}; ${tooShort} answers were too short.`),
          );
        resolve({
          perSecond: microseconds.count / seconds,
          p50: microseconds.percentile(50) / 1000,
          p99: microseconds.percentile(99) / 1000,
          bytes: bytes / microseconds.count,
          answers,
        });
      },
    );
    load.on('response', (_client: unknown, answered: number, size: number, milliseconds: number) => {
      answers++;
      if (answered !== status) refused[answered] = (refused[answered] ?? 0) + 1;
      if (performance.now() > deadline) return;
      microseconds.record(Math.max(1, Math.round(milliseconds * 1000)));
      bytes += size;
      if (size < leastBytes) tooShort++;
    });
  });
}

/** What one connection sends: all, from its own place on, so that not all ask for the same at once, or only its part. */
function shareOf(requests: readonly LoadRequest[], connection: number, connections: number): LoadRequest[] {
  if (requests.length > MOST_EACH) return requests.filter((_, n) => n % connections === connection);
  const first = Math.floor((connection * requests.length) / connections);
  return [...requests.slice(first), ...requests.slice(0, first)];
}

function encoded({ body, path, headers }: LoadRequest): autocannon.Request {
  const accept = { accept: 'application/json', ...headers };
  return body === undefined
    ? { method: 'GET', path: path!, headers: accept }
    : { method: 'POST', body, headers: { ...accept, 'content-type': 'application/json' } };
}

process.on('message', async (job: Job) => {
  process.send?.(await run(job));
});
process.once('disconnect', () => process.exit());
