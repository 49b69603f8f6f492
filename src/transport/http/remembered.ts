import { LRUCache } from 'lru-cache';

interface Limits<Value> {
  /** Most texts that are kept. */
  entries: number;
  /** Longest text that is kept, in UTF-16 code units. */
  length: number;
  /** Whether a value is kept; by default each is. */
  keeps?: (value: Value) => boolean;
}

/** A pure function of a text that comes again and again, such as a header: what it returned is kept, and must not be changed. */
export function remembered<Value extends object>(
  read: (text: string) => Value,
  { entries, length, keeps = () => true }: Limits<Value>,
): (text: string) => Value {
  const known = new LRUCache<string, Value>({ max: entries });
  return (text) => {
    const before = known.get(text);
    if (before) return before;
    const value = read(text);
    if (text.length <= length && keeps(value)) known.set(text, value);
    return value;
  };
}
