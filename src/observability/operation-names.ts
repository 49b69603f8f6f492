import { LRUCache } from 'lru-cache';

/** Names that have figures of their own, besides those of trusted documents: a front end has some dozens. */
const MAX_NAMES = 100;
/** Times that a name must occur before it has. */
const OFTEN = 10;
/** Names whose occurrences are counted. */
const MAX_COUNTED = 1_000;

/** The label of all other names, and of operations without one. No operation has it as a name. */
const OTHERS = '(other)';
const NONE = '(none)';

const NAMED = /\b(?:query|mutation|subscription)\s+([_A-Za-z]\w*)/g;

/** Chooses the names of operations that have figures of their own: clients may send any, and each takes memory of Prometheus. */
export class OperationNames {
  readonly #chosen: Set<string>;
  readonly #counts = new LRUCache<string, number>({ max: MAX_COUNTED });
  #free = MAX_NAMES;

  /** @param trusted documents whose names always have figures */
  constructor(trusted: Iterable<string>) {
    this.#chosen = new Set([...trusted].flatMap((text) => [...text.matchAll(NAMED)].map(([, name]) => name!)));
  }

  labelOf(name: string | null): string {
    if (name === null) return NONE;
    if (this.#chosen.has(name)) return name;
    if (this.#free === 0) return OTHERS;
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    if (count < OFTEN) return OTHERS;
    this.#counts.delete(name);
    this.#chosen.add(name);
    this.#free -= 1;
    return name;
  }
}
