import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that goes on when nobody waits for it. It has ended before what it uses is closed. */
export class BackgroundWork {
  readonly #running = new Set<Promise<unknown>>();

  /** @returns the work itself */
  track<Work extends Promise<unknown>>(work: Work): Work {
    this.#running.add(work);
    const forget = (): void => {
      this.#running.delete(work);
    };
    work.then(forget, forget);
    return work;
  }

  /** Resolves when nothing runs any more, also of what follows from what runs now. */
  async close(): Promise<void> {
    while (this.#running.size > 0) {
      await Promise.allSettled(this.#running);
      // The next step of what has ended is tracked by then.
      await nextTurn();
    }
  }
}
