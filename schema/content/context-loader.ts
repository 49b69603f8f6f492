import DataLoader from 'dataloader';
import type { Context, Database } from './context.ts';
import { Loaders } from './loaders.ts';

/** Keys of one batch, which are the elements of the arrays in its statement. */
const MAX_BATCH = 1_000;

/**
 * Makes one DataLoader for each context on its first use. What is loaded while nothing else is read is one call of `batch`.
 * @param cacheKey tells keys apart that are objects
 * @param cached keeps what was loaded for the rest of the operation; off for lists, which are loaded once each
 */
export function contextLoader<Key, Value>(
  batch: (keys: readonly Key[], context: Context) => Promise<readonly (Value | Error)[]>,
  { cached = true, cacheKey }: { cached?: boolean; cacheKey?: (key: Key) => string } = {},
): (context: Context) => DataLoader<Key, Value> {
  return (context) => {
    const { loaders } = context;
    return loaders.of(
      batch,
      () =>
        new DataLoader<Key, Value, unknown>((keys) => batch(keys, context), {
          cache: cached,
          maxBatchSize: MAX_BATCH,
          batchScheduleFn: (load) => loaders.schedule(load),
          ...(cacheKey && { cacheKeyFn: cacheKey }),
        }) as DataLoader<Key, Value>,
    );
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
  const loaders = new Loaders();
  return { ...context, loaders, db: countedDatabase(context.db, loaders) };
}

/** The same database, whose statements are under way for these loaders until they are answered. */
export function countedDatabase(db: Database, loaders: Loaders): Database {
  return {
    query: (statement) => loaders.during(db.query(statement)),
    get prisma() {
      return db.prisma;
    },
  };
}
