import DataLoader from 'dataloader';
import type { Context } from './context.ts';

/** Keys of one batch, which are the elements of the arrays in its statement. */
const MAX_BATCH = 1_000;

/**
 * Makes one DataLoader for each context on its first use. What is loaded in one tick is one call of `batch`.
 * @param cacheKey tells keys apart that are objects
 * @param cached keeps what was loaded for the rest of the operation; off for lists, which are loaded once each
 */
export function contextLoader<Key, Value>(
  batch: (keys: readonly Key[], context: Context) => Promise<readonly (Value | Error)[]>,
  { cached = true, cacheKey }: { cached?: boolean; cacheKey?: (key: Key) => string } = {},
): (context: Context) => DataLoader<Key, Value> {
  return (context) => {
    let loader = context.loaders.get(batch) as DataLoader<Key, Value> | undefined;
    if (!loader) {
      const { slices } = context;
      loader = new DataLoader<Key, Value, unknown>((keys) => batch(keys, context), {
        cache: cached,
        maxBatchSize: MAX_BATCH,
        ...(slices && { batchScheduleFn: (load: () => void) => slices.schedule(load) }),
        ...(cacheKey && { cacheKeyFn: cacheKey }),
      }) as DataLoader<Key, Value>;
      context.loaders.set(batch, loader as DataLoader<unknown, unknown>);
    }
    return loader;
  };
}

/**
 * Forgets what was loaded. Call it after a change and before the first read of the payload, so that the payload has the changed
 * rows, and all of it is of one moment where it names a position in the log.
 */
export function clearLoaders(context: Context): void {
  context.loaders.clear();
  context.beginPayload?.();
}

/** The same context with nothing loaded, for the next event of a subscription. */
export function withFreshLoaders(context: Context): Context {
  return { ...context, loaders: new Map() };
}
