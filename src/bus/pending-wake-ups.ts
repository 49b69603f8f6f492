/** A log's topic, and the sequence that the log has grown to. */
export type WakeUp = readonly [topic: string, sequence: number];

/**
 * Wake-ups that have not been published yet. A reader that is woken with a sequence reads everything before it too, so
 * only the highest of each topic is kept: one statement publishes however many were added during the one before.
 */
export class PendingWakeUps {
  readonly #maxTopics: number;
  #sequences = new Map<string, number>();
  #callbacks: (() => void)[] = [];

  /** @param maxTopics wake-ups of further topics are dropped; their watchers find the change when they check the log */
  constructor(maxTopics: number) {
    this.#maxTopics = maxTopics;
  }

  get isEmpty(): boolean {
    return this.#sequences.size === 0;
  }

  /** @param published see `takeCallbacks` */
  add(topic: string, sequence: number, published?: () => void): void {
    if (published) this.keepCallbacks([published]);
    const pending = this.#sequences.get(topic);
    if (pending === undefined ? this.#sequences.size < this.#maxTopics : pending < sequence)
      this.#sequences.set(topic, sequence);
  }

  keepCallbacks(callbacks: readonly (() => void)[]): void {
    this.#callbacks.push(...callbacks.slice(0, this.#maxTopics - this.#callbacks.length));
  }

  /** Removes and returns what is to be called when the wake-ups were published. */
  takeCallbacks(): (() => void)[] {
    const callbacks = this.#callbacks;
    this.#callbacks = [];
    return callbacks;
  }

  /** Removes and returns all wake-ups. */
  takeAll(): WakeUp[] {
    const wakeUps = [...this.#sequences];
    this.#sequences = new Map();
    return wakeUps;
  }
}
