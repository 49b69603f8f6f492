import type { EventLoopShare } from './event-loop-share.ts';

/**
 * Milliseconds of background work in one round of the event loop, whatever its kind. A page takes some four rounds, and may
 * wait for this long in each.
 */
const SLICE = 1;

/** Queues with work that may begin, in the order of their turns. */
const active: BackgroundQueue[] = [];
/** Until when work may begin in this round of the event loop; 0 outside of a slice. */
let sliceEnd = 0;
let isScheduled = false;
/** The queue whose work was begun last in this slice, and when. */
let current: BackgroundQueue | null = null;
let begun = 0;
const resolved = Promise.resolve();

/**
 * Work that takes long in all, and that consists of short parts: parts of all queues begin in slices of time, between which the
 * event loop serves others. Queues take turns. A part ends when the microtasks that it causes have run.
 */
export class BackgroundQueue {
  readonly #share: EventLoopShare | null;
  #waiting: (() => void)[] = [];
  /** Those that waited when the ones before had all begun; what has begun is replaced by null, so that nothing keeps it in memory. */
  #beginning: ((() => void) | null)[] = [];
  #next = 0;
  #isActive = false;
  #isResting = false;

  /** @param share of the time that the queue takes at most; null for no bound besides the slices */
  constructor(share: EventLoopShare | null = null) {
    this.#share = share;
  }

  /** @param begin begins a part; it must not throw */
  add(begin: () => void): void {
    this.#waiting.push(begin);
    this.#activate();
  }

  /** Resolves when a part may begin. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.add(resolve));
  }

  /** Begins the next part. Called in a slice, for the first active queue. */
  beginNext(): void {
    this.#isActive = false;
    if (this.#next === this.#beginning.length) {
      this.#beginning = this.#waiting;
      this.#waiting = [];
      this.#next = 0;
    }
    const begin = this.#beginning[this.#next]!;
    this.#beginning[this.#next] = null;
    this.#next += 1;
    this.#activate();
    begin();
  }

  /** Counts the milliseconds of a part. */
  addTime(milliseconds: number): void {
    const rest = this.#share?.add(milliseconds) ?? 0;
    if (rest < 1) return;
    this.#isResting = true;
    if (this.#isActive) active.splice(active.indexOf(this), 1);
    this.#isActive = false;
    setTimeout(() => {
      this.#isResting = false;
      this.#activate();
    }, rest);
  }

  #activate(): void {
    const isEmpty = this.#next === this.#beginning.length && this.#waiting.length === 0;
    if (this.#isActive || this.#isResting || isEmpty) return;
    this.#isActive = true;
    active.push(this);
    schedule();
  }
}

/** Whether this is background work, and the present slice has time left. */
export function hasTime(): boolean {
  return performance.now() < sliceEnd;
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(() => {
    begun = performance.now();
    sliceEnd = begun + SLICE;
    beginNext();
  });
}

/** Begins parts one after another, each in a microtask after what the one before has caused. */
function beginNext(): void {
  const now = performance.now();
  current?.addTime(now - begun);
  begun = now;
  current = (now < sliceEnd && active.shift()) || null;
  if (current) {
    current.beginNext();
    // Takes half as long as queueMicrotask.
    resolved.then(beginNext);
    return;
  }
  sliceEnd = 0;
  isScheduled = false;
  if (active.length > 0) schedule();
}
