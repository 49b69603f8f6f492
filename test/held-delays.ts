import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

/**
 * Has long delays of the modules under test last until the test ends them, however slow the machine is.
 * @param longest milliseconds of those that are left as they are
 * @returns ends them, and leaves later ones as they are
 */
export function holdDelays(longest: number): () => void {
  const delay = timers.setTimeout;
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  timers.setTimeout = <Value>(milliseconds?: number, value?: Value, options?: object): Promise<Value> =>
    Number(milliseconds) > longest ? ended.then(() => value as Value) : delay(milliseconds, value, options);
  // Also for those that have imported it by name.
  syncBuiltinESMExports();
  return () => {
    timers.setTimeout = delay;
    syncBuiltinESMExports();
    end();
  };
}
