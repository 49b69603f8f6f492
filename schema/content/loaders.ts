import type DataLoader from 'dataloader';

/**
 * The loaders of one operation, and when they load: when nothing of the operation is under way, neither a statement nor a
 * value that waits for time. So what is loaded together does not depend on how fast anything is, and an operation takes one
 * statement for each level of its document and kind of row.
 */
export class Loaders {
  readonly #byBatch = new Map<object, DataLoader<unknown, unknown>>();
  /** What loads the next values. */
  #loads: (() => void)[] = [];
  #underWay = 0;

  /** The loader of a batch function, made on its first use. */
  of<Key, Value>(batch: object, make: () => DataLoader<Key, Value>): DataLoader<Key, Value> {
    let loader = this.#byBatch.get(batch) as DataLoader<Key, Value> | undefined;
    if (!loader) {
      loader = make();
      this.#byBatch.set(batch, loader as DataLoader<unknown, unknown>);
    }
    return loader;
  }

  /** Forgets what was loaded. */
  clear(): void {
    this.#byBatch.clear();
  }

  /** Calls back when everything that is under way has ended, and has had its effects. */
  schedule(load: () => void): void {
    this.#loads.push(load);
    if (this.#loads.length === 1) this.#loadSoon();
  }

  /** Something is under way whose effects may need more values. */
  begin(): void {
    this.#underWay += 1;
  }

  end(): void {
    this.#underWay -= 1;
    if (this.#underWay === 0 && this.#loads.length > 0) this.#loadSoon();
  }

  /** @returns the work itself, which is under way until it ends */
  during<Work extends Promise<unknown>>(work: Work): Work {
    this.begin();
    const end = (): void => this.end();
    work.then(end, end);
    return work;
  }

  /** Loads when the promises of this tick have had their effects, unless these are under way themselves. */
  #loadSoon(): void {
    Promise.resolve().then(() =>
      process.nextTick(() => {
        if (this.#underWay > 0) return;
        const loads = this.#loads;
        this.#loads = [];
        for (const load of loads) load();
      }),
    );
  }
}
