import { LRUCache } from 'lru-cache';

/** UTF-16 code units of all paths whose times are remembered, and what each counts besides. One document has many paths, by percent-encoding. */
const MAX_SIZE = 1_000_000;
const OF_ENTRY = 100;
const SECOND = 1_000;

/**
 * When the present document of each path was first sent, in whole seconds as HTTP has them. The time of the newest entry would not do: it
 * stays the same, or becomes earlier, when an entry is removed.
 */
export class ModificationTimes {
  readonly #known = new LRUCache<string, { etag: string; at: number }>({
    maxSize: MAX_SIZE,
    sizeCalculation: (_, path) => path.length + OF_ENTRY,
  });

  /** @returns null within a second in which another document was sent: their times would be the same */
  of(path: string, etag: string, now = Date.now()): Date | null {
    const known = this.#known.get(path);
    if (known?.etag === etag) return new Date(known.at);
    const at = Math.floor(now / SECOND) * SECOND;
    if (known && at <= known.at) return null;
    this.#known.set(path, { etag, at });
    return new Date(at);
  }
}
