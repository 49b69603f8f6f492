/** A part of the event loop's time for work that must leave the rest to others. */
export class EventLoopShare {
  readonly #part: number;
  readonly #burst: number;
  /** Milliseconds of work that the share has not made up for. */
  #debt = 0;
  #since = performance.now();

  /**
   * @param part of the time, from 0 to 1
   * @param burst milliseconds of work that may be done at once after a time without any
   */
  constructor(part: number, burst: number) {
    this.#part = part;
    this.#burst = burst;
  }

  /** Whether work has to wait. */
  get isSpent(): boolean {
    return this.add(0) > 0;
  }

  /** Adds milliseconds of work that was done. @returns milliseconds to wait before more of it is done; 0 for none */
  add(milliseconds: number): number {
    const now = performance.now();
    this.#debt = Math.max(0, this.#debt - (now - this.#since) * this.#part) + milliseconds;
    this.#since = now;
    return Math.max(0, (this.#debt - this.#burst) / this.#part);
  }
}
