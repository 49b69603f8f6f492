import type { LogView } from '../../schema/content/context.ts';
import { type LogPosition, type LogState, positionFault, withTime } from '../../schema/content/events.ts';
import type { LogEntry, LogReader } from '../log/index.ts';
import type { EncodedResult } from './encoded-result.ts';
import type { LiveDelivery } from './live-delivery.ts';
import { type RenderedPage, RenderedPages } from './rendered-pages.ts';
import type { ResultRenderer } from './result-renderer.ts';
import { retryUntilDone } from './retry.ts';
import type { Subscriber } from './subscriber.ts';
import type { LeaveEvent } from './subscriber-state.ts';

/** Milliseconds for which a rendered notice serves other subscribers that are at the same place. */
const NOTICE_LIFETIME = 1_000;

export interface CatchUpOptions {
  view: LogView<LogEntry, unknown>;
  /** Null when the group has no subscribers. */
  reader(): LogReader<LogEntry> | null;
  renderer: ResultRenderer;
  live: LiveDelivery;
  onFault(error: unknown): void;
  /** Ends a subscription. */
  end(subscriber: Subscriber, event: LeaveEvent): void;
  /** Ends a subscription whose log can no longer be followed. */
  endGone(subscriber: Subscriber): Promise<void>;
}

/** A way of one subscriber to the live ones. */
interface Progress {
  /** Results of missed entries. */
  replayed: number;
  /** The client waits for the notice that it has caught up. */
  needsNotice: boolean;
}

/**
 * Brings subscribers from their cursor to the live ones, page by page, each at the pace of its own connection. A subscriber
 * whose position the log does not continue is sent a notice of that, and continues where the log is now.
 */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #pages: RenderedPages;
  readonly #notices = new Map<
    'caughtUp' | 'resync',
    { key: string; renderedAt: number; result: Promise<EncodedResult> }
  >();

  constructor(options: CatchUpOptions) {
    this.#options = options;
    this.#pages = new RenderedPages(options);
  }

  /**
   * Resolves when the subscriber is live, or has left.
   * @param after the cursor to resume from; null to start with what happens from now on
   */
  async run(subscriber: Subscriber, after: string | null): Promise<void> {
    const rules = this.#options.view.resuming;
    const cursor = after === null ? null : (rules?.decode(after) ?? null);
    const page = await this.#read(subscriber, cursor?.sequence ?? null);
    if (!page) return;
    subscriber.handle('positionRead');
    // So that a client that waits for the notice receives it from wherever it starts.
    const progress = { replayed: 0, needsNotice: true };
    subscriber.restarts = page.restarts;
    const fault = after === null ? null : (rules?.fault(cursor, logState(page)) ?? this.#restoreSince(cursor));
    if (fault !== null) return this.#follow(subscriber, await this.#resync(subscriber, page, fault), progress);
    subscriber.position = rules && cursor ? withTime(cursor, logState(page)) : page.position;
    return this.#follow(subscriber, page, progress);
  }

  /** Verifies the position of a subscriber that was live. Resolves when it is live again, or has left. */
  async verify(subscriber: Subscriber): Promise<void> {
    const progress = { replayed: 0, needsNotice: false };
    return this.#follow(subscriber, await this.#next(subscriber, progress), progress);
  }

  /** @param first the page after its position; null when it has left */
  async #follow(subscriber: Subscriber, first: RenderedPage | null, progress: Progress): Promise<void> {
    for (let page = first; page; page = await this.#next(subscriber, progress)) {
      await this.#sendPages(subscriber, page, progress);
      if (progress.needsNotice && !subscriber.hasLeft) await this.#sendCaughtUp(subscriber, progress);
      if (subscriber.state === 'confirming') this.#options.live.resume(subscriber, 'confirmed');
      // Otherwise its position was doubted again while the notice was rendered.
      if (subscriber.state !== 'catchingUp') return;
    }
  }

  /** Sends what the log has until the subscriber has caught up, or has left. */
  async #sendPages(subscriber: Subscriber, first: RenderedPage, progress: Progress): Promise<void> {
    for (let page: RenderedPage | null = first; page; page = await this.#next(subscriber, progress)) {
      progress.replayed += await this.#sendPage(subscriber, page);
      if (subscriber.hasLeft) return;
      const isComplete = subscriber.position.sequence >= page.position.sequence && this.#isCurrent(page);
      if (isComplete && this.#options.live.canAdmit(subscriber)) {
        subscriber.handle('caughtUp');
        return;
      }
      // A page that the connection cannot take yet need not be in memory.
      if (subscriber.sink.isFull) await subscriber.drained();
    }
  }

  /** @returns the number of results in the page */
  async #sendPage(subscriber: Subscriber, page: RenderedPage): Promise<number> {
    const { position, entries, results } = page;
    const { sink } = subscriber;
    // The entries up to there are missing in a log that may lack some; otherwise it is there already.
    if (entries.length === 0) subscriber.position = position;
    for (let i = 0; i < entries.length; ) {
      if (sink.isFull) await subscriber.drained();
      if (subscriber.hasLeft) break;
      sink.batch(() => {
        for (; i < entries.length && !sink.isFull; i++) {
          const { sequence, at } = entries[i]!;
          subscriber.position = { ...position, sequence, at };
          subscriber.send(results[i]!);
        }
      });
    }
    return resultCount(page);
  }

  /**
   * The page after the subscriber's position. When the log does not continue that position, the subscriber is sent a notice and
   * has the page's position; without such a notice it is ended. Null when it has left.
   */
  async #next(subscriber: Subscriber, progress: Progress): Promise<RenderedPage | null> {
    const page = await this.#read(subscriber, subscriber.position.sequence);
    if (!page) return null;
    const isOther = subscriber.restarts !== page.restarts;
    subscriber.restarts = page.restarts;
    if (page.publication === null) {
      // It may lack entries, so that a position says nothing.
      if (!isOther) return page;
      this.#options.end(subscriber, 'logRestarted');
      return null;
    }
    const fault =
      positionFault(subscriber.position, logState(page)) ?? (isOther ? this.#restoreSince(subscriber.position) : null);
    if (fault === null) return page;
    progress.needsNotice = true;
    return this.#resync(subscriber, page, fault);
  }

  /** @returns the reason to read again, if the log was replaced after this position; null otherwise */
  #restoreSince(position: LogPosition | null): string | null {
    const restoredAt = this.#options.reader()?.restoredAt;
    if (!position || !restoredAt || position.epoch !== restoredAt.epoch) return null;
    if (position.sequence >= restoredAt.sequence) return null;
    return 'The log was replaced after the cursor was issued, as by a restored backup.';
  }

  /** @returns the page without its entries, which follow another position; null when the subscriber has left */
  async #resync(subscriber: Subscriber, page: RenderedPage, fault: string): Promise<RenderedPage | null> {
    const rules = this.#options.view.resuming;
    if (!rules) {
      this.#options.end(subscriber, 'logRestarted');
      return null;
    }
    if (subscriber.sink.isFull) await subscriber.drained();
    subscriber.send(
      await this.#notice('resync', rules.resync(page.position, fault), `${keyOf(page.position)} ${fault}`),
    );
    subscriber.position = page.position;
    return subscriber.hasLeft ? null : { ...page, entries: [], results: [] };
  }

  /** The page after a sequence. Null when the subscriber has left, also because the log can no longer be followed. */
  async #read(subscriber: Subscriber, after: number | null): Promise<RenderedPage | null> {
    if (after !== null) await subscriber.allowed();
    const page = await retryUntilDone(() => this.#pages.after(after), {
      isWanted: () => !subscriber.hasLeft,
      onFailure: this.#options.onFault,
    });
    if (page && !page.isCounted) {
      page.isCounted = true;
      subscriber.countRendered(resultCount(page));
    }
    if (!page) await this.#options.endGone(subscriber);
    return subscriber.hasLeft ? null : page;
  }

  /** The log has not been replaced since the page was read. */
  #isCurrent({ restarts }: RenderedPage): boolean {
    return this.#options.reader()?.restarts === restarts;
  }

  async #sendCaughtUp(subscriber: Subscriber, progress: Progress): Promise<void> {
    progress.needsNotice = false;
    const { position } = subscriber;
    const { replayed } = progress;
    const notice = this.#options.view.resuming?.caughtUp(position, replayed);
    if (notice !== undefined) subscriber.send(await this.#notice('caughtUp', notice, `${keyOf(position)} ${replayed}`));
  }

  /** A notice, rendered once for all that resume together. */
  #notice(kind: 'caughtUp' | 'resync', notice: unknown, key: string): Promise<EncodedResult> {
    const last = this.#notices.get(kind);
    if (last?.key === key && Date.now() - last.renderedAt <= NOTICE_LIFETIME) return last.result;
    const result = this.#options.renderer.renderNotice(notice);
    this.#notices.set(kind, { key, renderedAt: Date.now(), result });
    return result;
  }
}

function resultCount({ results }: RenderedPage): number {
  return results.filter((result) => result !== null).length;
}

function keyOf({ epoch, sequence, at }: LogPosition): string {
  return `${epoch}:${sequence}:${at?.getTime()}`;
}

/** The state of the log that decides whether a position can be continued. */
function logState({ position, entries }: RenderedPage): LogState {
  return { position, first: entries[0] ?? null };
}
