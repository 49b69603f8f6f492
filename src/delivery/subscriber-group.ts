import { CoalescedCalls, type LogEntry, type LogFollower, type LogReader, type LogSource } from '../log/index.ts';
import { CatchUp } from './catch-up.ts';
import type { DeliveryTotals } from './delivery-totals.ts';
import { LiveDelivery } from './live-delivery.ts';
import type { FinalResult, ResultRenderer } from './result-renderer.ts';
import type { ResultSink } from './result-sink.ts';
import { retryUntilDone } from './retry.ts';
import { type CountRendered, Subscriber } from './subscriber.ts';
import { END_REASONS, type LeaveEvent } from './subscriber-state.ts';

export interface SubscriberGroupOptions {
  source: LogSource;
  renderer: ResultRenderer;
  totals: DeliveryTotals;
  /** Called when the last subscriber has left. */
  onEmpty(): void;
  onFault(error: unknown): void;
}

/**
 * The subscribers that follow one log and see the same results of it, wherever each of them starts.
 *
 * A subscriber first catches up and then is live; subscriber-state.ts has its states. When the log was replaced, it verifies its
 * position, is sent a notice when it must read again, and continues. A live subscriber whose connection
 * is full is passed over, and later continues from the results that are kept for it. One that falls behind even those is
 * disconnected, and resumes from its cursor.
 */
export class SubscriberGroup implements LogFollower {
  readonly #options: SubscriberGroupOptions;
  /** The log, while there are subscribers. */
  #log: { reader: LogReader<LogEntry>; close(): void } | null = null;
  readonly #subscribers = new Set<Subscriber>();
  readonly #live: LiveDelivery;
  readonly #catchUp: CatchUp;
  /** All subscribers whose log is gone get one result. */
  readonly #gone: CoalescedCalls<null, FinalResult>;

  constructor(options: SubscriberGroupOptions) {
    this.#options = options;
    const { source, renderer, totals, onFault } = options;
    this.#live = new LiveDelivery({
      reader: () => this.#log?.reader ?? null,
      renderer,
      totals,
      onGap: () => this.onGap(),
      onFellBehind: (subscriber) => this.#end(subscriber, 'fellBehind'),
      onFault,
    });
    this.#catchUp = new CatchUp({
      view: source.view,
      // When all subscribers left while a page was requested, a log that was opened for it would never be closed.
      reader: () => (this.#subscribers.size > 0 ? this.#openLog() : null),
      renderer,
      live: this.#live,
      onFault,
      end: (subscriber, event) => this.#end(subscriber, event),
      endGone: (subscriber) => this.#endGone(subscriber),
    });
    this.#gone = new CoalescedCalls(() => renderer.renderGone());
  }

  /**
   * @param after the cursor to resume from; null to start with what happens from now on
   * @param countRendered counts what is rendered while it catches up, unless another subscriber had it rendered
   * @returns leaves the group; nothing is sent afterwards
   */
  join(sink: ResultSink, after: string | null, countRendered: CountRendered = () => 0): () => void {
    const subscriber = new Subscriber(sink, this.#live, countRendered);
    this.#subscribers.add(subscriber);
    this.#run(subscriber, this.#catchUp.run(subscriber, after));
    return () => this.#end(subscriber, 'clientLeft');
  }

  /** Closes the log when there is no subscriber, as when the client that opened the group left before it joined. */
  closeIfEmpty(): void {
    if (this.#subscribers.size > 0) return;
    this.#live.clear();
    this.#log?.close();
    this.#log = null;
    this.#options.onEmpty();
  }

  onGrowth(): void {
    this.#live.deliver();
  }

  onGone(): void {
    for (const subscriber of [...this.#subscribers])
      this.#endGone(subscriber).catch((error) => {
        this.#options.onFault(error);
        this.#end(subscriber, 'failed');
      });
  }

  onGap(): void {
    this.#doubtPositions('entriesPruned');
  }

  onRestart(): void {
    this.#doubtPositions('logRestarted');
  }

  /** The log may not continue where the subscribers are. Those that catch up verify each page, so they find it themselves. */
  #doubtPositions(event: LeaveEvent): void {
    for (const subscriber of [...this.#subscribers]) {
      const { state } = subscriber;
      if (!subscriber.hasCaughtUp) continue;
      if (!this.#options.source.view.resuming) this.#end(subscriber, event);
      else if (subscriber.handle('positionDoubted') && state !== 'confirming')
        this.#run(subscriber, this.#catchUp.verify(subscriber));
    }
  }

  /** Ends the subscription when its way to the live subscribers fails. */
  #run(subscriber: Subscriber, work: Promise<void>): void {
    work.catch((error) => {
      this.#options.onFault(error);
      this.#end(subscriber, 'failed');
    });
  }

  #openLog(): LogReader<LogEntry> {
    if (!this.#log) {
      const { reader, release } = this.#options.source.open();
      const unfollow = reader.follow(this);
      const close = (): void => {
        unfollow();
        release();
      };
      this.#log = { reader, close };
    }
    return this.#log.reader;
  }

  /** Ends a subscription whose log can no longer be followed, with the reason. */
  async #endGone(subscriber: Subscriber): Promise<void> {
    const final = await retryUntilDone(() => this.#gone.call(null), {
      isWanted: () => !subscriber.hasLeft,
      onFailure: this.#options.onFault,
    });
    if (!final) return;
    subscriber.send(final.result);
    this.#end(subscriber, 'logGone', final.retryAfterSeconds);
  }

  #end(subscriber: Subscriber, event: LeaveEvent, retryAfterSeconds: number | null = null): void {
    if (!subscriber.handle(event)) return;
    this.#subscribers.delete(subscriber);
    this.closeIfEmpty();
    const reason = END_REASONS[event];
    if (reason === null) return;
    this.#options.totals.ended[reason] += 1;
    subscriber.sink.end(reason, retryAfterSeconds);
  }
}
