/** A log's topic, and the sequence that the log has grown to. */
export type WakeUp = readonly [topic: string, sequence: number];

/**
 * Wake-ups that have not been published yet. A reader that is woken with a sequence reads everything before it too, so
 * only the highest of each topic is kept: one statement publishes however many were added during the one before.
 */
export class PendingWakeUps {
  readonly #maxTopics: number;
  #sequences = new Map<string, number>();

  /** @param maxTopics wake-ups of further topics are dropped; their watchers find the change when they check the log */
  constructor(maxTopics: number) {
    this.#maxTopics = maxTopics;
  }

  get isEmpty(): boolean {
    return this.#sequences.size === 0;
  }

  add(topic: string, sequence: number): void {
    const pending = this.#sequences.get(topic);
    if (pending === undefined ? this.#sequences.size < this.#maxTopics : pending < sequence)
      this.#sequences.set(topic, sequence);
  }

  /** Removes and returns everything. */
  takeAll(): WakeUp[] {
    const wakeUps = [...this.#sequences];
    this.#sequences = new Map();
    return wakeUps;
  }
}
