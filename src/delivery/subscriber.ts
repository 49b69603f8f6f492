import { setTimeout as delay } from 'node:timers/promises';
import type { LogPosition } from '../../schema/content/events.ts';
import type { DeliveryTotals } from './delivery-totals.ts';
import type { EncodedResult } from './encoded-result.ts';
import type { ResultSink } from './result-sink.ts';
import { nextState, STATE_TRAITS, type SubscriberEvent, type SubscriberState } from './subscriber-state.ts';

/**
 * Counts results that were rendered for one subscriber.
 * @returns the milliseconds to wait before more are
 */
export type CountRendered = (results: number) => number;

/** Milliseconds after which a subscriber that waits looks whether it must wait on. */
const LONGEST_PAUSE = 1_000;

export interface SubscriberObserver {
  readonly totals: DeliveryTotals;
  /** @param before the state that the subscriber had until now */
  onStateChange(subscriber: Subscriber, before: SubscriberState): void;
}

/** One subscription of one client. Only events change its state, by the table in subscriber-state.ts. */
export class Subscriber {
  readonly sink: ResultSink;
  /** It was sent everything up to here. Meaningless until its position was read. */
  position: LogPosition = { articleId: 0, epoch: 0, sequence: 0 };
  /** The reader's count of replaced logs when the position was last verified. */
  restarts = 0;
  /** Number of the result in the backlog that it is sent next. */
  nextResult = 0;
  #state: SubscriberState = 'starting';
  readonly #observer: SubscriberObserver;
  readonly #countRendered: CountRendered;

  constructor(sink: ResultSink, observer: SubscriberObserver, countRendered: CountRendered) {
    this.sink = sink;
    this.#observer = observer;
    this.#countRendered = countRendered;
  }

  get state(): SubscriberState {
    return this.#state;
  }

  get isLive(): boolean {
    return this.#state === 'live';
  }

  get hasCaughtUp(): boolean {
    return STATE_TRAITS[this.#state].hasCaughtUp;
  }

  get isPassedOver(): boolean {
    return STATE_TRAITS[this.#state].isPassedOver;
  }

  get hasLeft(): boolean {
    return this.#state === 'left';
  }

  /** @returns whether the event changed the state */
  handle(event: SubscriberEvent): boolean {
    const before = this.#state;
    const next = nextState(before, event);
    if (next === before) return false;
    this.#state = next;
    this.#observer.onStateChange(this, before);
    return true;
  }

  /** @param result null for an entry that has no result */
  send(result: EncodedResult | null): void {
    if (result === null || this.hasLeft) return;
    this.sink.send(result);
    this.#observer.totals.sent += 1;
  }

  countRendered(results: number): void {
    this.#countRendered(results);
  }

  /** Resolves when more results may be rendered for it, or it has left. */
  async allowed(): Promise<void> {
    for (let wait = this.#countRendered(0); wait > 0 && !this.hasLeft; wait = this.#countRendered(0))
      await delay(Math.min(wait, LONGEST_PAUSE), undefined, { ref: false });
  }

  /** Resolves when the connection takes more results. */
  drained(): Promise<void> {
    return new Promise((resolve) => this.sink.whenDrained(resolve));
  }
}
