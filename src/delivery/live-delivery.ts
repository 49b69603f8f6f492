import { setTimeout as delay } from 'node:timers/promises';
import { type LogPosition, positionFault } from '../../schema/content/events.ts';
import { LOG_PAGE, type LogEntry, type LogReader } from '../log/index.ts';
import type { DeliveryTotals } from './delivery-totals.ts';
import { ResultBacklog } from './result-backlog.ts';
import type { ResultRenderer } from './result-renderer.ts';
import type { Subscriber, SubscriberObserver } from './subscriber.ts';
import { STATE_TRAITS, type SubscriberState } from './subscriber-state.ts';

/**
 * After a delivery that took a while the group pauses for this many times as long, at most for the longest pause. Most of
 * a delivery is one system call for each subscriber; what is written during the pause goes out with one call for all.
 */
const PAUSE_FACTOR = 3;
const LONGEST_PAUSE = 50;
/** Milliseconds of delivery that need no pause. */
const SHORT_DELIVERY = 1;

async function pauseAfter(taken: number): Promise<void> {
  if (taken > SHORT_DELIVERY) await delay(Math.min(taken * PAUSE_FACTOR, LONGEST_PAUSE), undefined, { ref: false });
}

export interface LiveDeliveryOptions {
  /** Null while the group has no open log. */
  reader(): LogReader<LogEntry> | null;
  renderer: Pick<ResultRenderer, 'renderEntries'>;
  totals: DeliveryTotals;
  /** The log does not continue where the live subscribers are. */
  onGap(): void;
  /** The next results of the subscriber are no longer kept. */
  onFellBehind(subscriber: Subscriber): void;
  onFault(error: unknown): void;
}

/**
 * Sends new results to the live subscribers of a group. A result is rendered and serialized once, so each further
 * subscriber costs one send. Results for subscribers that are passed over are kept once for all of them.
 */
export class LiveDelivery implements SubscriberObserver {
  readonly totals: DeliveryTotals;
  readonly #options: LiveDeliveryOptions;
  /** Subscribers that have caught up. */
  readonly #live = new Set<Subscriber>();
  /** How many of them are passed over. */
  #passedOver = 0;
  readonly #backlog: ResultBacklog;
  /** Everything up to here was sent to the live subscribers, or is kept for them. Null until there was one. */
  #position: LogPosition | null = null;
  #isDelivering = false;

  constructor(options: LiveDeliveryOptions) {
    this.#options = options;
    this.totals = options.totals;
    this.#backlog = new ResultBacklog(options.totals);
  }

  /** True when a subscriber was sent everything that the live ones were sent. */
  canAdmit({ position }: Subscriber): boolean {
    return this.#live.size === 0 || position.sequence >= this.#position!.sequence;
  }

  onStateChange(subscriber: Subscriber, before: SubscriberState): void {
    const was = STATE_TRAITS[before];
    const is = STATE_TRAITS[subscriber.state];
    this.#passedOver += Number(is.isPassedOver) - Number(was.isPassedOver);
    if (is.hasCaughtUp && !was.hasCaughtUp) this.#add(subscriber);
    else if (was.hasCaughtUp && !is.hasCaughtUp) this.#remove(subscriber);
    // During a delivery other subscribers may still need the results, so the delivery drops them at its end.
    if (was.isPassedOver && !is.hasCaughtUp && !this.#isDelivering) this.#dropUnneeded();
  }

  /** Sends the new entries of the log, unless that is being done already. */
  deliver(): void {
    // After a fault the periodic check of the log calls this again.
    if (!this.#isDelivering && this.#live.size > 0) this.#deliverAll().catch(this.#options.onFault);
  }

  /** Sends what was kept for a subscriber that was passed over until now. */
  resume(subscriber: Subscriber, event: 'confirmed' | 'connectionDrained'): void {
    if (!subscriber.handle(event)) return;
    this.#flush(subscriber);
    this.#dropUnneeded();
    this.deliver();
  }

  /** Drops all results, when the group has no subscribers. */
  clear(): void {
    this.#backlog.clear();
  }

  #add(subscriber: Subscriber): void {
    if (this.#live.size === 0) this.#position = subscriber.position;
    subscriber.nextResult = this.#backlog.next;
    this.#live.add(subscriber);
    this.totals.live += 1;
  }

  #remove(subscriber: Subscriber): void {
    this.#live.delete(subscriber);
    this.totals.live -= 1;
  }

  async #deliverAll(): Promise<void> {
    this.#isDelivering = true;
    try {
      // Both are looked up each time, because the last subscriber may have left during a wait.
      for (let reader = this.#options.reader(); reader && this.#live.size > 0; reader = this.#options.reader()) {
        const from = this.#position!;
        const { position } = reader;
        if (!position || position.sequence <= from.sequence) return;
        const entries = reader.recentEntries(from.sequence, LOG_PAGE) ?? (await reader.readPage(from.sequence)).entries;
        // All subscribers have left, and those that joined since then start at another place in the log.
        if (this.#position !== from) continue;
        const [first] = entries;
        if (!first) return;
        const { publication } = reader;
        if (publication !== null && positionFault(from, { position, first }) !== null) return this.#options.onGap();
        const results = await this.#options.renderer.renderEntries(entries, publication);
        const sent = entries.map(({ sequence, at }, i) => ({
          position: { ...from, sequence, at },
          result: results[i]!,
        }));
        const last = sent.at(-1)!.position;
        if (!(await reader.isUnchangedSince(last, publication))) continue;
        if (this.#position !== from) continue;
        this.#position = last;
        this.#backlog.push(sent);
        const start = performance.now();
        this.#sendToAll();
        this.#reportDelivery(entries);
        await pauseAfter(performance.now() - start);
        // Subscribers that were passed over may have left during the pause.
        this.#dropUnneeded();
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  #reportDelivery(entries: readonly LogEntry[]): void {
    const now = Date.now();
    for (const { at } of entries) if (at) this.totals.onDelivery(now - at.getTime());
  }

  #sendToAll(): void {
    for (const subscriber of [...this.#live]) this.#flush(subscriber);
    if (this.#passedOver > 0) this.#trimBacklog();
    this.#dropUnneeded();
  }

  /** Sends a live subscriber what it has not been sent yet, as far as its connection takes it. */
  #flush(subscriber: Subscriber): void {
    const { sink } = subscriber;
    while (subscriber.isLive && subscriber.nextResult < this.#backlog.next) {
      if (sink.isFull) {
        subscriber.handle('connectionFull');
        // Unless its position was doubted meanwhile.
        sink.whenDrained(() => subscriber.state === 'waiting' && this.resume(subscriber, 'connectionDrained'));
        return;
      }
      sink.batch(() => this.#sendWhileWritable(subscriber));
    }
  }

  #sendWhileWritable(subscriber: Subscriber): void {
    while (subscriber.nextResult < this.#backlog.next && !subscriber.sink.isFull) {
      const { position, result } = this.#backlog.at(subscriber.nextResult++)!;
      // It may have caught up beyond this result.
      if (position.sequence <= subscriber.position.sequence) continue;
      subscriber.position = position;
      subscriber.send(result);
    }
  }

  /** Results that no subscriber needs are not kept until the next delivery, which may never come. */
  #dropUnneeded(): void {
    if (this.#passedOver === 0) this.#backlog.clear();
  }

  /** Keeps only results that a subscriber needs, and not more than the backlog allows. */
  #trimBacklog(): void {
    const { oldestAllowed } = this.#backlog;
    let oldestNeeded = this.#backlog.next;
    for (const subscriber of [...this.#live]) {
      if (!subscriber.isPassedOver) continue;
      if (subscriber.nextResult < oldestAllowed) this.#options.onFellBehind(subscriber);
      else oldestNeeded = Math.min(oldestNeeded, subscriber.nextResult);
    }
    this.#backlog.dropBefore(oldestNeeded);
  }
}
