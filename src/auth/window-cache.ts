import { boundedCache } from './bounded-cache.ts';

/** A count that begins again when its window of time has ended. */
export interface CountedWindow {
  /** By `performance.now()`: when the clock of the machine is set back, no window becomes longer. */
  endsAt: number;
}

/** Ended windows that are looked for when one is added: more than one, so that they become fewer. */
const FORGOTTEN_AT_ONCE = 2;

/**
 * Windows by sender, at most so many. One that has ended is forgotten when others are added, those first that were used least
 * recently: addresses that came once take no memory for long.
 */
export class WindowCache<Window extends CountedWindow> {
  readonly #windows: ReturnType<typeof boundedCache<Window>>;

  constructor(entries: number) {
    this.#windows = boundedCache<Window>(entries);
  }

  get size(): number {
    return this.#windows.size;
  }

  /** The window of a sender, unless it has ended. */
  get(sender: string, now: number): Window | undefined {
    const window = this.#windows.get(sender);
    return window && window.endsAt > now ? window : undefined;
  }

  add(sender: string, window: Window, now: number): void {
    for (let i = 0; i < FORGOTTEN_AT_ONCE; i++) {
      const oldest = this.#windows.rkeys().next().value;
      if (oldest === undefined || this.#windows.peek(oldest)!.endsAt > now) break;
      this.#windows.delete(oldest);
    }
    this.#windows.set(sender, window);
  }
}
