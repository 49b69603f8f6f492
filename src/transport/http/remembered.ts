import { LRUCache } from 'lru-cache';

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

/** A pure function of a text that comes again and again, such as a header: what it returned is kept, and must not be changed. */
export function remembered<Value extends object>(
  read: (text: string) => Value,
  { size, length, keeps = () => true }: Limits<Value>,
): (text: string) => Value {
  const known = new LRUCache<string, Value>({ maxSize: size, sizeCalculation: (_, text) => text.length + OF_ENTRY });
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const value = read(text);
    if (text.length <= length && keeps(value)) known.set(text, value);
    return value;
  };
}
