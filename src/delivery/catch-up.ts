import type { LogView, ResumeRules } from '../../schema/content/context.ts';
import type { LogPosition } from '../../schema/content/events.ts';
import type { LogEntry, LogReader } from '../log/index.ts';
import type { EncodedResult } from './encoded-result.ts';
import type { LiveDelivery } from './live-delivery.ts';
import { type RenderedPage, RenderedPages } from './rendered-pages.ts';
import type { ResultRenderer } from './result-renderer.ts';
import { retryUntilDone } from './retry.ts';
import type { Subscriber } from './subscriber.ts';
import type { LeaveEvent } from './subscriber-state.ts';

/** Milliseconds for which a rendered CaughtUp notice serves other subscribers that have caught up to the same place. */
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

/** Brings subscribers from their cursor to the live ones, page by page, each at the pace of its own connection. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  readonly #pages: RenderedPages;
  #notice: { key: string; renderedAt: number; result: Promise<EncodedResult> } | null = null;

  constructor(options: CatchUpOptions) {
    this.#options = options;
    this.#pages = new RenderedPages(options);
  }

  /**
   * Resolves when the subscriber is live, or has left.
   * @param after the cursor to resume from; null to start with what happens from now on
   */
  async run(subscriber: Subscriber, after: string | null): Promise<void> {
    const { view, live } = this.#options;
    const rules = view.resuming;
    const cursor = after === null ? null : (rules?.decode(after) ?? null);
    const page = await this.#read(subscriber, cursor?.sequence ?? null);
    if (!page) return;
    subscriber.handle('positionRead');
    const fault = after === null ? null : (rules?.fault(cursor, logState(page)) ?? null);
    if (rules && cursor && fault === null) {
      subscriber.sequence = cursor.sequence;
      await this.#replay(subscriber, { page, position: page.position }, rules);
    } else {
      subscriber.sequence = page.position.sequence;
      if (rules && fault !== null) subscriber.send(await this.#render(rules.resync(page.position, fault)));
      // So that a client that waits for the notice receives it from wherever it starts.
      if (rules) await this.#replay(subscriber, { page: null, position: page.position }, rules);
      else await this.#sendPages(subscriber, null);
    }
    live.resume(subscriber, 'confirmed');
  }

  /** @param page the one after its position; null when it starts at the end of the log */
  async #replay(
    subscriber: Subscriber,
    { page, position: start }: { page: RenderedPage | null; position: LogPosition },
    rules: ResumeRules<unknown>,
  ): Promise<void> {
    const replayed = await this.#sendPages(subscriber, page);
    if (subscriber.hasLeft) return;
    const position = { ...start, sequence: subscriber.sequence };
    subscriber.send(await this.#caughtUpNotice(position, replayed, rules));
  }

  /**
   * Sends what the log has until the subscriber has caught up, or has left.
   * @param first the page after its position; null when there was nothing after it
   * @returns the number of results
   */
  async #sendPages(subscriber: Subscriber, first: RenderedPage | null): Promise<number> {
    let sent = 0;
    for (let page = first; ; ) {
      if (page) sent += await this.#sendPage(subscriber, page);
      if (subscriber.hasLeft) return sent;
      const isComplete = !page || subscriber.sequence >= page.position.sequence;
      if (isComplete && this.#options.live.canAdmit(subscriber)) {
        subscriber.handle('caughtUp');
        return sent;
      }
      // A page that the connection cannot take yet need not be in memory.
      if (subscriber.sink.isFull) await subscriber.drained();
      page = await this.#read(subscriber, subscriber.sequence);
      if (!page) return sent;
      if (this.#isPruned(subscriber, page)) {
        this.#options.end(subscriber, 'entriesPruned');
        return sent;
      }
    }
  }

  /** @returns the number of results in the page */
  async #sendPage(subscriber: Subscriber, { entries, results }: RenderedPage): Promise<number> {
    const { sink } = subscriber;
    for (let i = 0; i < entries.length; ) {
      if (sink.isFull) await subscriber.drained();
      if (subscriber.hasLeft) break;
      sink.batch(() => {
        for (; i < entries.length && !sink.isFull; i++) {
          subscriber.sequence = entries[i]!.sequence;
          subscriber.send(results[i]!);
        }
      });
    }
    return results.filter((result) => result !== null).length;
  }

  /** The page after a sequence. Null when the subscriber has left, also because the log can no longer be followed. */
  async #read(subscriber: Subscriber, after: number | null): Promise<RenderedPage | null> {
    const page = await retryUntilDone(() => this.#pages.after(after), {
      isWanted: () => !subscriber.hasLeft,
      onFailure: this.#options.onFault,
    });
    if (!page) await this.#options.endGone(subscriber);
    return subscriber.hasLeft ? null : page;
  }

  /** The entries that the subscriber needs next are no longer in the log. When it resumes, its cursor is refused. */
  #isPruned({ sequence }: Subscriber, page: RenderedPage): boolean {
    return Boolean(this.#options.view.resuming?.fault({ ...page.position, sequence }, logState(page)));
  }

  /** The notice that a subscriber has caught up, rendered once for all that resume together. */
  #caughtUpNotice(position: LogPosition, replayed: number, rules: ResumeRules<unknown>): Promise<EncodedResult> {
    const key = `${position.epoch}:${position.sequence}:${replayed}`;
    if (this.#notice?.key !== key || Date.now() - this.#notice.renderedAt > NOTICE_LIFETIME)
      this.#notice = { key, renderedAt: Date.now(), result: this.#render(rules.caughtUp(position, replayed)) };
    return this.#notice.result;
  }

  #render(notice: unknown): Promise<EncodedResult> {
    return this.#options.renderer.renderNotice(notice);
  }
}

/** The state of the log that the rules for resuming read. */
function logState({ position, entries }: RenderedPage): { position: LogPosition; first: number | null } {
  return { position, first: entries[0]?.sequence ?? null };
}
