import { availableParallelism } from 'node:os';
import { type PendingPicture, PictureProcess } from './picture-process.ts';
import type { ConvertedPicture, PictureTask } from './picture-task.ts';

/** Processes at most. Each may take 1 GB for the largest pictures. */
const MAX_PROCESSES = availableParallelism() > 2 ? 2 : 1;
/** Milliseconds that one picture may take. */
const DEADLINE = 25_000;
/** Milliseconds without work after which the processes end. */
const IDLE_AFTER = 10_000;

/** Decodes pictures in processes of their own, which are started for the first one and end when there is no more work. */
export class PictureConverter {
  readonly #deadline: number;
  readonly #processes = new Set<PictureProcess>();
  readonly #waiting: PendingPicture[] = [];
  #idleTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({ deadline = DEADLINE }: { deadline?: number } = {}) {
    this.#deadline = deadline;
  }

  /**
   * Pictures that are to be stored come before narrower forms, for which anybody may ask. Callers bound how many wait.
   * @throws PictureError
   */
  convert(task: PictureTask): Promise<ConvertedPicture> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new Error('Pictures are no longer decoded.'));
      const narrower = task.width === null ? this.#waiting.findIndex((other) => other.task.width !== null) : -1;
      this.#waiting.splice(narrower === -1 ? this.#waiting.length : narrower, 0, { task, resolve, reject });
      this.#dispatch();
    });
  }

  /** Ends all processes; pictures that wait are rejected. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    for (const pending of this.#waiting.splice(0)) pending.reject(new Error('The gateway stops.'));
    await Promise.all([...this.#processes].map((one) => one.end()));
  }

  #dispatch(): void {
    clearTimeout(this.#idleTimer);
    if (this.#isClosed) return;
    while (this.#waiting.length > 0) {
      const free = this.#freeProcess();
      if (!free) return;
      free.convert(this.#waiting.shift()!);
    }
    if (this.#processes.size === 0) return;
    this.#idleTimer = setTimeout(() => {
      for (const one of this.#processes) if (one.isFree) void one.end();
    }, IDLE_AFTER).unref();
  }

  #freeProcess(): PictureProcess | null {
    for (const one of this.#processes) if (one.isFree) return one;
    if (this.#processes.size >= MAX_PROCESSES) return null;
    const started = new PictureProcess({
      deadline: this.#deadline,
      onFree: () => this.#dispatch(),
      onEnd: (ended) => {
        this.#processes.delete(ended);
        this.#dispatch();
      },
    });
    this.#processes.add(started);
    return started;
  }
}
