import type { Totals } from './totals.ts';

/** Results that may wait in one group for those who read slowly. */
const MAX_RESULTS = 1_000;
/** UTF-16 code units of all results that wait, in all groups of a process. */
const MAX_LENGTH = 32_000_000;

/** One entry's result, for everyone in the group. */
export interface Result {
  sequence: number;
  /** JSON; null for an entry that is nothing to this group. */
  json: string | null;
}

/**
 * The results that slow readers have not taken yet: kept once for all of them, numbered from the group's first. A slow
 * reader costs the process its place in here and no more.
 */
export class WaitingResults {
  readonly #totals: Totals;
  #results: Result[] = [];
  /** Number of the first that is kept. */
  #first = 0;

  constructor(totals: Totals) {
    this.#totals = totals;
  }

  get first(): number {
    return this.#first;
  }

  /** Number that the next result gets. */
  get next(): number {
    return this.#first + this.#results.length;
  }

  push(results: readonly Result[]): void {
    for (const result of results) {
      this.#results.push(result);
      this.#totals.waiting += result.json?.length ?? 0;
    }
  }

  at(number: number): Result | undefined {
    return this.#results[number - this.#first];
  }

  /** How far those who wait must have come for the bounds to hold: what stands before is not kept for anyone. */
  get mustBePast(): number {
    let from = Math.max(0, this.#results.length - MAX_RESULTS);
    for (let over = this.#totals.waiting - MAX_LENGTH; over > 0 && from < this.#results.length; from++)
      over -= this.#results[from]!.json?.length ?? 0;
    return this.#first + from;
  }

  /** Forgets what stands before a number. */
  dropBefore(number: number): void {
    const dropped = this.#results.splice(0, Math.max(0, number - this.#first));
    this.#first += dropped.length;
    for (const { json } of dropped) this.#totals.waiting -= json?.length ?? 0;
  }
}
