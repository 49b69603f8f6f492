import { LRUCache } from 'lru-cache';

/** Options of a cache of so many entries. Given their number instead of sizes, the library would reserve the memory of all at once. */
export function atMost(entries: number): { maxSize: number; sizeCalculation: () => number } {
  return { maxSize: entries, sizeCalculation: () => 1 };
}

/** A cache of so many entries, which forgets the least recently used. */
export function boundedCache<Value extends object | number | string>(entries: number): LRUCache<string, Value> {
  return new LRUCache<string, Value>(atMost(entries));
}
