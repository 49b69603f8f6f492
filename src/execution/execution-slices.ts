import type { Slices } from '../../schema/content/context.ts';
import type { Loaders } from '../../schema/content/loaders.ts';
import { BackgroundQueue, hasTime } from '../background/index.ts';

/** Values of all operations that are executed in slices. */
const values = new BackgroundQueue();

/** Executes one operation in slices of time, between which the event loop serves others. */
export class ExecutionSlices implements Slices {
  readonly #loaders: Loaders;

  /** @param loaders of the operation: they wait for its values that wait for time */
  constructor(loaders: Loaders) {
    this.#loaders = loaders;
  }

  pace<Value>(value: Value): Value | Promise<Awaited<Value>> | Iterable<unknown> {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return this.#paceItems(value);
    if (isPromise(value)) return this.#paceLoaded(value as Promise<Awaited<Value>>);
    return hasTime() ? value : (this.#whenTime(value) as Promise<Awaited<Value>>);
  }

  /** Gives each item when it is asked for: as itself while there is time. */
  *#paceItems(items: readonly unknown[]): Iterable<unknown> {
    for (const item of items) yield hasTime() || isPromise(item) ? item : this.#whenTime(item);
  }

  #paceLoaded<Value>(loading: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      loading.then((value) => {
        if (hasTime()) resolve(this.#loaded(value));
        else this.#add(() => resolve(this.#loaded(value)));
      }, reject);
    });
  }

  #loaded<Value>(value: Value): Value {
    // GraphQL takes any iterable for a list.
    return Array.isArray(value) ? (this.#paceItems(value) as Value) : value;
  }

  #whenTime<Value>(value: Value): Promise<Value> {
    return new Promise((resolve) => this.#add(() => resolve(value)));
  }

  #add(begin: () => void): void {
    this.#loaders.begin();
    values.add(() => {
      begin();
      this.#loaders.end();
    });
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null)?.then === 'function';
}
