import { setTimeout as delay, setImmediate as nextRound } from 'node:timers/promises';
import type { EventLoopShare } from '../background/index.ts';
import { AbortedError, type CancelSignal, OverloadedError } from '../database/index.ts';

/** Most that wait for a turn; of one sender, a tenth: ten WebSockets with all the operations that one may have. */
const MAX_WAITING = 10_000;
const MAX_WAITING_OF_SENDER = 1_000;
/** Milliseconds that one may wait. */
const LONGEST_WAIT = 20_000;

interface Waiting {
  begin(): void;
  refuse(error: Error): void;
}

/**
 * Work that is done one at a time, so that all other requests are delayed by one of it at most. Senders that wait take
 * turns: one with a hundred requests delays another by one.
 */
export class Turns {
  /** By sender, in the order of their turns. */
  readonly #lanes = new Map<string, Set<Waiting>>();
  #waiting = 0;
  #isTaken = false;
  readonly #share: EventLoopShare | null;
  readonly #longest: number | null;

  /**
   * @param share of the time that turns take while others wait for one; null for no bound
   * @param longest milliseconds after which a turn ends, whether its work is done or not; null for no bound
   */
  constructor(share: EventLoopShare | null = null, longest: number | null = null) {
    this.#share = share;
    this.#longest = longest;
  }

  /**
   * Waits for a turn.
   * @param signal ends the wait
   * @returns ends the turn
   * @throws OverloadedError, AbortedError
   */
  async take(sender: string, signal?: CancelSignal): Promise<() => void> {
    if (this.#isTaken) await this.#wait(sender, signal);
    this.#isTaken = true;
    const begun = performance.now();
    let hasEnded = false;
    const end = (): void => {
      if (hasEnded) return;
      hasEnded = true;
      clearTimeout(timer);
      const rest = this.#share?.add(performance.now() - begun) ?? 0;
      // The next turn begins in a later round of the event loop, in which others are served. Who comes alone does not wait.
      (this.#waiting > 0 && rest >= 1 ? delay(rest) : nextRound()).then(() => this.#next());
    };
    const timer = this.#longest === null ? undefined : setTimeout(end, this.#longest);
    return end;
  }

  #wait(sender: string, signal?: CancelSignal): Promise<void> {
    const lane = this.#lanes.get(sender) ?? new Set();
    if (this.#waiting >= MAX_WAITING || lane.size >= MAX_WAITING_OF_SENDER) throw new OverloadedError();
    return new Promise((resolve, reject) => {
      const onAbort = (): void => waiting.refuse(new AbortedError('The client no longer waits for the result.'));
      const leave = (): void => {
        clearTimeout(timer);
        forget?.();
        lane.delete(waiting);
        if (lane.size === 0) this.#lanes.delete(sender);
        this.#waiting -= 1;
      };
      const waiting: Waiting = {
        begin() {
          leave();
          resolve();
        },
        refuse(error) {
          leave();
          reject(error);
        },
      };
      const timer = setTimeout(() => waiting.refuse(new OverloadedError()), LONGEST_WAIT);
      this.#lanes.set(sender, lane.add(waiting));
      this.#waiting += 1;
      const forget = signal?.onCancel(onAbort);
      if (signal?.isCancelled) onAbort();
    });
  }

  #next(): void {
    const [first] = this.#lanes;
    if (!first) {
      this.#isTaken = false;
      return;
    }
    const [sender, lane] = first;
    const [waiting] = lane;
    // The sender has its next turn after the others.
    this.#lanes.delete(sender);
    if (lane.size > 1) this.#lanes.set(sender, lane);
    waiting!.begin();
  }
}
