import { availableParallelism } from 'node:os';
import { PictureError } from './picture-error.ts';
import { type PendingPicture, PictureProcess } from './picture-process.ts';
import type { ConvertedPicture, PictureTask } from './picture-task.ts';

/** Processes at most. Each may take 1 GB for the largest pictures. */
const MAX_PROCESSES = availableParallelism() > 2 ? 2 : 1;
/** Pictures that may wait, and their bytes. A narrower form takes some 0.1 s. */
const MAX_WAITING = 200;
const MAX_WAITING_BYTES = 256_000_000;
/** Milliseconds that one picture may take. */
const DEADLINE = 25_000;
/** Milliseconds without work after which the processes end. */
const IDLE_AFTER = 10_000;

/** Decodes pictures in processes of their own, which are started for the first one and end when there is no more work. */
export class PictureConverter {
  readonly #deadline: number;
  readonly #processes = new Set<PictureProcess>();
  readonly #waiting: PendingPicture[] = [];
  #waitingBytes = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({ deadline = DEADLINE }: { deadline?: number } = {}) {
    this.#deadline = deadline;
  }

  /** @throws PictureError */
  convert(task: PictureTask): Promise<ConvertedPicture> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return reject(new Error('Pictures are no longer decoded.'));
      if (this.#waiting.length >= MAX_WAITING || this.#waitingBytes + task.bytes.length > MAX_WAITING_BYTES)
        return reject(new PictureError('BUSY', 'Too many pictures wait; try again in a minute.'));
      this.#waitingBytes += task.bytes.length;
      this.#waiting.push({ task, resolve, reject });
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
      const pending = this.#waiting.shift()!;
      this.#waitingBytes -= pending.task.bytes.length;
      free.convert(pending);
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
