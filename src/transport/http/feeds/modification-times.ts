import { LRUCache } from 'lru-cache';

/** Paths whose times are remembered. */
const MOST = 10_000;
const SECOND = 1_000;

/**
 * When the present document of each path was first sent, in whole seconds as HTTP has them. The time of the newest entry would not do: it
 * stays the same, or becomes earlier, when an entry is removed.
 */
export class ModificationTimes {
  readonly #known = new LRUCache<string, { etag: string; at: number }>({ max: MOST });

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
