export interface Loop {
  /** Runs the next step in so many milliseconds, unless it runs sooner anyway. */
  wake(milliseconds?: number): void;
  /** Starts no more steps. Resolves after the one that is running. */
  close(): Promise<void>;
}

/**
 * Runs a step at once and then again and again, never twice at a time.
 * @param step must not reject; resolves to the milliseconds until the next step
 */
export function startLoop(step: () => Promise<number>): Loop {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let isClosed = false;
  /** When the next step runs, by `performance.now()`. A step that is running does not know what happens meanwhile. */
  let next = 0;

  function sleep(): void {
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(run, Math.max(0, next - performance.now()));
    // The process may exit when nothing else is left.
    timer.unref();
  }

  function run(): void {
    next = Number.POSITIVE_INFINITY;
    running = step().then((wait) => {
      running = null;
      next = Math.min(next, performance.now() + wait);
      sleep();
    });
  }

  sleep();
  return {
    wake(milliseconds = 0) {
      const at = performance.now() + milliseconds;
      if (at >= next) return;
      next = at;
      if (!running) sleep();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await running;
    },
  };
}
