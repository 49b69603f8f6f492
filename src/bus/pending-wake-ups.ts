/** A log, and the sequence that it has come to. */
export type WakeUp = readonly [topic: string, sequence: number];

/**
 * Wake-ups that wait to be sent. Who is told of a sequence reads everything before it too, so of each topic only the
 * highest waits: however many come while a statement is under way, the next one holds them all.
 */
export class PendingWakeUps {
  readonly #most: number;
  #sequences = new Map<string, number>();

  /** @param most topics that may wait; the wake-up of one more is dropped, and whoever watches it finds out by looking */
  constructor(most: number) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#sequences.size === 0;
  }

  add(topic: string, sequence: number): void {
    const waiting = this.#sequences.get(topic);
    if (waiting === undefined ? this.#sequences.size < this.#most : waiting < sequence)
      this.#sequences.set(topic, sequence);
  }

  /** Everything that waits, which waits no longer. */
  takeAll(): WakeUp[] {
    const wakes = [...this.#sequences];
    this.#sequences = new Map();
    return wakes;
  }
}
