/** Limits the lines of one kind: whatever clients send, the log grows by so many a second at most. */
export class LineBudget {
  readonly #perSecond: number;
  #second = 0;
  #written = 0;
  /** Lines that were left out since the last call of `takeLeftOut`. */
  #leftOut = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** @param now by `performance.now()` @returns false when the line must be left out */
  take(now: number): boolean {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#written = 0;
    }
    if (this.#written >= this.#perSecond) {
      this.#leftOut += 1;
      return false;
    }
    this.#written += 1;
    return true;
  }

  /** The number of lines that were left out since the last call. */
  takeLeftOut(): number {
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut;
  }
}
