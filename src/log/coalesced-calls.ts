import { setImmediate as turn } from 'node:timers/promises';

interface Call<Value> {
  running: Promise<Value>;
  hasBegun: boolean;
  /** What is asked for while it runs: one more run, after it. */
  next: Promise<Value> | null;
}

/**
 * Makes equal calls at the same time one. A call is never answered by a run that had begun before it was made: what it
 * gets is as fresh as if it had been alone.
 */
export class CoalescedCalls<Key, Value> {
  readonly #run: (key: Key) => Promise<Value>;
  readonly #calls = new Map<Key, Call<Value>>();

  constructor(run: (key: Key) => Promise<Value>) {
    this.#run = run;
  }

  call(key: Key): Promise<Value> {
    const call = this.#calls.get(key);
    if (!call) return this.#start(key);
    if (!call.hasBegun) return call.running;
    // Whether the run before it failed is of no concern to the next.
    call.next ??= call.running.then(
      () => this.call(key),
      () => this.call(key),
    );
    return call.next;
  }

  #start(key: Key): Promise<Value> {
    const call: Call<Value> = {
      // It begins when all have asked whose requests came together.
      running: turn().then(() => {
        call.hasBegun = true;
        return this.#run(key);
      }),
      hasBegun: false,
      next: null,
    };
    this.#calls.set(key, call);
    const end = (): void => {
      this.#calls.delete(key);
    };
    call.running.then(end, end);
    return call.running;
  }
}
