import DataLoader from 'dataloader';
import type { Context } from './context.ts';

/** Most keys of one batch, hence of the arrays one statement is given. */
const MAX_BATCH = 1000;

/**
 * A DataLoader for each context, made when it is first used: loads of one tick become one call of `batch`.
 * @param cached keep what was loaded for the rest of the operation; off for lists, which are asked for once each
 */
export function contextLoader<Key, Value>(
  batch: (keys: readonly Key[], context: Context) => Promise<readonly (Value | Error)[]>,
  { cached = true }: { cached?: boolean } = {},
): (context: Context) => DataLoader<Key, Value> {
  return (context) => {
    let loader = context.loaders.get(batch) as DataLoader<Key, Value> | undefined;
    if (!loader) {
      loader = new DataLoader((keys) => batch(keys, context), { cache: cached, maxBatchSize: MAX_BATCH });
      context.loaders.set(batch, loader as DataLoader<unknown, unknown>);
    }
    return loader;
  };
}

/** After a change: what is read next in this operation is read anew. */
export function clearLoaders(context: Context): void {
  context.loaders.clear();
}

/** The same for something else, such as one event: it has loaded nothing yet. */
export function withFreshLoaders(context: Context): Context {
  return { ...context, loaders: new Map() };
}
