import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes of memory from which garbage is collected before more of a file is read: an import shall use less than 300 MB. */
const WANTED_BYTES = 200_000_000;

/** The same for an archive, of which nothing is kept but the lines of two statements: its import shall use less than 200 MB. */
export const ARCHIVE_BYTES = 135_000_000;

/** Bytes by which an import may let the memory grow of a process that had much before. */
const OWN_BYTES = 70_000_000;

/** Milliseconds between two collections, each of which takes about 60. */
const INTERVAL_MS = 1_000;

let collect: (() => void) | undefined;

/**
 * Limits the memory of an import that begins now. The returned function collects garbage if there is much. By itself, V8 lets
 * the heap of a long import grow by 100 MB.
 */
export function createMemoryLimit(wanted = WANTED_BYTES): () => void {
  const limit = Math.max(wanted, process.memoryUsage.rss() + OWN_BYTES);
  let collectedAt = 0;
  return () => {
    if (process.memoryUsage.rss() < limit || performance.now() - collectedAt < INTERVAL_MS) return;
    if (!collect) {
      setFlagsFromString('--expose-gc');
      collect = runInNewContext('gc') as () => void;
    }
    collect();
    collectedAt = performance.now();
  };
}
