export interface Repeated {
  /** Does it within so many milliseconds, should it be resting for longer. */
  wake(milliseconds?: number): void;
  /** Resolves when nothing more is done. */
  close(): Promise<void>;
}

/**
 * Does a piece of work at once, and again and again: never twice at the same time, and each time after as many
 * milliseconds as the time before said. The work must not reject.
 */
export function repeat(work: () => Promise<number>): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | null = null;
  let isClosed = false;
  /** When to do it next, by `performance.now()`. Asked for while it is at work, it is done once more. */
  let next = 0;

  function rest(): void {
    clearTimeout(timer);
    if (isClosed) return;
    timer = setTimeout(begin, Math.max(0, next - performance.now()));
    // A gateway with nothing else to do may end.
    timer.unref();
  }

  function begin(): void {
    next = Number.POSITIVE_INFINITY;
    working = work().then((wait) => {
      working = null;
      next = Math.min(next, performance.now() + wait);
      rest();
    });
  }

  rest();
  return {
    wake(milliseconds = 0) {
      const at = performance.now() + milliseconds;
      if (at >= next) return;
      next = at;
      if (!working) rest();
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await working;
    },
  };
}
