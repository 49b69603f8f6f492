import { setTimeout as delay } from 'node:timers/promises';
import type { LogPosition } from '../../schema/content/events.ts';
import { LOG_PAGE, type LogEntry, type LogFollower, type LogReader, type LogSource } from '../log/index.ts';
import type { DeliveryTotals } from './delivery-totals.ts';
import type { EncodedResult } from './encoded-result.ts';
import { type RenderedPage, RenderedPages } from './rendered-pages.ts';
import { ResultBacklog } from './result-backlog.ts';
import type { EndReason, ResultSink } from './result-sink.ts';
import { retryUntilDone } from './retry.ts';

/** Milliseconds for which the word that somebody has caught up is said to others in the same words. */
const SAID_AGAIN_FOR = 1_000;

/**
 * How much longer than telling a large group takes, in times, others have the process to themselves afterwards; at most so
 * many milliseconds. Most of telling is a call of the system for each member: what is written meanwhile goes out by one.
 */
const REST = 3;
const LONGEST_REST = 50;
/** Milliseconds of telling that are too few to matter. */
const NO_WORK = 1;

async function rest(worked: number): Promise<void> {
  if (worked > NO_WORK) await delay(Math.min(worked * REST, LONGEST_REST), undefined, { ref: false });
}

/** How entries become results. */
export interface ResultRenderer {
  /**
   * The results of entries, in order, with what is there and may be seen now; null for an entry that is nothing here.
   * @throws while that cannot be told, as without a database: then it is asked again
   */
  renderEntries(entries: readonly LogEntry[]): Promise<(EncodedResult | null)[]>;
  /** The result of something that is said to one subscriber alone. */
  renderNotice(word: unknown): Promise<EncodedResult>;
  /** The result that says that there is nothing to follow any more. */
  goneResult: EncodedResult;
}

export interface SubscriberGroupOptions {
  source: LogSource;
  renderer: ResultRenderer;
  totals: DeliveryTotals;
  /** Called when the last has left. */
  onEmpty(): void;
  onFault(error: unknown): void;
}

/** One subscriber. */
interface Subscriber {
  sink: ResultSink;
  /** They were told of everything up to this sequence. */
  seen: number;
  /** Number of the result that they get next. */
  next: number;
  /** It is live, and passed over. */
  isWaiting: boolean;
  hasLeft: boolean;
}

/**
 * Those who follow one log and see the same of it. A result is made and serialised once, and handed to all of them: one
 * more of them costs a send.
 *
 * A member first catches up: page by page from the log, at the pace of its own connection, until it has seen all that
 * the others were told. Then it is live. A live member whose connection takes no more is passed over, and goes on from
 * the results that are kept for such; who falls behind even those is sent away, and comes back with its cursor.
 */
export class SubscriberGroup implements LogFollower {
  readonly #options: SubscriberGroupOptions;
  /** While there is a member. */
  #open: { reader: LogReader<LogEntry>; close(): void } | null = null;
  readonly #members = new Set<Subscriber>();
  readonly #live = new Set<Subscriber>();
  /** How many of the live ones are passed over. */
  #waiting = 0;
  readonly #results: ResultBacklog;
  readonly #pages: RenderedPages;
  /** The live members were told of everything up to this sequence, or it waits for them. */
  #told = 0;
  #isTelling = false;
  #word: { key: string; at: number; result: Promise<EncodedResult> } | null = null;

  constructor(options: SubscriberGroupOptions) {
    this.#options = options;
    this.#results = new ResultBacklog(options.totals);
    this.#pages = new RenderedPages({
      // All may have left since they asked. Nobody would close what is opened then.
      reader: () => (this.#members.size > 0 ? this.#reader : null),
      render: options.renderer.renderEntries,
    });
  }

  get #reader(): LogReader<LogEntry> {
    this.#open ??= this.#openLog();
    return this.#open.reader;
  }

  #openLog(): { reader: LogReader<LogEntry>; close(): void } {
    const { reader, release } = this.#options.source.open();
    const unfollow = reader.follow(this);
    return {
      reader,
      close() {
        unfollow();
        release();
      },
    };
  }

  /**
   * @param after the cursor to go on from; null for from now on
   * @returns leaves; nothing is sent afterwards
   */
  join(sink: ResultSink, after: string | null): () => void {
    const member: Subscriber = { sink, seen: 0, next: 0, isWaiting: false, hasLeft: false };
    this.#members.add(member);
    this.#begin(member, after).catch((error) => {
      this.#options.onFault(error);
      this.#end(member, 'restart');
    });
    return () => this.#leave(member);
  }

  /** Whoever it was opened for may have gone before they joined. */
  closeIfEmpty(): void {
    if (this.#members.size > 0) return;
    this.#results.dropBefore(this.#results.next);
    this.#open?.close();
    this.#open = null;
    this.#options.onEmpty();
  }

  onGrowth(): void {
    // The sweep calls again after a fault.
    if (!this.#isTelling && this.#live.size > 0) this.#tell().catch(this.#options.onFault);
  }

  onGone(): void {
    for (const member of [...this.#members]) this.#sayGone(member);
  }

  onRestart(): void {
    for (const member of [...this.#members]) this.#end(member, 'restart');
  }

  async #begin(member: Subscriber, after: string | null): Promise<void> {
    const resuming = after === null ? undefined : this.#options.source.view.resuming;
    const from = resuming?.decode(after!) ?? null;
    const start = await this.#read(member, from?.sequence ?? null);
    if (!start) return;
    const { position, entries } = start;
    const fault = resuming?.fault(from, { position, first: entries[0]?.sequence ?? null }) ?? null;
    if (resuming && from && fault === null) {
      member.seen = from.sequence;
      const replayed = await this.#catchUp(member, start);
      if (replayed !== null) this.#send(member, await this.#caughtUp({ ...position, sequence: member.seen }, replayed));
    } else {
      member.seen = position.sequence;
      if (resuming && fault !== null)
        this.#send(member, await this.#options.renderer.renderNotice(resuming.resync(position, fault)));
      await this.#catchUp(member, null);
    }
    this.#goOn(member);
  }

  /** What follows a sequence. Null when the member is gone, or has been told that the log is. */
  async #read(member: Subscriber, after: number | null): Promise<RenderedPage | null> {
    const page = await retryUntilDone(() => this.#pages.after(after), {
      isWanted: () => !member.hasLeft,
      onFailure: this.#options.onFault,
    });
    if (!page) this.#sayGone(member);
    return member.hasLeft ? null : page;
  }

  /**
   * Hands on what the log has, until the member has seen all that the live ones were told and is one of them, waiting.
   * @param start what follows what it has seen, where that was read; null where nothing did when its place was read
   * @returns how many results it was given; null when it is gone
   */
  async #catchUp(member: Subscriber, start: RenderedPage | null): Promise<number | null> {
    let replayed = 0;
    for (let page = start; ; ) {
      if (page) replayed += await this.#handOn(member, page);
      if (member.hasLeft) return null;
      const isComplete = !page || member.seen >= page.position.sequence;
      if (isComplete && (this.#live.size === 0 || member.seen >= this.#told)) {
        this.#enter(member);
        return replayed;
      }
      // What its connection cannot take yet need not be there yet.
      if (member.sink.isFull) await new Promise<void>((resolve) => member.sink.whenDrained(resolve));
      page = await this.#read(member, member.seen);
      if (!page) return null;
      if (this.#isForgotten(member, page)) {
        this.#end(member, 'restart');
        return null;
      }
    }
  }

  /** What the member was to get next is no longer in the log: with its cursor, it will be told so. */
  #isForgotten({ seen }: Subscriber, { position, entries }: RenderedPage): boolean {
    const first = entries[0]?.sequence ?? null;
    return Boolean(this.#options.source.view.resuming?.fault({ ...position, sequence: seen }, { position, first }));
  }

  /** Sends a page, at the pace of the member's connection. @returns how many results that were */
  async #handOn(member: Subscriber, { entries, results }: RenderedPage): Promise<number> {
    const { sink } = member;
    for (let i = 0; i < entries.length; ) {
      if (sink.isFull) await new Promise<void>((resolve) => sink.whenDrained(resolve));
      if (member.hasLeft) break;
      sink.batch(() => {
        for (; i < entries.length && !sink.isFull; i++) {
          member.seen = entries[i]!.sequence;
          this.#send(member, results[i]!);
        }
      });
    }
    return results.filter((result) => result !== null).length;
  }

  /** From now on everything that is told is told to this member, too: at once, or after it has waited. */
  #enter(member: Subscriber): void {
    if (this.#live.size === 0) this.#told = member.seen;
    member.next = this.#results.next;
    this.#live.add(member);
    this.#options.totals.live += 1;
    this.#letWait(member);
  }

  /** It need not wait any longer. */
  #goOn(member: Subscriber): void {
    if (!this.#endWait(member)) return;
    this.#flush(member);
    this.#dropAllTaken();
    this.onGrowth();
  }

  #letWait(member: Subscriber): void {
    if (!member.isWaiting) this.#waiting += 1;
    member.isWaiting = true;
  }

  /** @returns whether it had waited */
  #endWait(member: Subscriber): boolean {
    if (!member.isWaiting) return false;
    this.#waiting -= 1;
    member.isWaiting = false;
    return true;
  }

  /** The word that this was all: the same for all who come back together. */
  #caughtUp(position: LogPosition, replayed: number): Promise<EncodedResult> {
    const key = `${position.epoch}:${position.sequence}:${replayed}`;
    if (this.#word?.key !== key || Date.now() - this.#word.at > SAID_AGAIN_FOR) {
      const word = this.#options.source.view.resuming!.caughtUp(position, replayed);
      this.#word = { key, at: Date.now(), result: this.#options.renderer.renderNotice(word) };
    }
    return this.#word.result;
  }

  async #tell(): Promise<void> {
    this.#isTelling = true;
    try {
      // Read anew each time: the last may have left meanwhile.
      while (this.#live.size > 0 && (this.#open?.reader.position?.sequence ?? 0) > this.#told) {
        const from = this.#told;
        const entries = this.#reader.recentEntries(from, LOG_PAGE) ?? (await this.#reader.readPage(from)).entries;
        if (entries.length === 0) return;
        const results = await this.#options.renderer.renderEntries(entries);
        // All had left, and one who was told more, or less, has come first since.
        if (this.#told !== from) continue;
        this.#told = entries.at(-1)!.sequence;
        this.#results.push(entries.map(({ sequence }, i) => ({ sequence, result: results[i]! })));
        const began = performance.now();
        for (const member of [...this.#live]) if (!member.isWaiting) this.#flush(member);
        if (this.#waiting > 0) this.#trim();
        await rest(performance.now() - began);
        this.#dropAllTaken();
      }
    } finally {
      this.#isTelling = false;
    }
  }

  /** Sends what a live member has not been told yet, as far as its connection takes it. */
  #flush(member: Subscriber): void {
    const { sink } = member;
    while (member.next < this.#results.next && !member.hasLeft) {
      if (sink.isFull) {
        this.#letWait(member);
        sink.whenDrained(() => this.#goOn(member));
        return;
      }
      sink.batch(() => {
        while (member.next < this.#results.next && !sink.isFull) {
          const { sequence, result } = this.#results.at(member.next++)!;
          // It may have caught up beyond what is told just now.
          if (sequence <= member.seen) continue;
          member.seen = sequence;
          this.#send(member, result);
        }
      });
    }
  }

  /** What nobody waits for is not kept until there is something to tell again, which may be never. */
  #dropAllTaken(): void {
    if (this.#waiting === 0) this.#results.dropBefore(this.#results.next);
  }

  /** Keeps only results that somebody waits for, and not too many of those. */
  #trim(): void {
    const { oldestAllowed: mustBePast } = this.#results;
    let needed = this.#results.next;
    for (const member of [...this.#live]) {
      if (!member.isWaiting) continue;
      if (member.next < mustBePast) this.#end(member, 'slow');
      else needed = Math.min(needed, member.next);
    }
    this.#results.dropBefore(needed);
  }

  #send({ sink, hasLeft }: Subscriber, result: EncodedResult | null): void {
    if (result === null || hasLeft) return;
    sink.send(result);
    this.#options.totals.sent += 1;
  }

  #sayGone(member: Subscriber): void {
    this.#send(member, this.#options.renderer.goneResult);
    this.#end(member, 'complete');
  }

  #end(member: Subscriber, ending: EndReason): void {
    if (member.hasLeft) return;
    this.#leave(member);
    this.#options.totals.ended[ending] += 1;
    member.sink.end(ending);
  }

  #leave(member: Subscriber): void {
    if (member.hasLeft) return;
    member.hasLeft = true;
    this.#members.delete(member);
    if (this.#live.delete(member)) this.#options.totals.live -= 1;
    // While it tells, others may not have had their turn yet; at the end of it, it looks itself.
    if (this.#endWait(member) && !this.#isTelling) this.#dropAllTaken();
    this.closeIfEmpty();
  }
}
