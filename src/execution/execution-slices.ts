import type { Slices } from '../../schema/content/context.ts';
import { BackgroundQueue, hasTime } from '../background/index.ts';

/** Values of all operations that are executed in slices. */
const values = new BackgroundQueue();

/** Executes one operation in slices of time, between which the event loop serves others. */
export class ExecutionSlices implements Slices {
  /** Values that wait for time. */
  #waiting = 0;
  /** What loads the next values. */
  #batches: (() => void)[] = [];

  pace<Value>(value: Value): Value | Promise<Awaited<Value>> | Iterable<unknown> {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return this.#paceItems(value);
    if (isPromise(value)) return this.#paceLoaded(value as Promise<Awaited<Value>>);
    return hasTime() ? value : (this.#whenTime(value) as Promise<Awaited<Value>>);
  }

  schedule(batch: () => void): void {
    this.#batches.push(batch);
    if (this.#batches.length === 1) this.#loadSoon();
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
    this.#waiting += 1;
    values.add(() => {
      this.#waiting -= 1;
      begin();
      if (this.#waiting === 0 && this.#batches.length > 0) this.#loadSoon();
    });
  }

  /** Loads when the promises of this tick have had their effects, unless these wait for time themselves. */
  #loadSoon(): void {
    Promise.resolve().then(() =>
      process.nextTick(() => {
        if (this.#waiting > 0) return;
        const batches = this.#batches;
        this.#batches = [];
        for (const load of batches) load();
      }),
    );
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null)?.then === 'function';
}
