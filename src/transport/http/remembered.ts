import { LRUCache } from 'lru-cache';
import { fnv1a } from '../../../schema/content/checksum.ts';

/** What an entry counts besides its text, in code units. */
const OF_ENTRY = 100;

interface Limits<Value> {
  /** UTF-16 code units of all texts that are kept, together. */
  size: number;
  /** Longest text that is kept, in UTF-16 code units. */
  length: number;
  /** Whether a value is kept; by default each is. */
  keeps?: (value: Value) => boolean;
}

/** Most checksums of texts that came once. Two texts with the same one cost no more than an entry that nobody asks for again. */
const SEEN_ONCE = 10_000;

/**
 * A pure function of a text that comes again and again, such as a header: what it returned is kept, and must not be changed. A text that
 * never comes again, such as a new comment, is not kept: the first time only its checksum is.
 */
export function remembered<Value extends object>(
  read: (text: string) => Value,
  { size, length, keeps = () => true }: Limits<Value>,
): (text: string) => Value {
  const known = new LRUCache<string, Value>({ maxSize: size, sizeCalculation: (_, text) => text.length + OF_ENTRY });
  const once = new Set<number>();
  /** Notes that a text came. @returns whether it came before */
  const note = (text: string): boolean => {
    const checksum = fnv1a(text);
    if (once.delete(checksum)) return true;
    if (once.size >= SEEN_ONCE) once.clear();
    once.add(checksum);
    return false;
  };
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const value = read(text);
    if (text.length <= length && keeps(value) && note(text)) known.set(text, value);
    return value;
  };
}
