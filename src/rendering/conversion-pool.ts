import { availableParallelism } from 'node:os';
import { RateLimitedError } from '../../schema/content/errors.ts';
import type { Conversion } from '../../schema/content/text/conversions.ts';
import type { ConversionTask } from './conversion-task.ts';
import { ConversionThread, type PendingConversion } from './conversion-thread.ts';

/** Threads at most. One processor stays free for the main thread. */
const MAX_THREADS = Math.max(1, Math.min(4, availableParallelism() - 1));

/** Characters of all texts that wait, some 20 s of work for one thread. */
const MAX_WAITING = 16_000_000;

/** Seconds after which a client may try again when too many texts wait. */
const RETRY_AFTER = 10;

/** Conversions of texts that are saved. */
const WRITES = new Set<Conversion>(['article', 'comment', 'bio']);

export interface PoolOptions {
  /** Milliseconds of processor time that one conversion may take. */
  deadline: number;
  /** Milliseconds without work after which the threads end. */
  idleAfter: number;
}

/** Converts texts in threads, which are started for the first text and end when there is no more work. */
export class ConversionPool {
  readonly #deadline: number;
  readonly #idleAfter: number;
  readonly #threads = new Set<ConversionThread>();
  /** Texts that are saved. They are converted first: their writers wait for an answer, and few people write. */
  readonly #writes: PendingConversion[] = [];
  readonly #reads: PendingConversion[] = [];
  #waitingCharacters = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({ deadline, idleAfter }: PoolOptions) {
    this.#deadline = deadline;
    this.#idleAfter = idleAfter;
  }

  get threadCount(): number {
    return this.#threads.size;
  }

  /** @throws TextTooComplexError, RateLimitedError */
  convert(task: ConversionTask): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new Error('The threads of conversions are closed.'));
      if (this.#waitingCharacters + task.source.length > MAX_WAITING) return reject(new RateLimitedError(RETRY_AFTER));
      this.#waitingCharacters += task.source.length;
      (WRITES.has(task.name) ? this.#writes : this.#reads).push({ task, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends all threads; texts that wait are rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    for (const pending of [...this.#writes.splice(0), ...this.#reads.splice(0)])
      pending.reject(new Error('The gateway stops.'));
    await this.#endThreads();
  }

  #dispatch(): void {
    clearTimeout(this.#idleTimer);
    if (this.#isClosed) return;
    while (this.#writes.length + this.#reads.length > 0) {
      const thread = this.#freeThread();
      if (!thread) return;
      const pending = (this.#writes.shift() ?? this.#reads.shift())!;
      this.#waitingCharacters -= pending.task.source.length;
      thread.convert(pending);
    }
    if (this.#threads.size === 0) return;
    this.#idleTimer = setTimeout(() => {
      if ([...this.#threads].every((thread) => thread.isFree)) void this.#endThreads();
    }, this.#idleAfter).unref();
  }

  #freeThread(): ConversionThread | null {
    for (const thread of this.#threads) if (thread.isFree) return thread;
    if (this.#threads.size >= MAX_THREADS) return null;
    const thread = new ConversionThread({
      deadline: this.#deadline,
      onFree: () => this.#dispatch(),
      onEnd: (ended) => {
        this.#threads.delete(ended);
        this.#dispatch();
      },
    });
    this.#threads.add(thread);
    return thread;
  }

  async #endThreads(): Promise<void> {
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }
}
