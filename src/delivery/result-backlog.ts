import type { LogPosition } from '../../schema/content/events.ts';
import type { DeliveryTotals } from './delivery-totals.ts';
import type { EncodedResult } from './encoded-result.ts';

/** Results that are kept in one group for slow subscribers. */
const MAX_RESULTS = 1_000;
/** UTF-16 code units of all results that are kept, in all groups of a process. */
const MAX_CHARACTERS = 32_000_000;

export interface BacklogEntry {
  /** Of the entry in the log. */
  position: LogPosition;
  /** Null for an entry of the log that has no result in this group. */
  result: EncodedResult | null;
}

/**
 * The results that slow subscribers have not been sent yet, numbered from the first result of the group. They are kept
 * once for all of them, so a slow subscriber costs no memory but its place in here.
 */
export class ResultBacklog {
  readonly #totals: DeliveryTotals;
  #entries: BacklogEntry[] = [];
  /** Number of the oldest entry that is kept. */
  #first = 0;

  constructor(totals: DeliveryTotals) {
    this.#totals = totals;
  }

  /** Number that the next entry gets. */
  get next(): number {
    return this.#first + this.#entries.length;
  }

  push(entries: readonly BacklogEntry[]): void {
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#totals.waitingCharacters += charactersOf(entry);
    }
  }

  at(number: number): BacklogEntry | undefined {
    return this.#entries[number - this.#first];
  }

  /** Number of the oldest entry that may be kept: those before it exceed the limits. */
  get oldestAllowed(): number {
    let from = Math.max(0, this.#entries.length - MAX_RESULTS);
    for (
      let excess = this.#totals.waitingCharacters - MAX_CHARACTERS;
      excess > 0 && from < this.#entries.length;
      from++
    )
      excess -= charactersOf(this.#entries[from]!);
    return this.#first + from;
  }

  dropBefore(number: number): void {
    const dropped = this.#entries.splice(0, Math.max(0, number - this.#first));
    this.#first += dropped.length;
    for (const entry of dropped) this.#totals.waitingCharacters -= charactersOf(entry);
  }

  clear(): void {
    this.dropBefore(this.next);
  }
}

function charactersOf({ result }: BacklogEntry): number {
  return result?.json.length ?? 0;
}
