import type { DeliveryTotals } from './delivery-totals.ts';
import type { EncodedResult } from './encoded-result.ts';

/** Results that may wait in one group for those who read slowly. */
const MAX_RESULTS = 1_000;
/** UTF-16 code units of all results that wait, in all groups of a process. */
const MAX_LENGTH = 32_000_000;

/** What one entry is to everyone in the group. */
export interface BacklogEntry {
  sequence: number;
  /** Null for an entry that is nothing to this group. */
  result: EncodedResult | null;
}

/**
 * The results that slow readers have not taken yet: kept once for all of them, numbered from the group's first. A slow
 * reader costs the process its place in here and no more.
 */
export class ResultBacklog {
  readonly #totals: DeliveryTotals;
  #results: BacklogEntry[] = [];
  /** Number of the first that is kept. */
  #first = 0;

  constructor(totals: DeliveryTotals) {
    this.#totals = totals;
  }

  get first(): number {
    return this.#first;
  }

  /** Number that the next result gets. */
  get next(): number {
    return this.#first + this.#results.length;
  }

  push(told: readonly BacklogEntry[]): void {
    for (const one of told) {
      this.#results.push(one);
      this.#totals.waitingCharacters += lengthOf(one);
    }
  }

  at(number: number): BacklogEntry | undefined {
    return this.#results[number - this.#first];
  }

  /** How far those who wait must have come for the bounds to hold: what stands before is not kept for anyone. */
  get oldestAllowed(): number {
    let from = Math.max(0, this.#results.length - MAX_RESULTS);
    for (let over = this.#totals.waitingCharacters - MAX_LENGTH; over > 0 && from < this.#results.length; from++)
      over -= lengthOf(this.#results[from]!);
    return this.#first + from;
  }

  /** Forgets what stands before a number. */
  dropBefore(number: number): void {
    const dropped = this.#results.splice(0, Math.max(0, number - this.#first));
    this.#first += dropped.length;
    for (const one of dropped) this.#totals.waitingCharacters -= lengthOf(one);
  }
}

function lengthOf({ result }: BacklogEntry): number {
  return result?.json.length ?? 0;
}
