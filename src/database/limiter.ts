/** Runs a task at once, or when an earlier one ends. */
type Limiter = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** Runs at most `concurrency` tasks at a time; the others wait in the order of their arrival. */
export function createLimiter(concurrency: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      // The slot passes directly to the first waiting task, so that a task arriving now cannot overtake it.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
