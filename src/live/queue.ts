/** A consumer did not read for so long that its queue is full. It may come back and go on from its cursor. */
export class SlowConsumerError extends Error {
  override name = 'SlowConsumerError';
}

/**
 * A bounded queue that is read as an async generator. Unlike a generator function, it ends at once when `return` is
 * called while a read is waiting, so that a client that leaves between two events leaves nothing behind.
 */
export class Queue<Item> implements AsyncGenerator<Item, void, void> {
  readonly #items: Item[] = [];
  readonly #limit: number;
  readonly #onEnd: () => void;
  #waiting: ((result: IteratorResult<Item, void>) => void)[] = [];
  #failure: Error | undefined;
  #ended = false;

  /**
   * @param limit items that may wait to be read
   * @param onEnd called once, when nothing more is wanted or nothing more can come
   */
  constructor(limit: number, onEnd: () => void) {
    this.#limit = limit;
    this.#onEnd = onEnd;
  }

  push(item: Item): void {
    if (this.#ended) return;
    const waiting = this.#waiting.shift();
    if (waiting) waiting({ value: item, done: false });
    else if (this.#items.length < this.#limit) this.#items.push(item);
    else this.fail(new SlowConsumerError(`More than ${this.#limit} events wait to be read.`));
  }

  /** What waits is dropped, and the next read throws. */
  fail(error: Error): void {
    if (this.#ended) return;
    this.#failure = error;
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#items.length = 0;
    for (const waiting of this.#waiting.splice(0)) waiting({ value: undefined, done: true });
    this.#onEnd();
  }

  async next(): Promise<IteratorResult<Item, void>> {
    const item = this.#items.shift();
    if (item !== undefined) return { value: item, done: false };
    if (this.#failure) {
      const failure = this.#failure;
      this.#failure = undefined;
      throw failure;
    }
    if (this.#ended) return { value: undefined, done: true };
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async return(): Promise<IteratorResult<Item, void>> {
    this.#end();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<IteratorResult<Item, void>> {
    this.#end();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }
}
