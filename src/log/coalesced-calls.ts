import { setImmediate as nextTurn } from 'node:timers/promises';

interface Call<Value> {
  running: Promise<Value>;
  hasStarted: boolean;
  /** The run after this one, for calls that were made after this one had started. */
  next: Promise<Value> | null;
}

/**
 * Coalesces calls with the same key into one run. A run never answers a call that was made after it had started, so
 * each caller gets a result as fresh as if it had called alone.
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
    if (!call.hasStarted) return call.running;
    // A failure of the run before does not concern the next.
    call.next ??= call.running.then(
      () => this.call(key),
      () => this.call(key),
    );
    return call.next;
  }

  #start(key: Key): Promise<Value> {
    const call: Call<Value> = {
      // Starts in the next turn of the event loop, so that requests that arrived together share it.
      running: nextTurn().then(() => {
        call.hasStarted = true;
        return this.#run(key);
      }),
      hasStarted: false,
      next: null,
    };
    this.#calls.set(key, call);
    const remove = (): void => {
      this.#calls.delete(key);
    };
    call.running.then(remove, remove);
    return call.running;
  }
}
